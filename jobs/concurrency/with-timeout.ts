/**
 * Timeout without cancellation: resolves with `onTimeout()`, or rejects as it throws, after `ms`. The work runs on; its
 * result is dropped, a later failure too, so `work` must log what matters.
 */
export async function withTimeout<T, L>(work: Promise<T>, ms: number, onTimeout: () => L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    return await Promise.race([work, timeout.then(onTimeout)]);
  } finally {
    clearTimeout(timer);
  }
}
