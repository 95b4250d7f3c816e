/** What every part of the benchmark is given: the servers, the report, and how long it may take. */
import type { Standing } from './contest.ts';
import type { MongoGround } from './mongo-ground.ts';
import type { PostgresGround } from './postgres/server.ts';
import type { Report } from './report.ts';

export interface Bench {
  mongo: MongoGround;
  /** null: not to be had here, or not wanted. */
  postgres: PostgresGround | null;
  report: Report;
  /** `quick` is the regression guard; `long` measures a million orders and nothing else. */
  pace: 'quick' | 'full' | 'long';
  progress: (line: string) => void;
  /** What parts have found that the parts after them set beside their own. */
  found: Findings;
}

export interface Findings {
  /** Settling, mixed. */
  ours?: Standing;
  /** Updates and inserted documents that an order of a full batch takes. */
  statementsPerOrder?: number;
  /** Bulk $inc inside transactions, a second, and the processor time of one, µs. */
  increments?: { perSecond: number; clientMicros: number; serverMicros: number | null };
  /** Transactions of one small write one after the other, a second. */
  transactionsPerSecond?: number;
}
