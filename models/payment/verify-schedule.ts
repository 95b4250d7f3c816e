/** When Paystack is asked about a pending order that nobody told us of: soon at first, then hourly until it expires. */

const MINUTE_MS = 60_000;
/** After initialize: most shoppers pay within two minutes, a lost webhook and redirect should not cost an hour. */
const STEPS_MS = [2, 5, 15, 60].map((minutes) => minutes * MINUTE_MS);
const HOURLY_MS = 60 * MINUTE_MS;

/** The instant of rung `rung` (from 0) of an order that was placed at `createdAt`. */
export function verifyDueAt(createdAt: Date, step: number): Date {
  const lastRung = STEPS_MS.length - 1;
  const offsetMs = STEPS_MS[step] ?? (STEPS_MS[lastRung] ?? HOURLY_MS) + (step - lastRung) * HOURLY_MS;
  return new Date(createdAt.getTime() + offsetMs);
}

/**
 * The first rung after `now`: rungs missed while nobody swept are not made up for. Never later than the order's expiry,
 * which is when the last question is asked; after it, the answer decides (models/fulfilment/expire-order).
 */
export function nextVerify(
  order: { createdAt: Date; expiresAt: Date; verifyStep: number },
  now: Date,
): { verifyStep: number; verifyDueAt: Date } {
  let rung = order.verifyStep + 1;
  while (verifyDueAt(order.createdAt, rung) <= now) rung += 1;
  const due = verifyDueAt(order.createdAt, rung);
  const lastAsk = order.expiresAt > now && order.expiresAt < due ? order.expiresAt : due;
  return { verifyStep: rung, verifyDueAt: lastAsk };
}
