/**
 * Lists are sorted newest first; `from` and `to` are inclusive and apply to the time of creation. Numbered pages shift when
 * entries are added; cursors do not.
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

function readInstant(value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const instant = Date.parse(value);
  if (Number.isNaN(instant)) throw new Refusal(400, 'invalid_params', 'Dates are written as ISO 8601');
  return instant;
}

/** A cursor encodes the last id of the previous page. */
function cursorPage<T extends Listed>(entries: T[], cursor: string | undefined, perPage: number): [T[], JsonObject] {
  const after = cursor === undefined ? Number.POSITIVE_INFINITY : Number(Buffer.from(cursor, 'base64url').toString());
  if (Number.isNaN(after)) throw new Refusal(400, 'invalid_cursor', 'The cursor is not one of ours');
  const rest = entries.filter((entry) => entry.id < after);
  const page = rest.slice(0, perPage);
  const last = page.at(-1);
  const next =
    last !== undefined && rest.length > page.length ? Buffer.from(String(last.id)).toString('base64url') : null;
  return [page, { next, previous: cursor ?? null, perPage }];
}

export function paged<T extends Listed>(
  message: string,
  entries: T[],
  { query }: ApiCall,
  view: (entry: T) => Json,
): ApiReply {
  const perPage = Math.min(readCount(query.perPage, PER_PAGE_DEFAULT), PER_PAGE_MAX);
  const from = readInstant(query.from, Number.NEGATIVE_INFINITY);
  const to = readInstant(query.to, Number.POSITIVE_INFINITY);
  const matching = entries
    .filter((entry) => Date.parse(entry.createdAt) >= from && Date.parse(entry.createdAt) <= to)
    .sort((a, b) => b.id - a.id);
  if (query.use_cursor === 'true') {
    const [page, meta] = cursorPage(matching, query.next, perPage);
    return success(message, page.map(view), meta);
  }
  const pageNumber = readCount(query.page, 1);
  const page = matching.slice((pageNumber - 1) * perPage, pageNumber * perPage);
  return success(message, page.map(view), {
    total: matching.length,
    total_volume: matching.reduce((sum, entry) => sum + entry.amount, 0),
    skipped: (pageNumber - 1) * perPage,
    perPage,
    page: pageNumber,
    pageCount: Math.ceil(matching.length / perPage),
  });
}
