/** The pure decisions about answers to disputes: who may answer, the next step, what a failure leaves, when staff are alerted. */
import { describe, expect, test } from '@jest/globals';
import {
  disputeAlertsCheck,
  disputeAnswersCheck,
  disputedShipmentsCheck,
} from '../../models/audit/disputes/answers.ts';
import { alertsOf, hoursDue, nameOfAlert } from '../../models/dispute/answer/alerts.ts';
import type { DisputeAnswer } from '../../models/dispute/answer/answer-document.ts';
import { answerAfter } from '../../models/dispute/answer/answer-state.ts';
import {
  type AnswerClaim,
  decideOutcome,
  decideStep,
  type StepOutcome,
} from '../../models/dispute/answer/answer-steps.ts';
import { typeOfFile } from '../../models/dispute/answer/dispute-file.ts';
import { draftEvidence } from '../../models/dispute/answer/evidence.ts';
import {
  type AnswerRequest,
  decideAnswer,
  isRefundBeingSent,
  mostToAccept,
} from '../../models/dispute/answer/give-answer.ts';
import { decideDispute } from '../../models/dispute/record-dispute.ts';
import type { Dispute, Order } from '../../models/order/order-document.ts';
import { toOrderWrite } from '../../models/order/order-write.ts';
import {
  aCharge,
  aConfirmedOrder,
  aDisputeReport,
  aRefund,
  aShipment,
  PLACED_AT,
  REFERENCE,
} from '../support/an-order.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const later = (ms: number) => new Date(PLACED_AT.getTime() + ms);
const NOW = later(HOUR_MS);
const CLAIM: AnswerClaim = { disputeId: '70', dueAt: NOW };

const aDispute = (overrides: Partial<Dispute> = {}): Dispute => ({
  disputeId: '70',
  reference: REFERENCE,
  state: 'open',
  openedAt: PLACED_AT,
  answerBy: later(16 * HOUR_MS),
  ...overrides,
});
const anAnswer = (overrides: Partial<DisputeAnswer> = {}): DisputeAnswer => ({
  resolution: 'decline',
  message: 'It was delivered.',
  evidence: { customerEmail: 'a@b.c', customerName: 'Ada', customerPhone: '1', serviceDetails: 'shirts' },
  key: 'key-0001',
  by: 'staff:1',
  at: PLACED_AT,
  dueAt: NOW,
  ...overrides,
});
const disputed = (dispute: Partial<Dispute> = {}, order: Partial<Order> = {}) =>
  aConfirmedOrder({ disputes: [aDispute(dispute)], ...order });
const answered = (answer: Partial<DisputeAnswer> = {}, order: Partial<Order> = {}) =>
  disputed({ answer: anAnswer(answer) }, order);

const request = (more: Partial<AnswerRequest> = {}): AnswerRequest => ({
  ...{ disputeId: '70', resolution: 'decline', message: 'no', actor: 'staff:1', now: NOW },
  ...more,
});
const give = (order: Order, more: Partial<AnswerRequest> = {}) => decideAnswer(order, request(more), 'key-0002');

