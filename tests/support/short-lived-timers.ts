/**
 * Agenda looks at every job again after half its lock's life (90 s), also when the job has long ended, and gives nobody a
 * way to call that off (JobProcessor.runOrRetry). Production leaves by process.exit; a test run would wait for it.
 */

/** Longer than anything that a test waits for. */
const LONG_MS = 30_000;

/** From now on no timer of 30 s or more keeps this test file's process alive. May be called again. */
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
