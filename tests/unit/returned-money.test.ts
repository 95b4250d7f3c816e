/** The money that has gone back of a charge, by its three sources; how a dispute is read; and the audit's checks of both. */
import { describe, expect, test } from '@jest/globals';
import {
  neverSettledCheck,
  refundedStatusCheck,
  returnedLimitCheck,
  returnedToldCheck,
} from '../../models/audit/money.ts';
import { deriveDisputeAnswerBy } from '../../models/dispute/open-disputes.ts';
import { decideDispute, isUnknownDisputeStatus, toDisputeState } from '../../models/dispute/record-dispute.ts';
import type { Dispute, Order } from '../../models/order/order-document.ts';
import { isReversal } from '../../models/payment/gateway-reports.ts';
import { isAllReturned, returnedMoney, returnedSum } from '../../models/payment/returned-money.ts';
import { aCharge, aConfirmedOrder, aDisputeReport, aRefund, PLACED_AT, REFERENCE } from '../support/an-order.ts';

const later = (ms: number) => new Date(PLACED_AT.getTime() + ms);
const HOUR_MS = 3600_000;
const aDispute = (overrides: Partial<Dispute> = {}): Dispute => ({
  disputeId: '70',
  reference: REFERENCE,
  state: 'lost',
  openedAt: PLACED_AT,
  ...overrides,
});
const money = (order: Partial<Order>) => returnedMoney(aConfirmedOrder(order), aCharge());
const cash = { state: 'processed', paidElsewhereBy: 'staff:1' } as const;

test('each source counts once, and what is open is not returned yet', () => {
  const refunds = [
    aRefund({ refundId: 'r1', amount: 100, state: 'processed' }),
    aRefund({ refundId: 'r2', amount: 20, state: 'needs_attention' }),
    aRefund({ refundId: 'r3', amount: 3_000, state: 'failed' }),
    aRefund({ refundId: 'r4', amount: 400, ...cash }),
    aRefund({ refundId: 'r5', amount: 9_000, state: 'processed', reference: 'ord-CODE23456789-2' }),
  ];
  const disputes = [
    aDispute({ amount: 1_000 }),
    aDispute({ disputeId: '71', state: 'won' }),
    aDispute({ disputeId: '72', state: 'open' }),
  ];
  expect(money({ refunds, disputes })).toEqual({
    currency: 'NGN',
    ...{ captured: 11_000, byRefund: 100, byDispute: 1_000, elsewhere: 400, open: 20 },
    ...{ held: 9_900, left: 9_480, excess: 0 },
  });
});

test('a dispute without an amount takes the whole charge, and more back than was captured is capped and told apart', () => {
  const both = money({ refunds: [aRefund({ amount: 500, state: 'processed' })], disputes: [aDispute()] });
  expect(both).toMatchObject({ byRefund: 500, byDispute: 11_000, held: 0, left: 0, excess: 500 });
  expect([returnedSum(both), isAllReturned(both)]).toEqual([11_000, true]);
});

test.each(['reversed', 'Reversed', 'reversal-pending', 'reversal_pending', 'Reversal Pending'])(
  '%s is a reversal',
  (word) => expect(isReversal(word)).toBe(true),
);

test.each([
  ['awaiting-merchant-feedback', null, 'open', false],
  ['pending', null, 'open', false],
  ['awaiting-bank-feedback', null, 'open', false],
  ['resolved', 'declined', 'won', false],
  ['resolved', 'merchant-accepted', 'lost', false],
  ['resolved', 'auto-accepted', 'lost', false],
  ['resolved', null, 'lost', false],
  ['archived', null, 'won', false],
  ['archived', 'declined', 'won', false],
  ['archived', 'auto-accepted', 'lost', false],
  ['something-new', null, 'open', true],
] as const)('a dispute that is %s, %s, is %s', (status, resolution, state, unknown) => {
  expect(toDisputeState({ status, resolution })).toBe(state);
  expect(isUnknownDisputeStatus(status)).toBe(unknown);
});

