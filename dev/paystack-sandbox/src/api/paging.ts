/**
 * Lists are sorted newest first. Numbered pages shift when entries are added; cursors do not.
 */
import type { Json, JsonObject } from '../ledger/records.ts';
import { Refusal } from '../ledger/refusal.ts';
import { type ApiReply, success } from '../views/envelope.ts';
import type { ApiCall } from './mount-api.ts';

const PER_PAGE_DEFAULT = 50;
const PER_PAGE_MAX = 100;

interface Listed {
  id: number;
  createdAt: string;
  amount: number;
}

function readCount(value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const count = Number(value);
  if (!Number.isSafeInteger(count) || count < 1) throw new Refusal(400, 'invalid_params', 'Page numbers count from 1');
  return count;
}

/** As the records write a time, so that text can be compared: the list of a year has tens of thousands of entries. */
function readInstant(value: string | undefined): string | null {
  if (value === undefined) return null;
  const instant = Date.parse(value);
  if (Number.isNaN(instant)) throw new Refusal(400, 'invalid_params', 'Dates are written as ISO 8601');
  return new Date(instant).toISOString();
}

/** `from` and `to` are inclusive and apply to the time of creation. */
export function ofPeriod<T extends { createdAt: string }>(entries: T[], query: ApiCall['query']): T[] {
  const [from, to] = [readInstant(query.from), readInstant(query.to)];
  return entries.filter(({ createdAt }) => (from === null || createdAt >= from) && (to === null || createdAt <= to));
}

function readCursor(cursor: string): number {
  const id = Number(Buffer.from(cursor, 'base64url').toString() || Number.NaN);
  if (Number.isNaN(id)) throw new Refusal(400, 'invalid_cursor', 'The cursor is not one of ours');
  return id;
}

/** `next` and `previous` each encode an id: the page is what comes after, or the last that comes before. */
function cursorPage<T extends Listed>(entries: T[], query: ApiCall['query'], perPage: number): [T[], JsonObject] {
  const back = query.next === undefined && query.previous !== undefined ? readCursor(query.previous) : null;
  const after = query.next === undefined ? Number.POSITIVE_INFINITY : readCursor(query.next);
  const page =
    back === null
      ? entries.filter(({ id }) => id < after).slice(0, perPage)
      : entries.filter(({ id }) => id > back).slice(-perPage);
  const [first, last] = [page.at(0), page.at(-1)];
  const write = (id: number): string => Buffer.from(String(id)).toString('base64url');
  const next = last !== undefined && entries.some(({ id }) => id < last.id) ? write(last.id) : null;
  const previous = first !== undefined && entries.some(({ id }) => id > first.id) ? write(first.id) : null;
  return [page, { next, previous, perPage }];
}

function perPageOf(query: ApiCall['query']): number {
  return Math.min(readCount(query.perPage ?? query.per_page, PER_PAGE_DEFAULT), PER_PAGE_MAX);
}

/** One numbered page, for lists without `meta`. */
export function pageOf<T>(entries: readonly T[], query: ApiCall['query']): T[] {
  const [perPage, page] = [perPageOf(query), readCount(query.page, 1)];
  return entries.slice((page - 1) * perPage, page * perPage);
}

export function paged<T extends Listed>(
  message: string,
  entries: T[],
  { query }: ApiCall,
  view: (entry: T) => Json,
): ApiReply {
  const perPage = perPageOf(query);
  const matching = ofPeriod(entries, query).sort((a, b) => b.id - a.id);
  if (/^(?:true|1)$/i.test(query.use_cursor ?? '')) {
    const [page, meta] = cursorPage(matching, query, perPage);
    return success(message, page.map(view), meta);
  }
  const pageNumber = readCount(query.page, 1);
  return success(message, pageOf(matching, query).map(view), {
    total: matching.length,
    total_volume: matching.reduce((sum, entry) => sum + entry.amount, 0),
    skipped: (pageNumber - 1) * perPage,
    perPage,
    page: pageNumber,
    pageCount: Math.ceil(matching.length / perPage),
  });
}
