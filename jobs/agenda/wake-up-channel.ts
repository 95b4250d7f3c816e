/**
 * How Agenda hears of a trigger at once, without asking for each kind of job ten times a second: what this process stores
 * it tells itself, what others store comes by a change stream of insertions, and when a run ends somebody looks for the
 * trigger that came meanwhile. Whatever all of them miss, Agenda's poll finds.
 */
import { BaseNotificationChannel, type JobNotification, toJobId } from 'agenda';
import type { mongo } from 'mongoose';
import { watchChanges } from '../../models/db/change-stream.ts';
import type { Database } from '../../models/db/database.ts';

type Stored = mongo.ChangeStreamInsertDocument<{ name: string }>;

export class WakeUpChannel extends BaseNotificationChannel {
  readonly #open: () => () => Promise<void>;
  #close: (() => Promise<void>) | undefined;

  /** @param ownName by which Agenda marks what this process stores; @param onBreak the stream broke, and is opened again. */
  constructor(db: Database, options: { collection: string; ownName: string; onBreak: (error: unknown) => void }) {
    super();
    const { collection, ownName, onBreak } = options;
    const byOthers = { operationType: 'insert', 'fullDocument.lastModifiedBy': { $ne: ownName } };
    const pipeline = [{ $match: byOthers }, { $project: { operationType: 1, 'fullDocument.name': 1 } }];
    this.#open = () =>
      watchChanges<Stored>(db, db.connection.collection(collection), pipeline, {
        onChange: ({ fullDocument }) => this.notify(fullDocument.name),
        onBreak,
      });
  }

  async connect(): Promise<void> {
    this.#close ??= this.#open();
    this.setState('connected');
  }

  async disconnect(): Promise<void> {
    this.setState('disconnected');
    this.handlers.clear();
    await this.#close?.();
    this.#close = undefined;
  }

  /** Agenda has stored this trigger, or found one that waits. Does not wait for who runs it. */
  async publish({ jobName }: JobNotification): Promise<void> {
    this.notify(jobName);
  }

  /** Has Agenda look for a trigger of this job, unless it runs one. Never throws. */
  notify(jobName: string): void {
    // Agenda reads the job's name, and looks in the collection for the rest.
    const told = { jobId: toJobId(jobName), jobName, nextRunAt: null, priority: 0, timestamp: new Date(0) };
    void this.notifyHandlers(told);
  }
}
