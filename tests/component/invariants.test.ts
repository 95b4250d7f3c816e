/** The tests' own checker: three records that agree pass, and each disagreement is named with its ids. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mail } from '../../dev/mailbox/mailbox.ts';
import type { Ledger, LedgerTransaction } from '../../dev/paystack-sandbox/src/index.ts';
import type { Database } from '../../models/db/database.ts';
import type { Email } from '../../models/messaging/email-document.ts';
import type { Order } from '../../models/order/order-document.ts';
import { assertInvariants, findBrokenInvariants, type InvariantOptions } from '../support/invariants.ts';
import { refundFully } from '../support/order-lives.ts';
import { makeCatalogue, makeConfirmedOrder, openOwnDatabase, sendAllEmails } from '../support/orders.ts';

let db: Database;
let order: Order;
let emails: Email[];

beforeAll(async () => {
  db = await openOwnDatabase();
  const [variant] = await makeCatalogue(db);
  if (!variant) throw new Error('no variant was made');
  order = await makeConfirmedOrder(db, { lines: [{ variant, quantity: 1 }] });
  order = await refundFully(db, order, new Date(), 100);
  await sendAllEmails(db);
  emails = await db.emails.find().lean<Email[]>();
});
afterAll(() => db.connection.close());

/** The charge and the refund as the sandbox stores them. */
function charge(overrides: Partial<LedgerTransaction> = {}): LedgerTransaction {
  const [attempt] = order.payments;
  const [refund] = order.refunds;
  if (attempt?.amount === undefined || !refund) throw new Error('the order has a charge and a refund');
  const at = new Date().toISOString();
  const both = { reference: attempt.reference, currency: 'NGN', domain: 'test' as const, createdAt: at };
  return {
    ...both,
    id: Number(attempt.gatewayId),
    accessCode: 'a',
    email: 'ada@example.com',
    requestedAmount: order.total,
    amount: attempt.amount,
    fees: 0,
    callbackUrl: null,
    metadata: '',
    status: 'success',
    gatewayResponse: null,
    channel: null,
    last4: null,
    channels: ['card'],
    waiting: null,
    rejectedTransfers: [],
    refundEnd: 'processed',
    paidAt: at,
    settlementId: null,
    attempts: [],
    disputes: [],
    refunds: [
      {
        ...both,
        id: Number(refund.gatewayRefundId),
        transactionId: Number(attempt.gatewayId),
        amount: refund.amount,
        status: 'processed',
        customerNote: null,
        merchantNote: `rf:${refund.refundId}`,
        disputeId: null,
        end: 'processed',
        updatedAt: at,
      },
    ],
    ...overrides,
  };
}

/** The charge's refund a second time, with another id at the sandbox. */
function duplicate(): LedgerTransaction['refunds'][number] {
  const [refund] = charge().refunds;
  if (!refund) throw new Error('the charge has a refund');
  return { ...refund, id: 5 };
}

function mails(): Mail[] {
  return emails.map(({ _id, kind }, index) => ({
    id: index + 1,
    to: 'ada@example.com',
    from: 'shop@example.com',
    fromName: null,
    replyTo: null,
    subject: kind,
    text: kind,
    html: kind,
    customArgs: {},
    key: _id,
    at: new Date().toISOString(),
    messageId: String(index),
  }));
}

function broken(charges: LedgerTransaction[], arrived: Mail[], options: InvariantOptions = {}): Promise<string[]> {
  const refunds = charges.flatMap((one) => one.refunds);
  const ledger: Ledger = { transactions: charges, charges, refunds, disputes: [], settlements: [] };
  return findBrokenInvariants({ db, sandbox: { ledger: () => ledger }, mailbox: { mails: () => arrived } }, options);
}

test('three records that agree hold every invariant', async () => {
  expect(await broken([charge()], mails())).toEqual([]);
});

test('a failure lists every disagreement, the audit of the database included', async () => {
  const later = { now: new Date(Date.now() + 3600_000) };
  const nothing: Ledger = { transactions: [], charges: [], refunds: [], disputes: [], settlements: [] };
  const failure = assertInvariants({ db, sandbox: { ledger: () => nothing }, mailbox: { mails: () => [] } }, later);
  await expect(failure).rejects.toThrow(/^5 invariants do not hold:\n- I3 ord-/);
});

describe('it finds', () => {
  test.each<[string, () => LedgerTransaction[], RegExp]>([
    [
      'a charge that the database never had',
      () => [charge(), charge({ reference: 'ord-X-1', refunds: [] })],
      /no order/,
    ],
    [
      'a charge of another amount',
      () => [charge({ amount: order.total + 1 })],
      /I3 .* captured in the sandbox's ledger as \d+, \d+ NGN/,
    ],
    ['a charge that Paystack never had', () => [], /never captured/],
    ['a refund that Paystack never had', () => [charge({ refunds: [] })], /not in the ledger at all/],
    ['a refund made twice', () => [charge({ refunds: [...charge().refunds, duplicate()] })], /stands 2 times/],
    [
      'a refund that is not ours',
      () => [charge({ refunds: [...charge().refunds, { ...duplicate(), merchantNote: 'rf:x' }] })],
      /rf:x/,
    ],
    [
      'a refund that nobody of ours made',
      () => [charge({ refunds: [...charge().refunds, { ...duplicate(), merchantNote: null }] })],
      /refund 5 \(null\) is not in the database/,
    ],
    [
      'a refund that ended otherwise',
      () => [charge({ refunds: [{ ...duplicate(), status: 'failed' }] })],
      /failed in the ledger/,
    ],
    [
      'more back than came in',
      () => [charge({ refunds: [{ ...duplicate(), amount: order.total + 1 }] })],
      /went back of/,
    ],
  ])('%s', async (_, charges, wanted) => {
    const problems = await broken(charges(), mails());
    expect(problems.join('\n')).toMatch(wanted);
  });

  test('a missing email, an unexpected email, and copies', async () => {
    const [first, ...others] = mails();
    if (!first) throw new Error('there is a mail');
    expect((await broken([charge()], others)).join()).toContain('has no such mail');
    expect((await broken([charge()], [...mails(), { ...first, key: null }])).join()).toContain(
      '(without a key) arrived',
    );
    const copied = [...mails(), { ...first, id: 99 }];
    expect((await broken([charge()], copied)).join()).toContain('arrived 2 times');
    expect(await broken([charge()], copied, { copies: 'allowed' })).toEqual([]);
    expect(await broken([charge()], copied, { copies: [first.key ?? ''] })).toEqual([]);
    expect((await broken([charge()], copied, { copies: ['another'] })).join()).toContain('arrived 2 times');
    const twice = [...copied, { ...first, id: 100 }];
    expect((await broken([charge()], twice, { copies: [first.key ?? ''] })).join()).toContain('arrived 3 times');
  });

  test('copies that differ, unless the order changed after the event of the email', async () => {
    const [first] = mails();
    const last = mails().find(({ key }) => key?.endsWith(`:${order.history.at(-1)?.seq}`));
    if (!first || !last) throw new Error('the first event and the last owe a mail');
    const withAltered = (mail: Mail) => [...mails(), { ...mail, id: 99, text: 'other' }];
    const ofLast = await broken([charge()], withAltered(last), { copies: 'allowed' });
    expect(ofLast).toEqual([expect.stringContaining('its 2 copies are not the same')]);
    expect(await broken([charge()], withAltered(first), { copies: 'allowed' })).toEqual([]);
  });
});
