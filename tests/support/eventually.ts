/** Polls for the effect of another process, timer or stream until a deadline. */
import { setTimeout as delay } from 'node:timers/promises';

const FIRST_PAUSE_MS = 10;
/** Each look is a request to a server; what has not come at once may take longer. */
const LONGEST_PAUSE_MS = 50;

/**
 * Polls `look` until its result is neither null, undefined nor false. Rejects after `timeoutMs` with an error that
 * names `what`.
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  timeoutMs = 8_000,
): Promise<T> {
  const giveUpAt = performance.now() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > giveUpAt) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await delay(pauseMs);
  }
}
