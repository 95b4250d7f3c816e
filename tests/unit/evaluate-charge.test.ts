/** The meaning of Paystack's reports for an order: trust in webhooks, reversals, and payments at the limits. */
import { describe, expect, test } from '@jest/globals';
import type { Order } from '../../models/order/order-document.ts';
import { evaluateCharge } from '../../models/payment/evaluate-charge.ts';
import type { ChargeReport } from '../../models/payment/gateway-reports.ts';
import { aConfirmedOrder, anOrder, PLACED_AT, REFERENCE } from '../support/an-order.ts';

const MINUTES = 60_000;

function judge(
  order: Order,
  source: 'verify' | 'webhook',
  report: Partial<ChargeReport> = {},
  afterMs = 0,
): ReturnType<typeof evaluateCharge> {
  const now = new Date(PLACED_AT.getTime() + afterMs);
  const said: ChargeReport = {
    gatewayId: '4099260001',
    reference: REFERENCE,
    domain: 'test',
    status: 'success',
    amount: order.total,
    requestedAmount: order.total,
    currency: order.currency,
    paidAt: PLACED_AT,
    channel: 'card',
    gatewayResponse: 'Approved',
    fees: 10_000,
    ...report,
  };
  return evaluateCharge(order, { report: said, source, domain: 'test', refundId: 'r9', now });
}
const outcomeOf = (...given: Parameters<typeof judge>) => judge(...given).outcome;

describe('a webhook about a pending order', () => {
  test('is believed for ten minutes after the payment, to the millisecond, whichever clock is ahead', () => {
    for (const afterMs of [0, 10 * MINUTES, -10 * MINUTES])
      expect(outcomeOf(anOrder(), 'webhook', {}, afterMs)).toBe('paid');
    for (const afterMs of [10 * MINUTES + 1, -10 * MINUTES - 1])
      expect(outcomeOf(anOrder(), 'webhook', {}, afterMs)).toBe('needs_verification');
  });

  test.each<[string, Partial<ChargeReport>]>([
    ['no time of payment', { paidAt: null }],
    ['another amount', { amount: 10_999 }],
    ['another currency', { currency: 'USD' }],
    ['another domain', { domain: 'live' }],
    ['a reversal', { status: 'reversed' }],
  ])('with %s needs a verification, and changes nothing by itself', (_, report) =>
    expect(judge(anOrder(), 'webhook', report)).toEqual({ outcome: 'needs_verification', change: null }),
  );
});

describe('verify’s answer', () => {
  test('of a success pays whenever it comes', () =>
    expect(outcomeOf(anOrder(), 'verify', {}, 3 * 24 * 60 * MINUTES)).toBe('paid'));

  test('counts when more was captured than requested, and not when less was', () => {
    expect(outcomeOf(anOrder(), 'verify', { amount: 11_001 })).toBe('paid');
    expect(outcomeOf(anOrder(), 'verify', { amount: 10_999 })).toBe('review');
    expect(outcomeOf(anOrder(), 'verify', { amount: 11_001, requestedAmount: null })).toBe('review');
  });

  test('repeats nothing: a charge that is recorded is known', () =>
    expect(judge(aConfirmedOrder(), 'verify')).toEqual({ outcome: 'unchanged', change: null }));
});

test('a decline keeps its time and the bank’s words, once', () => {
  const report = { status: 'failed', gatewayResponse: 'Insufficient Funds' };
  const { outcome, change } = judge(anOrder(), 'verify', report, MINUTES);
  const failedAt = new Date(PLACED_AT.getTime() + MINUTES);
  expect(outcome).toBe('failed');
  expect(change?.set.payments).toEqual([
    expect.objectContaining({ status: 'failed', failedAt, gatewayResponse: 'Insufficient Funds' }),
  ]);
  const declined = anOrder(change?.set.payments ? { payments: change.set.payments } : {});
  expect(judge(declined, 'verify', report, 2 * MINUTES)).toEqual({ outcome: 'unchanged', change: null });
});

describe('a reversal', () => {
  const words = ['reversed', 'reversal-pending', 'reversal_pending', 'Reversal Pending'];

  test.each(words)('called %s changes nothing about a charge that is recorded: it stays captured', (status) =>
    expect(judge(aConfirmedOrder(), 'verify', { status })).toEqual({ outcome: 'reversal', change: null }),
  );

  test.each(words)('called %s at the first report captures the charge, and it buys nothing', (status) => {
    const { outcome, change } = judge(anOrder(), 'verify', { status });
    expect(outcome).toBe('reversal');
    expect(change?.set).toMatchObject({ payments: [{ status: 'succeeded', reversal: { askAt: PLACED_AT } }] });
    expect(change?.set.paidReference).toBeUndefined();
    expect(change?.set.settlement).toBeUndefined();
  });
});
