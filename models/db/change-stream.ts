/**
 * A resilient change stream: it is opened again after a failover or lost history. Changes in between may be missed, so
 * `onOpen` must read the current state.
 */
import { setTimeout as delay } from 'node:timers/promises';
import mongoose from 'mongoose';

const REOPEN_PAUSE_MS = 250;
/** The longest that the server holds a getMore without changes, ms. */
const AWAIT_MS = 1_000;
/** After a reply with several changes, ms: the next ones come in one reply, too. A change that comes alone waits for nothing. */
const GATHER_MS = 50;

export interface ChangeStreamHandlers<Change extends mongoose.mongo.ChangeStreamDocument> {
  /** Before each opening of the stream, which reports only later changes. Must not throw. */
  onOpen?: () => void;
  /** Must not throw. */
  onChange: (change: Change) => void;
  /** The stream failed and is opened again. */
  onBreak: (error: unknown) => void;
}

/**
 * Reports the changes that `pipeline` ($match and $project stages) lets through. Returns the function that ends it, which may
 * be called at any time and repeatedly; no handler runs after it.
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
    // The stream reports changes from this instant on; earlier ones are visible to the reads of onOpen.
    const startAtOperationTime = await operationTime(connection);
    // No await from here to closeStream: a stop finds either no stream or the one to close.
    if (isOver) return;
    onOpen?.();
    const options = { maxAwaitTimeMS: AWAIT_MS, startAtOperationTime };
    const stream = collection.watch<mongoose.mongo.Document, Change>(pipeline, options);
    closeStream = () => stream.close();
    let replySize = 0;
    for await (const change of stream) {
      onChange(change);
      replySize += 1;
      if (stream.bufferedCount() > 0) continue;
      if (replySize > 1) await delay(GATHER_MS);
      replySize = 0;
    }
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

/** The server's logical time. Needed because a stream opens only with its first read, so its start would be undefined. */
async function operationTime({ db }: mongoose.Connection): Promise<mongoose.mongo.Timestamp> {
  const reply = await db?.command({ ping: 1 });
  const time: unknown = reply?.operationTime;
  if (!(time instanceof mongoose.mongo.Timestamp)) throw new Error('The database sent no operationTime.');
  return time;
}
