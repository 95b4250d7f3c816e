/** The time of each confirmation, from a change stream, so that the measurement adds no requests to the server. */
import type { mongo } from 'mongoose';

export interface Confirmations {
  /** performance.now() at the order's change event. Rejects if none arrives in time. */
  of(orderId: string): Promise<number>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 30_000;

export async function watchConfirmations(orders: Pick<mongo.Collection, 'watch'>): Promise<Confirmations> {
  const seen = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  const stream = orders.watch(
    [{ $match: { 'updateDescription.updatedFields.status': 'confirmed' } }, { $project: { documentKey: 1 } }],
    { maxAwaitTimeMS: 1_000 },
  );
  stream.on('change', (change) => {
    if (!('documentKey' in change)) return;
    const key = String(change.documentKey._id);
    const at = performance.now();
    seen.set(key, at);
    waiting.get(key)?.(at);
  });
  // The stream reports only changes after its first read, which the first resume token confirms.
  await new Promise((resolve) => stream.once('resumeTokenChanged', resolve));
  return {
    of: (key) =>
      new Promise((resolve, reject) => {
        const at = seen.get(key);
        if (at !== undefined) return resolve(at);
        const late = setTimeout(() => reject(new Error(`order ${key} was not confirmed`)), TIMEOUT_MS);
        waiting.set(key, (when) => {
          clearTimeout(late);
          resolve(when);
        });
      }),
    close: () => stream.close(),
  };
}
