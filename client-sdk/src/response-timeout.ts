/**
 * `send`, which fails with a TimeoutError if no response has begun after `timeoutMs`. The body has no time limit: a
 * retry of a response that is still arriving would make a slow connection transfer it twice.
 */
export function withResponseTimeout(send: typeof fetch, timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const controller = new AbortController();
    const abort = () => controller.abort(init?.signal?.reason);
    if (init?.signal?.aborted) abort();
    // The listener stays after the response has begun, so that the caller can still abort its body.
    init?.signal?.addEventListener('abort', abort, { once: true });
    let isTimedOut = false;
    const timer = setTimeout(() => {
      isTimedOut = true;
      controller.abort();
    }, timeoutMs);
    try {
      return await send(input, { ...init, signal: controller.signal });
    } catch (error) {
      throw isTimedOut ? new DOMException(`No reply began within ${timeoutMs} ms.`, 'TimeoutError') : error;
    } finally {
      clearTimeout(timer);
    }
  };
}