describe('an answer', () => {
  test.each<[string, Order]>([
    ['after its end', disputed({ state: 'won' })],
    ['while the bank decides', disputed({ bankDeciding: true })],
    ['beside another one', answered()],
    ['after one that was sent', answered({ sentAt: NOW })],
    ['while a refund is being sent', disputed({}, { refunds: [aRefund({ sentAt: later(HOUR_MS - MINUTE_MS) })] })],
  ])('is refused %s', (_, order) => {
    expect(() => give(order)).toThrow(expect.objectContaining({ code: 'ORDER_STATE_CONFLICT' }));
  });

  test('is taken after one that Paystack refused, and beside a refund that was never sent', () => {
    expect(give(answered({ refusedAt: NOW })).event).toMatchObject({ type: 'dispute_answered' });
    expect(give(disputed({}, { refunds: [aRefund()] }))).not.toBeNull();
  });

  test('gives back at most what is left of the charge, and of the disputed amount', () => {
    const [charge] = aConfirmedOrder().payments;
    const captured = charge?.amount ?? 0;
    const order = disputed({}, { refunds: [aRefund({ amount: 1_000 })] });
    expect(mostToAccept(order, aDispute())).toBe(captured - 1_000);
    expect(mostToAccept(disputed(), aDispute({ amount: 500 }))).toBe(500);
    expect(give(order, { resolution: 'accept' }).set.disputes?.[0]?.answer?.refundAmount).toBe(captured - 1_000);
    expect(() => give(order, { resolution: 'accept', refundAmount: captured })).toThrow(/At most ₦/);
    const other = aDispute({ disputeId: '71', answer: anAnswer({ resolution: 'accept', refundAmount: 400 }) });
    expect(mostToAccept({ ...order, disputes: [aDispute(), other] }, aDispute())).toBe(captured - 1_400);
  });

  test('of which nothing is left to give back can only decline', () => {
    const refunds = [aRefund({ amount: aCharge().amount ?? 0, state: 'processed' })];
    expect(() => give(disputed({}, { refunds }), { resolution: 'accept' })).toThrow(/nothing of this payment is left/);
    expect(give(disputed({}, { refunds })).event).toMatchObject({ data: { resolution: 'decline' } });
  });

  test('a refund counts as being sent for five minutes, and no longer once Paystack has it', () => {
    const sentAt = later(0);
    const sent = (refund: object) => ({ refunds: [aRefund({ sentAt, ...refund })] });
    expect(isRefundBeingSent(sent({}), REFERENCE, later(4 * MINUTE_MS))).toBe(true);
    expect(isRefundBeingSent(sent({}), REFERENCE, later(6 * MINUTE_MS))).toBe(false);
    expect(isRefundBeingSent(sent({ gatewayRefundId: '9' }), REFERENCE, later(MINUTE_MS))).toBe(false);
  });
});

const step = (order: Order, hasEvidence = false, now = NOW) =>
  decideStep(order, CLAIM, { hasEvidence, now, renewed: later(2 * HOUR_MS) });
const answerIn = (change: ReturnType<typeof decideOutcome>) => change?.set.disputes?.[0]?.answer;

describe('the next step', () => {
  test('is evidence, then the file, then the answer, and each is left out once Paystack has it', () => {
    expect(step(answered()).decision).toBe('evidence');
    expect(step(answered(), true).decision).toBe('upload');
    expect(step(answered({ evidenceSentAt: NOW })).decision).toBe('upload');
    expect(step(answered({ withoutEvidence: true })).decision).toBe('upload');
    expect(step(answered({ evidenceSentAt: NOW, fileName: 'f' })).decision).toBe('resolve');
  });

  test('freezes the answer, and marks resolve before it is sent', () => {
    expect(answerIn(step(answered()).change)).toMatchObject({ startedAt: NOW, dueAt: later(2 * HOUR_MS) });
    const resolving = answered({ evidenceSentAt: NOW, fileName: 'f', startedAt: PLACED_AT });
    expect(answerIn(step(resolving).change)).toMatchObject({ startedAt: PLACED_AT, resolvingAt: NOW });
  });

  test('is nobody’s whose claim is lost, and none of an answer that is over', () => {
    expect(step(answered({ dueAt: later(2 * HOUR_MS) }))).toEqual({ decision: 'claim_lost', change: null });
    for (const order of [disputed(), answered({ sentAt: NOW }), answered({ refusedAt: NOW })])
      expect(step(order)).toEqual({ decision: 'over', change: null });
    expect(step(disputed({ state: 'lost', answer: anAnswer() })).decision).toBe('over');
  });

  test('waits two minutes after resolve without a reply, and is then resolve again', () => {
    const sent = answered({ evidenceSentAt: NOW, fileName: 'f', resolvingAt: NOW });
    expect(step(sent, true, later(HOUR_MS + MINUTE_MS))).toMatchObject({ decision: 'waiting' });
    expect(step(sent, true, later(HOUR_MS + 2 * MINUTE_MS)).decision).toBe('resolve');
  });

  test('gives nothing back that went back since the answer was given', () => {
    const refunds = [aRefund({ amount: 6_000, state: 'processed' })];
    const decided = step(answered({ resolution: 'accept', refundAmount: 8_000 }, { refunds }));
    expect(decided).toMatchObject({ decision: 'refused', change: { event: { type: 'dispute_answer_refused' } } });
    expect(answerIn(decided.change)).toMatchObject({ refusedAt: NOW, lastError: expect.stringContaining('less') });
  });
});

