import { expect, test } from '@jest/globals';
import { assertDeadlines, DEADLINES } from '../../models/deadlines.ts';

test('the deadlines fit into one another', () => {
  expect(() => assertDeadlines(DEADLINES)).not.toThrow();
});

test.each([
  ['attemptClaim', 14_000, 'the claim of a payment attempt outlives two calls (14000 ms against 14000 ms)'],
  ['mail', 60_000, 'the claim of an email outlives its sending'],
  ['paystackCreateRefund', 100_000, 'the claim of a refund outlives its calls'],
  ['settlementRun', 60_000, 'the lock of a settlement run outlives it'],
  ['emailRun', 180_000, 'the lock of an email run outlives it'],
  ['refundRun', 150_000, 'the lock of a refund run outlives it'],
  ['sweepVerifies', 180_000, 'the lock of a sweep outlives its calls to Paystack'],
  ['paymentPage', 5_000, 'a payment page is waited for within the call'],
  ['pageData', 5_000, 'a page waits for its data within the call'],
  ['reservationQueue', 5_000, 'a checkout leaves the reservation queue within the call'],
  ['signInDelay', 2_600, 'a sign-in is counted and delayed within the call'],
  ['webhookRequest', 30_000, 'a webhook is answered before Paystack gives up'],
  ['webhookApply', 25_000, 'a webhook is applied within its request'],
] as const)('%s of %i ms is refused', (name, ms, why) => {
  expect(() => assertDeadlines({ ...DEADLINES, [name]: ms })).toThrow(why);
});
