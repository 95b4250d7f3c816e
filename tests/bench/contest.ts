/**
 * A contest: the same work done by several contestants, in rounds that take turns, so that what else the machine does
 * hits all of them alike. Only `settle` is timed; every round ends with its audit, and a round that fails it ends the run.
 */
import { type CpuTime, startCpuWatch } from './cpu.ts';
import type { Load } from './load.ts';

/**
 * Orders that each contestant settles before its round, in the same database: connections are open and statements
 * prepared when the clock starts, and the code has been compiled.
 */
export const WARM_UP_ORDERS = 32;

export interface Contestant {
  name: string;
  /** A round takes a second or two: enough to be measured, few enough to be repeated. */
  ordersPerRound: number;
  /** Makes the load wait in a fresh database, and whoever settles it ready: connected, warm, idle. Not timed. */
  prepare(load: Load): Promise<Round>;
}

export interface Round {
  /** Settles everything that waits: from the word to the last order. Timed. */
  settle(): Promise<void>;
  /** Throws unless every order is settled exactly once and the books agree. */
  audit(): Promise<void>;
  /** Stops whoever settled, and drops the database. */
  discard(): Promise<void>;
  serverPids: readonly number[];
}

export interface Measured {
  ordersPerSecond: number;
  /** Processor time an order, µs. */
  clientMicros: number;
  serverMicros: number | null;
}

export interface Standing extends Measured {
  name: string;
  rounds: Measured[];
}

/** Runs `rounds` rounds of each in turns, the order reversed every other time, and gives each one's medians. */
export async function holdContest(
  contestants: readonly Contestant[],
  { mix, rounds, progress }: { mix: Load['mix']; rounds: number; progress: (line: string) => void },
): Promise<Standing[]> {
  const measured = new Map<Contestant, Measured[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const contestant of round % 2 === 0 ? [...contestants].reverse() : contestants) {
      const result = await runRound(contestant, { orders: contestant.ordersPerRound, mix });
      measured.get(contestant)?.push(result);
      progress(`${mix}, round ${round}/${rounds}: ${contestant.name} ${Math.round(result.ordersPerSecond)}/s`);
    }
  }
  return contestants.map(({ name }, index) => standingOf(name, [...measured.values()][index] ?? []));
}

export async function runRound(contestant: Contestant, load: Load): Promise<Measured> {
  const round = await contestant.prepare(load);
  try {
    const cpu = startCpuWatch(round.serverPids);
    const startedAt = performance.now();
    await round.settle();
    const seconds = (performance.now() - startedAt) / 1_000;
    const used = cpu();
    await round.audit();
    return perOrder(load.orders, seconds, used);
  } finally {
    await round.discard();
  }
}

function perOrder(orders: number, seconds: number, { clientMs, serverMs }: CpuTime): Measured {
  return {
    ordersPerSecond: orders / seconds,
    clientMicros: (clientMs * 1_000) / orders,
    serverMicros: serverMs === null ? null : (serverMs * 1_000) / orders,
  };
}

function standingOf(name: string, rounds: Measured[]): Standing {
  const servers = rounds.flatMap(({ serverMicros }) => (serverMicros === null ? [] : [serverMicros]));
  return {
    name,
    rounds,
    ordersPerSecond: median(rounds.map(({ ordersPerSecond }) => ordersPerSecond)),
    clientMicros: median(rounds.map(({ clientMicros }) => clientMicros)),
    serverMicros: servers.length === 0 ? null : median(servers),
  };
}

/** The middle one; of an even number, the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** By linear interpolation between the nearest ranks; `percent` from 0 to 100. NaN of none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = ((sorted.length - 1) * percent) / 100;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
