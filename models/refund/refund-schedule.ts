/** How long a refund rests between two looks at Paystack, in ms. */
import { backOffMs, REFUND_BACK_OFF } from '../backoff.ts';

/** A refund that Paystack works on: banks take days, and webhooks are faster. */
export const NEXT_CHECK_MS = 10 * 60_000;
/** A refund that needs attention: Paystack may have moved it meanwhile. */
export const STAFF_CHECK_MS = 3600_000;

/** Back-off after a call that brought no answer or a refusal; `refusals` counts from 0. */
export function refundRetryMs(refusals: number): number {
  return backOffMs(REFUND_BACK_OFF, refusals);
}