describe('a report of a dispute', () => {
  const decide = (order: Order, report: Parameters<typeof aDisputeReport>[0], now = PLACED_AT) =>
    decideDispute(order, { report: aDisputeReport(report), reference: REFERENCE, refundId: 'r9', now })?.set.disputes;

  test('the newest report of a dispute wins, whichever way it goes, and a replay changes nothing', () => {
    const won = decide(aConfirmedOrder(), { status: 'resolved', resolution: 'declined', updatedAt: later(10) }) ?? [];
    const order = aConfirmedOrder({ disputes: won });
    expect(decide(order, { status: 'resolved', resolution: 'declined', updatedAt: later(10) })).toBeUndefined();
    expect(decide(order, { updatedAt: later(9) })).toBeUndefined();
    expect(decide(order, { updatedAt: later(10) })).toBeUndefined();
    expect(decide(order, { updatedAt: later(11) })).toMatchObject([{ state: 'open' }]);
  });

  test('has the deadline that Paystack names, else a cautious one that is marked', () => {
    const [named] = decide(aConfirmedOrder(), { answerBy: later(5) }) ?? [];
    expect(named).toMatchObject({ answerBy: later(5) });
    expect(named?.answerByAssumed).toBeUndefined();
    const [assumed] = decide(aConfirmedOrder(), {}) ?? [];
    expect(assumed).toMatchObject({ answerBy: later(16 * HOUR_MS), answerByAssumed: true });
    const order = aConfirmedOrder({ disputes: named ? [named] : [] });
    expect(decide(order, { status: 'pending', updatedAt: later(9), category: 'fraud' })).toMatchObject([
      { answerBy: later(5) },
    ]);
  });

  test('of another currency than its charge stands for the whole charge', () =>
    expect(decide(aConfirmedOrder(), { amount: 5, currency: 'USD' })?.[0]?.amount).toBeUndefined());
});

test('the first deadline is of the disputes that await our answer, not of those that the bank decides', () => {
  const open = { state: 'open', answerBy: later(5) } as const;
  const disputes = [
    aDispute({ ...open, answerBy: later(9) }),
    aDispute({ ...open, bankDeciding: true }),
    aDispute({ answerBy: later(1) }),
  ];
  expect(deriveDisputeAnswerBy({ disputes })).toEqual(later(9));
  expect(deriveDisputeAnswerBy({ disputes: disputes.slice(1) })).toBeUndefined();
});

describe('the audit finds', () => {
  const scope = { now: PLACED_AT, graceMs: 0, since: null, domain: 'test' as const };
  const found = (check: typeof returnedToldCheck, order: Order) =>
    check.inspect({ order, emails: [], movements: [] }, scope).length;
  const paid = { status: 'confirmed', paymentStatus: 'paid' } as const;
  const entry = { seq: 2, at: PLACED_AT, actor: 'paystack', from: paid, to: paid } as const;
  const processed = { ...entry, type: 'refund_processed', data: { refundId: 'r1', amount: 500 } } as const;
  const refunds = [aRefund({ amount: 500, state: 'processed' })];

  test('an order that is called refunded although a part of its charge is held (I3)', () => {
    expect(found(refundedStatusCheck, aConfirmedOrder({ status: 'refunded', refunds }))).toBe(1);
    expect(found(refundedStatusCheck, aConfirmedOrder({ refunds }))).toBe(0);
    expect(found(refundedStatusCheck, aConfirmedOrder({ disputes: [aDispute()] }))).toBe(1);
  });

  test('a pending order that waits for settlement while money of it goes back (I3)', () => {
    const settlement = { attempts: 0, queuedAt: PLACED_AT };
    const waiting = { status: 'pending', settlement } as const;
    expect(found(neverSettledCheck, aConfirmedOrder(waiting))).toBe(0);
    expect(found(neverSettledCheck, aConfirmedOrder({ ...waiting, refunds: [aRefund({ amount: 1 })] }))).toBe(1);
    const reversed = [aCharge({ reversal: { askAt: PLACED_AT } })];
    expect(found(neverSettledCheck, aConfirmedOrder({ ...waiting, payments: reversed }))).toBe(1);
  });

  test('more back than was captured that is not marked (I19)', () => {
    const disputes = [aDispute()];
    expect(found(returnedLimitCheck, aConfirmedOrder({ refunds, disputes }))).toBe(1);
    expect(found(returnedLimitCheck, aConfirmedOrder({ refunds, disputes, excessSince: PLACED_AT }))).toBe(0);
    expect(found(returnedLimitCheck, aConfirmedOrder({ refunds, excessSince: PLACED_AT }))).toBe(1);
  });

  test('returned money that was not told, told twice, or told of another amount (I23)', () => {
    expect(found(returnedToldCheck, aConfirmedOrder({ refunds, history: [processed] }))).toBe(0);
    expect(found(returnedToldCheck, aConfirmedOrder({ refunds, history: [] }))).toBe(1);
    expect(found(returnedToldCheck, aConfirmedOrder({ refunds, history: [processed, { ...processed, seq: 3 }] }))).toBe(
      1,
    );
    const lost = {
      ...entry,
      type: 'dispute_lost',
      data: { disputeId: '70', reference: REFERENCE, returned: 10_999 },
    } as const;
    expect(found(returnedToldCheck, aConfirmedOrder({ disputes: [aDispute()], history: [lost] }))).toBe(1);
  });
});
