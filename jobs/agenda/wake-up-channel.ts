/**
 * Starts jobs without polling for each kind ten times a second. A process notifies itself of the wake-ups that it stores,
 * and a change stream of insertions notifies it of the others. The end of a run notifies once more, for wake-ups stored
 * meanwhile. Agenda's poll finds a wake-up that all of these missed.
 */
import { BaseNotificationChannel, type JobNotification, toJobId } from 'agenda';
import type { mongo } from 'mongoose';
import { watchChanges } from '../../models/db/change-stream.ts';
import type { Database } from '../../models/db/database.ts';

type Stored = mongo.ChangeStreamInsertDocument<{ name: string }>;

export class WakeUpChannel extends BaseNotificationChannel {
  readonly #open: () => () => Promise<void>;
  #close: (() => Promise<void>) | undefined;

  /**
   * `ownName` is the name that Agenda writes into jobs of this process. `onStored` gets each wake-up of another process
   * first; true when it reached a living run, which leaves Agenda nothing to do. `onBreak` reports a broken stream, which is
   * reopened.
   */
  constructor(
    db: Database,
    options: {
      collection: string;
      ownName: string;
      onStored?: (jobName: string) => boolean;
      onBreak: (error: unknown) => void;
    },
  ) {
    super();
    const { collection, ownName, onBreak, onStored = () => false } = options;
    const byOthers = { operationType: 'insert', 'fullDocument.lastModifiedBy': { $ne: ownName } };
    const pipeline = [{ $match: byOthers }, { $project: { operationType: 1, 'fullDocument.name': 1 } }];
    this.#open = () =>
      watchChanges<Stored>(db, db.connection.collection(collection), pipeline, {
        onChange: ({ fullDocument: { name } }) => {
          if (!onStored(name)) this.notify(name);
        },
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

  /** Agenda publishes each wake-up that was stored or absorbed by a waiting one. Does not wait for the run. */
  async publish({ jobName }: JobNotification): Promise<void> {
    this.notify(jobName);
  }

  /** Makes Agenda query for a wake-up of this job, unless the job is running. Never throws. */
  notify(jobName: string): void {
    // Agenda uses the job's name alone and queries the collection for the rest.
    const notification = { jobId: toJobId(jobName), jobName, nextRunAt: null, priority: 0, timestamp: new Date(0) };
    void this.notifyHandlers(notification);
  }
}
