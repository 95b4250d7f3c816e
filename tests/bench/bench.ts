import type { ContestResult } from './contest.ts';
import type { MongoServer } from './mongo-server.ts';
import type { PostgresServer } from './postgres/server.ts';
import type { Report } from './report.ts';

export interface Bench {
  mongo: MongoServer;
  /** null where no PostgreSQL is installed, or where the pace leaves it out. */
  postgres: PostgresServer | null;
  report: Report;
  /** `quick` is the regression guard; `long` measures a million orders and nothing else. */
  pace: 'quick' | 'full' | 'long';
  progress: (line: string) => void;
  /** Results of earlier parts that later parts compare with their own. */
  findings: Findings;
}

export interface Findings {
  /** Of the mixed load. */
  ours?: ContestResult;
  /** Updates and inserted documents per order, in a full batch. */
  statementsPerOrder?: number;
  /** Bulk $inc inside transactions, with the processor time of one $inc. */
  increments?: { perSecond: number; clientMicros: number; serverMicros: number | null };
  /** One small write each, one after the other. */
  transactionsPerSecond?: number;
}
