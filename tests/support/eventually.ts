/** Waiting for what another process, timer or stream brings about: look, look again shortly, give up at a deadline. */
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 10;

/**
 * What `look` gives once that is neither null, undefined nor false. `look` may be called often. Rejects after
 * `timeoutMs`, naming `what` was waited for.
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  timeoutMs = 8_000,
): Promise<T> {
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > giveUpAt) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await delay(LOOK_EVERY_MS);
  }
}
