/** The plan of faults of one run: every kind at least once, spread over the load, with its own chances, by the seed alone. */
import { SeededRandom } from './random.ts';

/** Faults that stop or slow a mongod come one at a time: a majority must be left, or nothing at all can be shown. */
export const MONGO_FAULTS = [
  'step-down',
  'kill-primary',
  'kill-secondary',
  'pause-primary',
  'transient-errors',
  'cut-connections',
  'slow-commands',
] as const;
export const PROCESS_FAULTS = [
  'kill-web',
  'kill-worker',
  'pause-web',
  'pause-worker',
  'pause-past-lock',
  'restart-web',
  'restart-worker',
  'skew-clock',
] as const;
export const OUTSIDE_FAULTS = [
  'webhooks-lost',
  'webhooks-twice',
  'webhooks-reordered',
  'webhooks-late',
  'paystack-errors',
  'paystack-silent',
  'paystack-carried-out-unanswered',
  'paystack-nonsense',
  'paystack-rate-limit',
  'mail-errors',
  'mail-accepted-unanswered',
  'jobs-emptied',
] as const;

export const FAULT_KINDS = [...MONGO_FAULTS, ...PROCESS_FAULTS, ...OUTSIDE_FAULTS] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface PlannedFault {
  /** After the load began, ms. */
  atMs: number;
  kind: FaultKind;
  /** How long it lasts, ms. */
  lastsMs: number;
  dice: Dice;
}

/** Thrown independently, so that every process meets every error; each from 0 up to 1. */
export interface Dice {
  /** Which process. */
  victim: number;
  /** Which of two ways: the commands that fail, the role, emptied or dropped. */
  way: number;
  /** Which error, or which skew. */
  error: number;
  /** What an order of webhooks is shuffled by. */
  shuffle: number;
}

type Lane = readonly FaultKind[];
const LANES: readonly { kinds: Lane; lastsMs: readonly [number, number] }[] = [
  { kinds: MONGO_FAULTS, lastsMs: [1_500, 4_000] },
  { kinds: PROCESS_FAULTS, lastsMs: [1_500, 6_000] },
  { kinds: OUTSIDE_FAULTS, lastsMs: [1_000, 4_000] },
];
/** Between two faults of one lane, ms: the next one meets a system that is still healing from the last. */
const GAP_MS = [300, 2_000] as const;

/** Longer than the settlement's lease, and mostly than the claims, however short the run. */
const PAST_LOCK_MS = [11_000, 15_000] as const;

/** Three lanes side by side, one fault at a time in each; at least every kind once, and more while there is time. */
export function planFaults(seed: number, loadMs: number): PlannedFault[] {
  const random = new SeededRandom(seed);
  return LANES.flatMap(({ kinds, lastsMs: [least, most] }) => {
    const round = kinds.length * ((least + most) / 2 + (GAP_MS[0] + GAP_MS[1]) / 2);
    // A short run squeezes its one round; a long one has several.
    const squeeze = Math.min(1, loadMs / round);
    const lane: PlannedFault[] = [];
    let atMs = 0;
    while (atMs < loadMs || lane.length < kinds.length) {
      for (const kind of random.shuffle(kinds)) {
        if (atMs >= loadMs && lane.length >= kinds.length) break;
        atMs += random.integer(...GAP_MS) * squeeze;
        const lastsMs =
          kind === 'pause-past-lock' ? random.integer(...PAST_LOCK_MS) : random.integer(least, most) * squeeze;
        lane.push({ atMs, kind, lastsMs, dice: throwDice(random) });
        atMs += lastsMs;
      }
    }
    return lane;
  }).sort((a, b) => a.atMs - b.atMs);
}

function throwDice(random: SeededRandom): Dice {
  return { victim: random.next(), way: random.next(), error: random.next(), shuffle: random.next() };
}
