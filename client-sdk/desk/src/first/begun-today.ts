/** The figures of the first page, which the page's HTML begins to read while the code of the desk is still on its way. */
import type { Today } from '@orders-module/client';

declare global {
  /** Null if they could not be read so: the desk then reads them itself and says what is wrong. */
  var begunToday: Promise<Today | null> | undefined;
}

/** At most once, because later ones must be read anew. */
export function takeBegunToday(): Promise<Today | null> | undefined {
  const begun = globalThis.begunToday;
  globalThis.begunToday = undefined;
  return begun;
}
