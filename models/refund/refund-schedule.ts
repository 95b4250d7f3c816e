import { backOffMs, REFUND_BACK_OFF } from '../backoff.ts';

/** Between two checks of an open refund, in ms: banks take days, and webhooks usually come first. */
export const NEXT_CHECK_MS = 10 * 60_000;
/** Between two checks of a refund that needs attention, in ms: its state at Paystack may still change. */
export const STAFF_CHECK_MS = 3600_000;
/** Between two tries of a refund that the shop's balance at Paystack does not cover, in ms. A payout brings it forward. */
export const BALANCE_WAIT_MS = 6 * 3600_000;

/** Back-off in ms after a call without an answer or with a refusal; `refusals` counts from 0. */
export function refundRetryMs(refusals: number): number {
  return backOffMs(REFUND_BACK_OFF, refusals);
}