describe('after a step', () => {
  const outcome = (of: StepOutcome, answer: Partial<DisputeAnswer> = {}) =>
    decideOutcome(answered({ startedAt: NOW, ...answer }), CLAIM, of, NOW);

  test('a lost reply to resolve keeps its mark, and a refusal for the rate takes it away', () => {
    const wait = { waitMs: MINUTE_MS, error: 'no' } as const;
    expect(answerIn(outcome({ kind: 'postponed', ...wait }, { resolvingAt: NOW }))).toMatchObject({ resolvingAt: NOW });
    const notDone = answerIn(outcome({ kind: 'not_done', ...wait }, { resolvingAt: NOW }));
    expect(notDone).toMatchObject({ dueAt: later(HOUR_MS + MINUTE_MS), lastError: 'no' });
    expect(notDone).not.toHaveProperty('resolvingAt');
  });

  test('a refusal unfreezes the answer with its reason', () => {
    const refused = answerIn(outcome({ kind: 'refused', error: 'no such file' }));
    expect(refused).toMatchObject({ refusedAt: NOW, lastError: 'no such file' });
    expect(refused).not.toHaveProperty('startedAt');
    expect(refused).not.toHaveProperty('dueAt');
  });

  test('nothing is stored by a worker whose claim is lost', () => {
    const claimedAnew = { startedAt: NOW, dueAt: later(2 * HOUR_MS) };
    expect(outcome({ kind: 'stored', fileName: 'f' }, claimedAnew)).toBeNull();
    expect(answerIn(outcome({ kind: 'stored', fileName: 'f' }))).toMatchObject({ fileName: 'f' });
  });
});

describe('Paystack’s record', () => {
  const read = (order: Order, report: object) =>
    decideDispute(order, {
      report: aDisputeReport({ updatedAt: NOW, ...report }),
      reference: REFERENCE,
      refundId: 'owed',
      now: NOW,
    });

  test.each([
    [{ status: 'awaiting-bank-feedback' }, true],
    [{ status: 'awaiting-bank-feedback', resolution: 'declined' }, true],
    [{ status: 'resolved', resolution: 'declined' }, true],
    [{ status: 'resolved', resolution: 'auto-accepted' }, false],
    [{ status: 'awaiting-merchant-feedback' }, false],
  ])('%j shows a declining answer: %s', (report, shows) => {
    const [dispute] = read(answered({ startedAt: NOW, resolvingAt: NOW }), report)?.set.disputes ?? [];
    expect(dispute?.answer?.sentAt !== undefined).toBe(shows);
  });

  test('of a dispute that awaits no answer drops one whose answering call was never begun, and shows one whose call was refused at last', () => {
    const shown = aDisputeReport({ status: 'resolved', resolution: 'declined', updatedAt: NOW });
    expect(answerAfter(aDispute({ answer: anAnswer() }), shown, NOW)).toEqual({});
    const prepared = anAnswer({ startedAt: PLACED_AT, evidenceSentAt: PLACED_AT, fileName: 'f' });
    expect(answerAfter(aDispute({ answer: prepared }), shown, NOW)).toEqual({});
    const refused = anAnswer({ refusedAt: PLACED_AT });
    expect(answerAfter(aDispute({ answer: refused }), shown, NOW).answer).toMatchObject({
      startedAt: PLACED_AT,
      sentAt: NOW,
    });
  });

  test('of a dispute that awaits an answer again drops the earlier one', () => {
    const known = aDispute({ bankDeciding: true, answer: anAnswer({ sentAt: PLACED_AT }) });
    expect(answerAfter(known, aDisputeReport({ updatedAt: NOW }), NOW)).toEqual({});
    const lost = aDispute({ state: 'lost', answer: anAnswer({ startedAt: NOW }) });
    expect(answerAfter(lost, aDisputeReport({ updatedAt: NOW }), NOW)).toEqual({});
  });

  test('of a deadline that moved after an alert begins its alerts anew', () => {
    const moved = read(disputed({ alertedHours: 4 }), { answerBy: later(30 * HOUR_MS) })?.set.disputes?.[0];
    expect(moved).toMatchObject({ deadlineNo: 2 });
    expect(moved).not.toHaveProperty('alertedHours');
    const same = read(disputed({ alertedHours: 4 }), { answerBy: later(16 * HOUR_MS), category: 'fraud' });
    expect(same?.set.disputes?.[0]).toMatchObject({ alertedHours: 4 });
  });
});

