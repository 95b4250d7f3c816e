/** Wakes the loop of one subscription. */
export interface Notifier {
  isOver(): boolean;
  wake(): void;
  /** Resolves at the next wake(). Call it in the same tick as the check that nothing is new, or a wake() in between is lost. */
  sleep(): Promise<void>;
  dispose(): void;
}

/**
 * Is over after `lastsMs` or with the signal. `wakeEveryMs` wakes it regularly. Without AbortSignal.any and
 * AbortSignal.timeout, because those keep their objects in memory until the timeout, however early the subscription ends.
 */
export function createNotifier(signal: AbortSignal, lastsMs: number, wakeEveryMs?: number): Notifier {
  let over = signal.aborted;
  let wake: () => void = () => undefined;
  const end = () => {
    over = true;
    wake();
  };
  signal.addEventListener('abort', end, { once: true });
  const timer = setTimeout(end, lastsMs).unref();
  const ticks = wakeEveryMs === undefined ? undefined : setInterval(() => wake(), wakeEveryMs).unref();
  return {
    isOver: () => over,
    wake: () => wake(),
    sleep: () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      }),
    dispose() {
      clearTimeout(timer);
      clearInterval(ticks);
      signal.removeEventListener('abort', end);
    },
  };
}
