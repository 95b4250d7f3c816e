import { isFaultOfDocument, isInfrastructure } from '../../models/db/mongo-errors.ts';
import type { JobContext } from '../context.ts';

export interface WorkLoop<Item> {
  /** For the log. */
  name: 'alerts' | 'emails' | 'refunds' | 'disputes' | 'verifies' | 'webhooks';
  concurrency: number;
  /** Once true, no further item is begun. */
  isOver: () => boolean;
  work: (item: Item) => Promise<void>;
  /** Counts a failure on the item's own document: it backs off, and is parked at the eighth. */
  countFailure: (item: Item, error: unknown) => Promise<void>;
  /** Names the item in the log, by ids alone. */
  describe: (item: Item) => Record<string, string>;
}

/**
 * Works on each item, `concurrency` at a time. A failure of one item is counted on that item, and the others go on. An
 * infrastructure error ends the run: no further item is begun, and the items in flight end before it is thrown. Returns the
 * number of items that failed.
 */
export async function runWorkLoop<Item>(
  { log }: Pick<JobContext, 'log'>,
  items: readonly Item[],
  loop: WorkLoop<Item>,
): Promise<number> {
  const queue = items.values();
  const broken: { error: unknown }[] = [];
  let failed = 0;
  const handle = async (item: Item) => {
    try {
      await loop.work(item);
    } catch (error) {
      if (isInfrastructure(error)) throw error;
      failed += 1;
      log.warn({ err: error, loop: loop.name, ...loop.describe(item) }, 'one item failed; the others go on');
      await count(item, error);
    }
  };
  const count = async (item: Item, error: unknown) => {
    try {
      await loop.countFailure(item, error);
    } catch (err) {
      // Any other error of the database would also meet the next item.
      if (!isFaultOfDocument(err)) throw err;
      log.error({ err, alert: true, loop: loop.name, ...loop.describe(item) }, 'a failure could not be counted');
    }
  };
  const worker = async () => {
    while (broken.length === 0 && !loop.isOver()) {
      const next = queue.next();
      if (next.done) return;
      await handle(next.value).catch((error: unknown) => {
        broken.push({ error });
      });
    }
  };
  await Promise.all(Array.from({ length: loop.concurrency }, worker));
  if (broken[0] !== undefined) throw broken[0].error;
  return failed;
}