describe('staff are alerted', () => {
  const left = (hours: number) => later((16 - hours) * HOUR_MS);

  test.each([
    [8.1, undefined, null],
    [8, undefined, 8],
    [5, 8, null],
    [4, 8, 4],
    [0.9, 4, 1],
    [0.5, undefined, 1],
    [-1, 1, null],
  ])('with %d hours left and an alert of %s before: %s', (hours, alertedHours, due) => {
    const dispute = aDispute(alertedHours === undefined ? {} : { alertedHours });
    expect(hoursDue(dispute, left(hours))).toBe(due);
  });

  test('not of a dispute that is answered, ended or with the bank', () => {
    for (const dispute of [
      aDispute({ answer: anAnswer({ sentAt: NOW }) }),
      aDispute({ state: 'won' }),
      aDispute({ bankDeciding: true }),
    ])
      expect(hoursDue(dispute, left(1))).toBeNull();
  });

  test('once per deadline, by the name of the alert', () => {
    expect(nameOfAlert(aDispute(), 8)).toBe('70:8');
    expect(nameOfAlert(aDispute({ deadlineNo: 2 }), 8)).toBe('70:8:2');
  });

  test('by facts of the order and the dispute alone', () => {
    const [alert] = alertsOf(answered({ lastError: 'Paystack is down' }), left(4));
    expect(alert?.data).toMatchObject({ code: 'CODE23456789', currency: 'NGN', unsent: 'Paystack is down' });
    expect(JSON.stringify(alert)).not.toContain('ada@example.com');
  });
});

test('evidence is drafted from the order as corrected, with its parcels and the day of the last delivery', () => {
  const shipments = [
    aShipment({ carrier: 'GIG', trackingNumber: 'T1', deliveredAt: new Date('2026-03-02T23:30:00Z') }),
  ];
  const draft = draftEvidence(
    aConfirmedOrder({ shipments, contact: { email: 'new@example.com', name: 'Ada' } }),
    'Africa/Lagos',
  );
  expect(draft).toMatchObject({ customerEmail: 'new@example.com', deliveryDate: '2026-03-03' });
  expect(draft.serviceDetails).toContain('2 × Shirt, Blue');
  expect(draft.serviceDetails).toContain('tracking number T1');
});

test.each([
  [[0x25, 0x50, 0x44, 0x46, 0x2d, 0x31], 'application/pdf'],
  [[0xff, 0xd8, 0xff, 0xe0], 'image/jpeg'],
  [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 'image/png'],
  [[0x89, 0x50, 0x4e, 0x47], null],
  [[0x3c, 0x73, 0x76, 0x67], null],
  [[], null],
])('bytes %j are of type %s', (bytes, type) => expect(typeOfFile(Uint8Array.from(bytes))).toBe(type));

describe('the audit finds', () => {
  const scope = { now: later(15 * HOUR_MS), graceMs: 0, since: null, domain: 'test' as const };
  const found = (check: typeof disputeAlertsCheck, order: Order) =>
    check.inspect({ order, emails: [], movements: [] }, scope);

  test('a deadline that passes without its alert', () => {
    expect(found(disputeAlertsCheck, disputed())).toHaveLength(1);
    expect(found(disputeAlertsCheck, disputed({ alertedHours: 1 }))).toEqual([]);
  });

  test('an answer that is not in the history, was sent unfrozen, or waits for nobody', () => {
    const { set, event, key, actor } = { ...give(disputed()), key: { id: 'key-0002', input: null as never } };
    const order = toOrderWrite(disputed(), { set, event: event as never, actor, key }, NOW);
    const given = { ...order.after, history: order.entry ? [order.entry] : [] };
    expect(found(disputeAnswersCheck, given)).toEqual([expect.stringContaining('waits since')]);
    expect(found(disputeAnswersCheck, answered({ sentAt: NOW }))).toHaveLength(2);
  });

  test('a parcel that left while a dispute was open', () => {
    const statuses = { status: 'confirmed', paymentStatus: 'paid' } as const;
    const entry = { at: NOW, actor: 'system', from: statuses, to: statuses } as const;
    const data = { disputeId: '70', reference: REFERENCE };
    const opened = { ...entry, seq: 5, type: 'dispute_opened', data } as const;
    const shipped = { ...entry, seq: 6, type: 'shipment_created', data: { shipmentId: 's' } } as const;
    const won = { ...entry, seq: 7, type: 'dispute_won', data } as const;
    expect(found(disputedShipmentsCheck, { ...disputed(), history: [opened, shipped, won] })).toHaveLength(1);
    expect(found(disputedShipmentsCheck, { ...disputed(), history: [opened, won, shipped] })).toEqual([]);
  });
});
