/**
 * Agenda's JobProcessor.runOrRetry sets a timer of half the lock's lifetime (90 s) per job and offers no way to cancel
 * it. It would keep Jest's process alive.
 */

/** Longer than any timer that a test waits for. */
const LONG_MS = 30_000;

/** Unrefs all later timers of 30 s or more in this test file. May be called again. */
export function letLongTimersGo(): void {
  const current: typeof setTimeout & { letsGo?: true } = globalThis.setTimeout;
  if (current.letsGo) return;
  const patient = (...args: Parameters<typeof setTimeout>) => {
    const timer = current(...args);
    if ((args[1] ?? 0) >= LONG_MS) timer.unref();
    return timer;
  };
  globalThis.setTimeout = Object.assign(patient, { __promisify__: current.__promisify__, letsGo: true as const });
}
