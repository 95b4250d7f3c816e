/**
 * Schemas of single fields. Input text is normalised and bounded, and contains no characters that could forge a log line,
 * a mail header or the text of a page.
 */
import { z } from 'zod';
import {
  DEFAULT_PAGE_LIMIT,
  MAX_EMAIL_LENGTH,
  MAX_LENGTH,
  MAX_LINE_QUANTITY,
  MAX_PAGE_LIMIT,
  MAX_PRICE,
} from './limits.ts';
import { CURRENCIES } from './money.ts';
import { ROLES } from './permissions.ts';
import {
  EMAIL_ADDRESS,
  emailProblem,
  hasPublicDomain,
  toEmailAddress,
  unreachableProblem,
} from './typed/email-address.ts';
import { toLine, toLines } from './typed/visible-text.ts';

const wholeNumber = (least: number, most: number) => {
  const problem = `must be a whole number from ${least} to ${most}`;
  return z.int(problem).min(least, problem).max(most, problem);
};

/** 24 hexadecimal digits. The check keeps unparsed input out of queries. */
export const objectId = z.string().regex(/^[0-9a-f]{24}$/i, 'must be an id of 24 hexadecimal digits');

/** Units on one line. */
export const quantity = wholeNumber(1, MAX_LINE_QUANTITY);

// Cc: control characters, among them NUL and ESC; white space is folded before. Cs: lone surrogates.
const UNPRINTABLE = String.raw`\p{Cc}\p{Cs}`;
const ONE_LINE = new RegExp(`^[^${UNPRINTABLE}]*$`, 'u');
const LINES = new RegExp(`^(?:[^${UNPRINTABLE}]|[\\n\\t])*$`, 'u');

const bounded = (max: number, normalise: (text: string) => string, allowed: RegExp) =>
  z
    .string()
    .overwrite(normalise)
    .min(1, 'must not be empty')
    .max(max, `must be at most ${max} characters`)
    .regex(allowed, 'must not hold control characters');

/** One line of visible text: white space folded, invisible and direction marks left out, then 1 to `max` characters. */
export const text = (max: number) => bounded(max, toLine, ONE_LINE);

/** Like `text`, with line breaks and tabs. */
export const longText = (max: number) => bounded(max, toLines, LINES);

/**
 * In inputs: a field that may be left out. `null`, `''` and text without a visible character mean the same. A number has no
 * such writing: NaN becomes `null` in JSON, and a refund without an amount is of everything.
 */
export function optional<T extends z.ZodType>(field: T) {
  return field.type === 'number' ? field.optional() : z.preprocess(toGiven<z.input<T>>, field.optional()).optional();
}

/** In inputs: like `optional`, with the value of a field that is left out. */
export function defaulted<T extends z.ZodType>(field: T, value: () => z.core.util.NoUndefined<z.output<T>>) {
  return field.type === 'number'
    ? field.default(value)
    : z.preprocess(toGiven<z.input<T>>, field.optional()).default(value);
}

function toGiven<T>(value: T | '' | null | undefined): T | undefined {
  const isEmpty = value === null || (typeof value === 'string' && toLine(value) === '');
  return isEmpty || value === '' ? undefined : value;
}

/** One writing for each address, so that it has one account. */
export const email = z
  .string()
  .overwrite(toEmailAddress)
  .max(MAX_EMAIL_LENGTH, `must be at most ${MAX_EMAIL_LENGTH} characters`)
  .regex(EMAIL_ADDRESS, { abort: true, error: ({ input }) => emailProblem(String(input)) });

/** An address that the shop will write to. */
export const reachableEmail = email.refine(hasPublicDomain, {
  error: ({ input }) => unreachableProblem(String(input)),
});

/** The nextCursor of the previous page. */
export const cursor = z.string().regex(/^[\w.+:-]{1,80}$/, 'must be the cursor that came with a page');

export const pageLimit = defaulted(wholeNumber(1, MAX_PAGE_LIMIT), () => DEFAULT_PAGE_LIMIT);

export const currency = z.enum(CURRENCIES, `must be one of ${CURRENCIES.join(', ')}`);

/** In outputs: an amount in subunits, 0 or more. */
export const amount = z.int().min(0);

/** In outputs: a count, 0 or more. */
export const count = z.int().min(0);

/** In outputs: an instant, as ISO 8601 in UTC. */
export const instant = z.iso.datetime();

/** In inputs: an instant with its offset, or a day as the shop's people mean it. */
export const instantOrDay = z.union(
  [z.iso.datetime({ offset: true }), z.iso.date()],
  'must be a day like 2025-05-01, or a day with a time and its offset',
);

/** In inputs: a price in subunits. */
export const price = z
  .int('must be a whole number, of kobo, pesewas or cents')
  .min(1, 'must be at least 0.01')
  .max(MAX_PRICE, `must be at most ${(MAX_PRICE / 100).toLocaleString('en')}.00`);

/** In inputs: prices beside a variant's own one. */
export const otherPrices = z
  .array(z.strictObject({ currency, price }))
  .max(CURRENCIES.length - 1, `must be at most ${CURRENCIES.length - 1}`)
  .refine((all) => new Set(all.map((one) => one.currency)).size === all.length, 'must name each currency once');

export const role = z.enum(ROLES);

export const slug = z
  .string()
  .max(MAX_LENGTH.slug, `must be at most ${MAX_LENGTH.slug} characters`)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower case letters and digits, with single hyphens between');

/** A payment's reference, as Paystack's alphabet allows. */
export const reference = z.string().regex(/^[A-Za-z0-9.=-]{1,100}$/, 'must be a payment reference');

/** The number that people call an order by; hyphens, blanks and a # in front are left out. */
export const orderCode = z
  .string()
  .max(MAX_LENGTH.search)
  .overwrite(toOrderCode)
  .regex(/^[0-9A-Z]{4,20}$/, 'must be an order number');

function toOrderCode(typed: string): string {
  return toLine(typed)
    .replace(/[\s#\p{Pd}]/gu, '')
    .toUpperCase();
}

/** Names an action, so that its repeat is recognised. Room for a SHA-256 in hex, a dot and a row's number. */
export const actionKey = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{7,79}$/, 'must be 8 to 80 letters, digits, dots, hyphens or underscores');

export const byId = z.strictObject({ id: objectId });

/** In outputs: a page of items; `nextCursor` is null on the last. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });

/** In outputs of subscriptions: a stream that parses each item with this schema. `meta().streamOf` holds it for tests. */
export function streamOf<T>(item: z.ZodType<T>) {
  return z
    .custom<AsyncIterable<T>>((value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value)
    .transform(async function* (items) {
      for await (const each of items) yield item.parse(each);
    })
    .meta({ streamOf: item });
}
