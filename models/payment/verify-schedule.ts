/** When a pending order is verified at Paystack without a webhook or redirect: soon at first, then hourly until it expires. */

const MINUTE_MS = 60_000;
/** After placement: most customers pay within two minutes, and a lost webhook and redirect should not cost an hour. */
const STEPS_MS = [2, 5, 15, 60].map((minutes) => minutes * MINUTE_MS);
const HOURLY_MS = 60 * MINUTE_MS;

/** The instant of step `step` (from 0) for an order placed at `createdAt`. */
export function verifyDueAt(createdAt: Date, step: number): Date {
  const lastStep = STEPS_MS.length - 1;
  const offsetMs = STEPS_MS[step] ?? (STEPS_MS[lastStep] ?? HOURLY_MS) + (step - lastStep) * HOURLY_MS;
  return new Date(createdAt.getTime() + offsetMs);
}

/**
 * The first step after `now`; steps that were missed are skipped. Never later than the order's expiry, when the last
 * verification decides whether the order expires. `remindAt`: a verification in between, right before a reminder.
 */
export function nextVerify(
  order: { createdAt: Date; expiresAt: Date; verifyStep: number },
  now: Date,
  remindAt: Date | null = null,
): { verifyStep: number; verifyDueAt: Date } {
  let step = order.verifyStep + 1;
  while (verifyDueAt(order.createdAt, step) <= now) step += 1;
  const due = verifyDueAt(order.createdAt, step);
  const notAfterExpiry = order.expiresAt > now && order.expiresAt < due ? order.expiresAt : due;
  // The step is not counted, so that the next verification is the one that was due without a reminder.
  if (remindAt !== null && remindAt > now && remindAt < notAfterExpiry)
    return { verifyStep: step - 1, verifyDueAt: remindAt };
  return { verifyStep: step, verifyDueAt: notAfterExpiry };
}
