/** Outputs of the figures that staff's first page shows. Orders of the other domain than the shop's key count in none. */
import { z } from 'zod';
import { picture } from '../catalogue.ts';
import { amount, count, currency, instant, objectId } from '../fields.ts';
import { MAX_COUNT } from '../limits.ts';
import { booksView } from '../staff/books.ts';

/** MAX_COUNT + 1 means more than MAX_COUNT. */
const upToMax = count.max(MAX_COUNT + 1);

export const todayView = z.strictObject({
  /** `oldestAt`: when the oldest of them was placed. */
  toShip: z.strictObject({ count: upToMax, oldestAt: instant.nullable() }),
  unpaid: upToMax,
  /** Orders whose settlement is parked, whose money is in review, whose refund or other work waits for staff. */
  needsAttention: upToMax,
  /** Disputes that await an answer, by their orders; `answerBy`: the nearest deadline. */
  disputes: z.strictObject({ count: upToMax, answerBy: instant.nullable() }),
  failedEmails: upToMax,
  books: booksView,
});

/** In subunits of `currency`. */
const figure = z.strictObject({
  currency,
  /** Orders placed that day that were sold; cancelled ones are none. */
  orders: count,
  /** Units, without those that were withdrawn or came back. */
  units: count,
  /** The totals of those orders. */
  amount,
  /** The part of it that has gone back since. */
  returned: amount,
});

export const salesView = z.strictObject({
  /** When the figures were computed; null while they have not been. A worker does it once a minute. */
  at: instant.nullable(),
  /** By the shop's day, the oldest first, without gaps; today is the last of 31. */
  days: z.array(z.strictObject({ day: z.iso.date(), figures: z.array(figure) })),
  /** Of these days, by units, at most ten. */
  bestSellers: z.array(
    z.strictObject({
      productId: objectId,
      title: z.string(),
      picture: picture.nullable(),
      currency,
      units: count,
      amount,
    }),
  ),
});

export type SalesView = z.infer<typeof salesView>;
