/** Waiting for work no longer than its caller has patience for. The work is not stopped: it ends by itself, unheard. */

/**
 * What `work` comes to, or what `late` gives or throws once `ms` have passed. A failure that comes after that reaches
 * nobody, so whoever does the work must say what is worth saying.
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
