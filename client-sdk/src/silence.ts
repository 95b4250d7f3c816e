/**
 * Telling a dead connection from a slow one: a reply has to begin in time, and may then take its time to arrive. Cutting
 * off one that flows would only make a slow connection carry it twice.
 */

/** `send`, which fails with a TimeoutError when no reply has begun after `silenceMs`. */
export function withinSilence(send: typeof fetch, silenceMs: number): typeof fetch {
  return async (input, init) => {
    const leaving = new AbortController();
    const leave = () => leaving.abort(init?.signal?.reason);
    if (init?.signal?.aborted) leave();
    // Not taken back once the reply has begun: its body can still be left.
    init?.signal?.addEventListener('abort', leave, { once: true });
    let isSilent = false;
    const timer = setTimeout(() => {
      isSilent = true;
      leaving.abort();
    }, silenceMs);
    try {
      return await send(input, { ...init, signal: leaving.signal });
    } catch (error) {
      throw isSilent ? new DOMException(`No reply began within ${silenceMs} ms.`, 'TimeoutError') : error;
    } finally {
      clearTimeout(timer);
    }
  };
}
