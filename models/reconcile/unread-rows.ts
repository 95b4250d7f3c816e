/** The state of rows of Paystack's lists that a pass could not read or apply. Pure. */
import type { SetAsideRow, UnreadRow } from '../db/checkpoint-document.ts';

/** Passes in which a row may stay unread before the checkpoint goes on without it: with one an hour, eight hours. */
export const MAX_UNREAD_PASSES = 8;
/** So many rows mean that Paystack changed its replies: the checkpoint then stays, and every row is read again. */
export const MAX_SET_ASIDE = 100;

export interface UnreadState {
  unread: UnreadRow[];
  setAside: SetAsideRow[];
}

export interface PassReading {
  /** Rows that were read, by id. */
  read: ReadonlySet<string>;
  /** Rows that were not, by id, with the reason. */
  unread: ReadonlyMap<string, string>;
  now: Date;
}

/**
 * The state after a whole pass. `added`: the rows that it sets aside. `moves`: the checkpoint may move, because no row is
 * left that the next pass must list again.
 */
export function afterPass(
  before: UnreadState,
  { read, unread, now }: PassReading,
): UnreadState & { added: SetAsideRow[]; moves: boolean } {
  const setAside = before.setAside.filter(({ id }) => !read.has(id));
  const known = new Set(setAside.map(({ id }) => id));
  const earlier = new Map(before.unread.map(({ id, passes }) => [id, passes]));
  const left: UnreadRow[] = [];
  const added: SetAsideRow[] = [];
  for (const [id, error] of unread) {
    if (known.has(id)) continue;
    const passes = (earlier.get(id) ?? 0) + 1;
    const isFull = setAside.length + added.length >= MAX_SET_ASIDE;
    if (passes >= MAX_UNREAD_PASSES && !isFull) added.push({ id, error, at: now });
    else left.push({ id, passes, error });
  }
  return { unread: left, setAside: [...setAside, ...added], added, moves: left.length === 0 };
}
