import type { ClientSession } from 'mongoose';
import type { Database } from '../database.ts';
import type { MigrationPosition } from './migration-document.ts';

/**
 * A change of stored documents that a release needs. Processes of the release before run beside it, so every document
 * must be usable by both before and after. An order is changed under its version, which rises.
 */
export interface Migration {
  /** The day it was written and what it does: the name of its file. Never changes, because it is stored. */
  name: string;
  /** May be killed anywhere and run by several processes at once; `progress` makes each batch take effect once. */
  up(db: Database, progress: MigrationProgress): Promise<void>;
}

export interface MigrationProgress {
  /**
   * Runs `work` from the stored position until it returns null. `after` is the `_id` at which the batch before ended, null
   * for the first; the returned one is where this batch ends. Each batch is one transaction together with its position, so
   * `work` passes `session` to every call, and may run several times before it commits. At most some 500 writes in a batch.
   */
  forEachBatch<Position extends MigrationPosition>(work: BatchWork<Position>): Promise<void>;
}

export type BatchWork<Position extends MigrationPosition> = (
  after: Position | null,
  session: ClientSession,
) => Promise<Position | null>;
