/**
 * The pieces of input and output schemas that every router shares. Inputs are strict objects made of these: text is
 * trimmed and bounded, and holds nothing that a log, a mail header or a page could mistake for something else.
 */
import { z } from 'zod';
import { ROLES } from '../../models/accounts/user.ts';
import { CURRENCIES } from '../../models/money.ts';

/** 24 hexadecimal digits. Checked here, so that no string from outside meets a query unparsed. */
export const objectId = z.string().regex(/^[0-9a-f]{24}$/i, 'must be an id of 24 hexadecimal digits');

/** Units on one line: an integer from 1 to 999. */
export const quantity = z
  .int('must be a whole number from 1 to 999')
  .min(1, 'must be a whole number from 1 to 999')
  .max(999, 'must be a whole number from 1 to 999');

// Cc: control characters, NUL, CR and LF among them. Cs: half of a pair. The ranges turn the direction of the text
// that follows, which shows people another name than the one that is stored.
const UNPRINTABLE = String.raw`\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069`;
const ONE_LINE = new RegExp(`^[^${UNPRINTABLE}]*$`, 'u');
const LINES = new RegExp(`^(?:[^${UNPRINTABLE}]|[\\n\\t])*$`, 'u');

const bounded = (max: number, allowed: RegExp) =>
  z
    .string()
    .trim()
    .normalize('NFC')
    .min(1, 'must not be empty')
    .max(max, `must be at most ${max} characters`)
    .regex(allowed, 'must not hold control characters');

/** One line of text, 1 to `max` characters after trimming, no control characters. */
export const text = (max: number) => bounded(max, ONE_LINE);

/** Text of several lines. */
export const longText = (max: number) => bounded(max, LINES);

/** Trimmed and lower case: one person's address is one account. */
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'must be at most 254 characters')
  .regex(z.regexes.email, 'must be an email address');

/** Not trimmed, whatever characters: a password is bytes. The upper bound keeps hashing cheap. */
export const password = z.string().min(10, 'must be at least 10 characters').max(128, 'must be at most 128 characters');

/** Where a page ended; as the previous page gave it. */
export const cursor = z.string().regex(/^[\w.+:-]{1,80}$/, 'must be the nextCursor of a page');

/** The length of a page, 20 unless asked for otherwise. */
export const pageLimit = z
  .int('must be a whole number from 1 to 50')
  .min(1, 'must be a whole number from 1 to 50')
  .max(50, 'must be a whole number from 1 to 50')
  .default(20);

export const currency = z.enum(CURRENCIES, `must be one of ${CURRENCIES.join(', ')}`);

/** In outputs: an amount in subunits, 0 or more. */
export const amount = z.int().min(0);

/** In outputs: a count, 0 or more. */
export const count = z.int().min(0);

/** In outputs: an instant, as ISO 8601 in UTC. */
export const instant = z.iso.datetime();

/**
 * A price that staff enter, in subunits. The bound keeps the fullest cart (100 lines of 999) within exact integers.
 */
export const price = z
  .int('must be a whole number of subunits')
  .min(1, 'must be at least 1')
  .max(10_000_000_000, 'must be at most 10000000000');

export const role = z.enum(ROLES);

/**
 * In outputs of subscriptions: a stream whose every item is of this schema, and is refused like any other output when it
 * holds anything else. `meta().streamOf` names the schema to whoever looks the router over.
 */
export function streamOf<T>(item: z.ZodType<T>) {
  return z
    .custom<AsyncIterable<T>>((value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value)
    .transform(async function* (items) {
      for await (const each of items) yield item.parse(each);
    })
    .meta({ streamOf: item });
}
