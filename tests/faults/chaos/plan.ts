import { SeededRandom } from '../../../dev/history/seeded-random.ts';

/** Injected one at a time, because the replica set needs a majority. */
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
  /** After the start of the load, ms. */
  atMs: number;
  kind: FaultKind;
  lastsMs: number;
  dice: Dice;
}

/** Independent random numbers from 0 up to 1, so that every process meets every error. */
export interface Dice {
  /** Chooses the process. */
  victim: number;
  /** Chooses one of two variants of the fault. */
  way: number;
  /** Chooses the error code or the clock skew. */
  error: number;
  /** Seed of the order in which webhooks arrive. */
  shuffle: number;
}

/** Groups run at once, with one fault at a time in each. */
const GROUPS: readonly { kinds: readonly FaultKind[]; lastsMs: readonly [number, number] }[] = [
  { kinds: MONGO_FAULTS, lastsMs: [1_500, 4_000] },
  { kinds: PROCESS_FAULTS, lastsMs: [1_500, 6_000] },
  { kinds: OUTSIDE_FAULTS, lastsMs: [1_000, 4_000] },
];
/** Between two faults of one group, ms; so short that the system is still healing from the last one. */
const GAP_MS = [300, 2_000] as const;

/** Longer than the settlement's lease and than most claims, even in a short run. */
const PAST_LOCK_MS = [11_000, 15_000] as const;

/** Each kind of fault occurs at least once. The same seed gives the same plan. */
export function planFaults(seed: number, loadMs: number): PlannedFault[] {
  const random = new SeededRandom(seed);
  return GROUPS.flatMap(({ kinds, lastsMs: [least, most] }) => {
    const round = kinds.length * ((least + most) / 2 + (GAP_MS[0] + GAP_MS[1]) / 2);
    // A short run shortens the pauses and faults of its one round.
    const squeeze = Math.min(1, loadMs / round);
    const planned: PlannedFault[] = [];
    let atMs = 0;
    while (atMs < loadMs || planned.length < kinds.length) {
      for (const kind of random.shuffle(kinds)) {
        if (atMs >= loadMs && planned.length >= kinds.length) break;
        atMs += random.integer(...GAP_MS) * squeeze;
        const lastsMs =
          kind === 'pause-past-lock' ? random.integer(...PAST_LOCK_MS) : random.integer(least, most) * squeeze;
        planned.push({ atMs, kind, lastsMs, dice: throwDice(random) });
        atMs += lastsMs;
      }
    }
    return planned;
  }).sort((a, b) => a.atMs - b.atMs);
}

function throwDice(random: SeededRandom): Dice {
  return { victim: random.next(), way: random.next(), error: random.next(), shuffle: random.next() };
}
