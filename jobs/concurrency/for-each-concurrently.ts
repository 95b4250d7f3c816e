/** Runs `work` on each item, `concurrency` at a time, and begins no further item once `isOver()`. Rejects as `work` does. */
export async function forEachConcurrently<T>(
  items: readonly T[],
  { concurrency, isOver }: { concurrency: number; isOver: () => boolean },
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    while (!isOver()) {
      const next = queue.next();
      if (next.done) return;
      await work(next.value);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
