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
  /** From 0 up to 1: which process, which error, which skew. */
  dice: number;
}

type Lane = readonly FaultKind[];
const LANES: readonly { kinds: Lane; lastsMs: readonly [number, number] }[] = [
  { kinds: MONGO_FAULTS, lastsMs: [1_500, 4_000] },
  { kinds: PROCESS_FAULTS, lastsMs: [1_500, 6_000] },
  { kinds: OUTSIDE_FAULTS, lastsMs: [1_000, 4_000] },
];
/** Between two faults of one lane, ms: the next one meets a system that is still healing from the last. */
const GAP_MS = [300, 2_000] as const;

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
        atMs += random.integer(...GAP_MS) * squeeze;
        const lastsMs = random.integer(least, most) * squeeze;
        lane.push({ atMs, kind, lastsMs, dice: random.next() });
        atMs += lastsMs;
      }
    }
    return lane;
  }).sort((a, b) => a.atMs - b.atMs);
}
