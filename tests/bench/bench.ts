/** What every part of the benchmark is given: the servers, the report, and how long it may take. */
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
}
