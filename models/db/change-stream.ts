/**
 * Follows a collection's changes for as long as it is wanted: the stream is opened again after a failover or lost history,
 * and its owner is then told to look for himself, because changes may have been missed.
 */
import { setTimeout as delay } from 'node:timers/promises';
import mongoose from 'mongoose';

const REOPEN_PAUSE_MS = 250;
/** The server answers so often at least, ms. */
const AWAIT_MS = 1_000;

export interface ChangeStreamHandlers<Change extends mongoose.mongo.ChangeStreamDocument> {
  /** Each time that the stream is opened: what happened before is told to nobody. Must not throw. */
  onOpen?: () => void;
  /** Must not throw. */
  onChange: (change: Change) => void;
  /** The stream broke, and is opened again. */
  onBreak: (error: unknown) => void;
}

/**
 * Follows what passes `pipeline`, a stage or more of $match and $project. Gives the way out, which may be taken at any
 * time and more than once; nothing is told after it.
 */
export function watchChanges<Change extends mongoose.mongo.ChangeStreamDocument>(
  { connection }: { connection: mongoose.Connection },
  collection: Pick<mongoose.mongo.Collection, 'watch'>,
  pipeline: mongoose.mongo.Document[],
  { onOpen, onChange, onBreak }: ChangeStreamHandlers<Change>,
): () => Promise<void> {
  let isOver = false;
  let closeStream: () => Promise<void> = async () => undefined;

  const followOnce = async () => {
    // The stream tells what happens after this instant; what happened before it can be read now.
    const startAtOperationTime = await operationTime(connection);
    // From here to closeStream nothing is awaited: a stop finds either nothing opened or the stream to close.
    if (isOver) return;
    onOpen?.();
    const options = { maxAwaitTimeMS: AWAIT_MS, startAtOperationTime };
    const stream = collection.watch<mongoose.mongo.Document, Change>(pipeline, options);
    closeStream = () => stream.close();
    for await (const change of stream) onChange(change);
  };

  const follow = async () => {
    while (!isOver) {
      try {
        await followOnce();
      } catch (error) {
        if (!isOver) onBreak(error);
      }
      if (!isOver) await delay(REOPEN_PAUSE_MS);
    }
  };

  const following = follow();
  return async () => {
    isOver = true;
    await closeStream().catch(() => undefined);
    await following;
  };
}

/** The server's logical time. A stream opens with its first read, too late for who needs to know from when on it tells. */
async function operationTime({ db }: mongoose.Connection): Promise<mongoose.mongo.Timestamp> {
  const reply = await db?.command({ ping: 1 });
  const time: unknown = reply?.operationTime;
  if (!(time instanceof mongoose.mongo.Timestamp)) throw new Error('The database did not tell its logical time.');
  return time;
}
