/** How long a refund rests between two looks at Paystack, in ms. */

/** After so many definite refusals a refund needs attention. */
export const MAX_REFUSALS = 8;
/** A refund that Paystack works on: banks take days, and webhooks are faster. */
export const NEXT_CHECK_MS = 10 * 60_000;
/** A refund that needs attention: Paystack may have moved it meanwhile. */
export const STAFF_CHECK_MS = 3600_000;

const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 3600_000;

/** Back-off after a call that brought no answer or a refusal; `refusals` counts from 0. */
export function refundRetryMs(refusals: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** refusals, LONGEST_RETRY_MS);
}
