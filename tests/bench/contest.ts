/**
 * Several contestants do the same work in alternating rounds, so that other load on the machine affects them alike. Only
 * `settle` is timed. A round that fails its audit ends the run.
 */
import { type CpuTime, startCpuWatch } from './cpu.ts';
import type { Load } from './load.ts';

/**
 * Each contestant settles as many orders in the same database before its round. When the clock starts, connections are
 * open, statements are prepared and the code is compiled.
 */
export const WARM_UP_ORDERS = 32;

export interface Contestant {
  name: string;
  /** So many that a round takes a second or two: long enough to measure, short enough to repeat. */
  ordersPerRound: number;
  /** Stores the load in a fresh database and prepares the worker: connected, warm, idle. Not timed. */
  prepare(load: Load): Promise<Round>;
}

export interface Round {
  /** Resolves when no order is queued any more. Timed. */
  settle(): Promise<void>;
  /** Throws unless every order is settled exactly once and the consistency checks pass. */
  audit(): Promise<void>;
  /** Stops the worker and drops the database. */
  discard(): Promise<void>;
  serverPids: readonly number[];
}

export interface Measured {
  ordersPerSecond: number;
  /** Processor time per order, µs. */
  clientMicros: number;
  serverMicros: number | null;
}

export interface ContestResult extends Measured {
  name: string;
  rounds: Measured[];
}

/** Returns the medians of each contestant. Every other round runs in reverse order. */
export async function holdContest(
  contestants: readonly Contestant[],
  { mix, rounds, progress }: { mix: Load['mix']; rounds: number; progress: (line: string) => void },
): Promise<ContestResult[]> {
  const measured = new Map<Contestant, Measured[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const contestant of round % 2 === 0 ? [...contestants].reverse() : contestants) {
      const result = await runRound(contestant, { orders: contestant.ordersPerRound, mix });
      measured.get(contestant)?.push(result);
      progress(`${mix}, round ${round}/${rounds}: ${contestant.name} ${Math.round(result.ordersPerSecond)}/s`);
    }
  }
  return contestants.map(({ name }, index) => summarize(name, [...measured.values()][index] ?? []));
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

function summarize(name: string, rounds: Measured[]): ContestResult {
  const servers = rounds.flatMap(({ serverMicros }) => (serverMicros === null ? [] : [serverMicros]));
  return {
    name,
    rounds,
    ordersPerSecond: median(rounds.map(({ ordersPerSecond }) => ordersPerSecond)),
    clientMicros: median(rounds.map(({ clientMicros }) => clientMicros)),
    serverMicros: servers.length === 0 ? null : median(servers),
  };
}

/** NaN for an empty list. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Interpolates linearly between the nearest ranks; `percent` from 0 to 100. NaN for an empty list. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = ((sorted.length - 1) * percent) / 100;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
