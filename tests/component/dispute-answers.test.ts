/**
 * Staff answer disputes: evidence, file and answer reach Paystack once each, whatever is lost on the way, and staff are
 * alerted of deadlines (I20).
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newActionKey } from '../../client-sdk/src/index.ts';
import type { PaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';
import { runDisputesOnce } from '../../jobs/disputes/process-disputes.ts';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import {
  buy,
  type Checkout,
  errorCodeOf,
  expectAllConsistent,
  HOUR_MS,
  MINUTE_MS,
  orderOf,
  type Shop,
  startTestShop,
  sweep,
  sweepAfter,
} from '../support/shopping.ts';
import { PAYSTACK_KEY } from '../support/test-app.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterEach(() => {
  shop.sandbox.clearWebhookRules();
  shop.sandbox.clearScript();
});
afterAll(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

const admin = () => shop.staff.client.admin;
const words = { message: 'It was delivered.' };

interface Disputed extends Checkout {
  dispute: number;
}

async function disputed(options: Parameters<PaystackSandbox['openDispute']>[1] = {}): Promise<Disputed> {
  const checkout = await buy(shop);
  const { id } = shop.sandbox.openDispute(checkout.txRef, options);
  await shop.sandbox.webhooksIdle();
  return { ...checkout, dispute: id };
}

const named = ({ orderId, dispute }: Disputed) => ({ id: orderId, disputeId: String(dispute) });
const decline = (of: Disputed, more: object = {}) =>
  admin().answerDispute.mutate({ ...named(of), ...words, resolution: 'decline', key: newActionKey(), ...more });
const accept = (of: Disputed, more: object = {}) =>
  admin().answerDispute.mutate({ ...named(of), ...words, resolution: 'accept', key: newActionKey(), ...more });

const atPaystack = ({ dispute }: Disputed) => shop.sandbox.dispute(dispute);
const answersAt = (of: Disputed) => atPaystack(of).messages.filter(({ sender }) => sender === 'merchant').length;
const answerOf = async (of: Disputed) => (await orderOf(shop, of)).disputes[0]?.answer;
type Route = NonNullable<Parameters<PaystackSandbox['requests']>[0]>['route'];
const callsTo = (route: NonNullable<Route>) => shop.sandbox.requests({ route }).length;

async function work(): Promise<void> {
  await runDisputesOnce(shop.ctx);
  await shop.sandbox.webhooksIdle();
}

test('a declined dispute gets the drafted evidence, a receipt and the answer, once each', async () => {
  const of = await disputed({ category: 'fraud' });
  const draft = await admin().disputeDraft.query(named(of));
  expect(draft).toMatchObject({ mostToAccept: of.amount, currency: 'NGN' });
  shop.sandbox.clearRequests();
  const key = newActionKey();
  const view = await decline(of, { key });
  expect(view.disputes).toMatchObject([{ answer: { state: 'waiting', file: 'receipt', message: words.message } }]);
  await decline(of, { key });
  await work();
  await work();
  expect(atPaystack(of)).toMatchObject({
    status: 'awaiting-bank-feedback',
    resolution: 'declined',
    evidence: {
      customerEmail: of.shopper.email,
      customerName: 'Ada Obi',
      serviceDetails: draft.evidence.serviceDetails,
    },
  });
  expect((['dispute.evidence', 'dispute.uploadUrl', 'dispute.resolve'] as const).map(callsTo)).toEqual([1, 1, 1]);
  const [upload] = shop.sandbox.uploads().slice(-1);
  expect(upload).toMatchObject({ status: 200, contentType: 'application/pdf' });
  expect(
    shop.sandbox
      .uploadedFile(atPaystack(of).fileName ?? '')
      ?.subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
  const after = await admin().order.query({ id: of.orderId });
  expect(after).toMatchObject({ disputes: [{ bankDeciding: true, answer: { state: 'sent' } }], attention: [] });
  expect(after.timeline.map(({ what }) => what)).toContainEqual(expect.stringContaining('is at Paystack'));
  shop.sandbox.resolveDispute(of.dispute, 'declined');
  await shop.sandbox.webhooksIdle();
  expect((await orderOf(shop, of)).disputes).toMatchObject([{ state: 'won', answer: { resolution: 'decline' } }]);
});

test('the key of the shop never reaches the object store, and the address of a file is never logged', async () => {
  const of = await disputed();
  await decline(of);
  await work();
  const uploads = shop.sandbox.uploads();
  expect(uploads.every(({ authorized }) => !authorized)).toBe(true);
  const logged = JSON.stringify(shop.logged);
  expect(logged).not.toContain('X-Amz-Signature');
  expect(logged).not.toContain(PAYSTACK_KEY);
});

test('an accepted part goes back by Paystack, and the rest stays with the shop', async () => {
  const of = await disputed({ amount: null });
  expect(await errorCodeOf(accept(of, { refundAmount: of.amount + 1 }))).toBe('REFUND_EXCEEDS_PAYMENT');
  const input = { ...named(of), ...words, resolution: 'accept' as const, refundAmount: 40_000 };
  const preview = await admin().previewAnswerDispute.mutate(input);
  expect(preview).toMatchObject({ why: null, money: [{ what: 'dispute_accepted', amount: 40_000, currency: 'NGN' }] });
  await admin().answerDispute.mutate({ ...input, key: newActionKey(), expect: preview.digest });
  await work();
  expect(await orderOf(shop, of)).toMatchObject({ status: 'confirmed', paymentStatus: 'partially_refunded' });
  expect((await orderOf(shop, of)).disputes).toMatchObject([{ state: 'lost', amount: 40_000 }]);
});

test('only one answer stands, and none once the dispute has ended', async () => {
  const of = await disputed();
  await decline(of);
  expect(await errorCodeOf(accept(of))).toBe('ORDER_STATE_CONFLICT');
  await work();
  expect(await errorCodeOf(accept(of))).toBe('ORDER_STATE_CONFLICT');
  shop.sandbox.resolveDispute(of.dispute, 'declined');
  await shop.sandbox.webhooksIdle();
  expect(await errorCodeOf(decline(of))).toBe('ORDER_STATE_CONFLICT');
  expect(answersAt(of)).toBe(1);
});

test('of two workers and two staff members at once, one answer is sent', async () => {
  const of = await disputed();
  shop.sandbox.clearRequests();
  const codes = await Promise.all(
    [accept(of), decline(of)].map((call) =>
      call.then(
        () => 'done',
        () => 'refused',
      ),
    ),
  );
  expect(codes.sort()).toEqual(['done', 'refused']);
  await Promise.all([work(), work()]);
  expect([answersAt(of), callsTo('dispute.resolve')]).toEqual([1, 1]);
});

test.each(['dispute.evidence', 'dispute.resolve'] as const)(
  'when the reply to %s is lost, the dispute is read and the call is not repeated',
  async (route) => {
    const of = await disputed({ category: 'fraud' });
    shop.sandbox.clearRequests();
    shop.sandbox.script({ route, fault: { kind: 'drop' }, carriedOut: true, times: 1 });
    await decline(of);
    await work();
    expect((await answerOf(of))?.sentAt).toBeUndefined();
    await work();
    shop.clock.advance(3 * MINUTE_MS);
    await work();
    expect((await answerOf(of))?.sentAt).toBeDefined();
    expect([callsTo('dispute.evidence'), callsTo('dispute.resolve'), answersAt(of)]).toEqual([1, 1, 1]);
  },
);

test('a request that never reached Paystack is sent again after its wait', async () => {
  const of = await disputed();
  shop.sandbox.script({ route: 'dispute.resolve', fault: { kind: 'status', status: 503 }, times: 1 });
  await decline(of);
  await work();
  const waiting = await admin().order.query({ id: of.orderId });
  expect(waiting.disputes).toMatchObject([{ answer: { state: 'sending', lastError: expect.stringContaining('503') } }]);
  shop.clock.advance(MINUTE_MS);
  await work();
  expect(answersAt(of)).toBe(0);
  shop.clock.advance(2 * MINUTE_MS);
  await work();
  expect(answersAt(of)).toBe(1);
});

test('an answer that Paystack refuses is unfrozen with its reason, and another may be given', async () => {
  const of = await disputed();
  const body = { status: false, message: 'no', code: 'invalid_params' };
  shop.sandbox.script({
    route: 'dispute.resolve',
    fault: { kind: 'override', httpStatus: 400, body },
    carriedOut: false,
    times: 1,
  });
  await decline(of);
  await work();
  const refused = await admin().order.query({ id: of.orderId });
  expect(refused.disputes).toMatchObject([{ answer: { state: 'refused' } }]);
  expect(refused.attention).toEqual([expect.stringContaining('Paystack did not take the answer')]);
  expect(refused.actions).toContainEqual({
    action: 'declineDispute',
    target: String(of.dispute),
    allowed: true,
    why: null,
  });
  await accept(of);
  await work();
  expect((await orderOf(shop, of)).disputes).toMatchObject([{ state: 'lost', answer: { resolution: 'accept' } }]);
});

test('a dispute that is opened again needs an answer of its own', async () => {
  const of = await disputed();
  await decline(of);
  await work();
  shop.sandbox.resolveDispute(of.dispute, 'declined');
  shop.sandbox.reopenDispute(of.dispute);
  await shop.sandbox.webhooksIdle();
  expect((await orderOf(shop, of)).disputes).toMatchObject([{ state: 'open' }]);
  expect(await answerOf(of)).toBeUndefined();
  await decline(of);
  await work();
  expect(answersAt(of)).toBe(2);
  expect((await answerOf(of))?.sentAt).toBeDefined();
});

test('a file of staff is taken by its bytes, goes to Paystack as it is, and belongs to its order', async () => {
  const of = await disputed();
  const attach = async (bytes: Uint8Array, orderId = of.orderId, token = shop.staff.token) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'image/png' };
    const reply = await fetch(`${shop.url}/admin/dispute-files/${orderId}`, {
      method: 'POST',
      headers,
      body: Buffer.from(bytes),
    });
    const body: unknown = await reply.json();
    return { status: reply.status, body: body as { fileId: string; contentType: string } };
  };
  const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(100_000, 7)]);
  expect((await attach(Buffer.from('<svg onload="alert(1)"/>'))).status).toBe(400);
  expect((await attach(Buffer.concat([png, Buffer.alloc(5 * 1024 * 1024)]))).status).toBe(413);
  expect((await attach(png, 'a'.repeat(24))).status).toBe(404);
  expect((await attach(png, of.orderId, of.shopper.token)).status).toBe(403);
  const other = await buy(shop);
  const foreign = await attach(png, other.orderId);
  expect(await errorCodeOf(decline(of, { fileId: foreign.body.fileId }))).toBe('INVALID_INPUT');
  const { body } = await attach(png);
  expect(body.contentType).toBe('image/png');
  await decline(of, { fileId: body.fileId });
  await work();
  const sent = shop.sandbox.uploadedFile(atPaystack(of).fileName ?? '');
  expect(sent?.equals(png)).toBe(true);
  const receipt = await admin().disputeReceipt.query(named(of));
  expect(Buffer.from(receipt.base64, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
});

test('support declines disputes, and only managers give money back for them', async () => {
  const of = await disputed();
  const { client } = await shop.signUp({ role: 'support' });
  const answer = { ...named(of), ...words, key: newActionKey() };
  expect(await errorCodeOf(client.admin.answerDispute.mutate({ ...answer, resolution: 'accept' }))).toBe('FORBIDDEN');
  const view = await client.admin.answerDispute.mutate({ ...answer, resolution: 'decline' });
  expect(view.actions.find(({ action }) => action === 'acceptDispute')?.allowed).toBe(false);
  await work();
});

test('staff are emailed 8, 4 and 1 hours before the deadline, once each, until Paystack has the answer', async () => {
  const of = await disputed({ dueAt: new Date(shop.clock.now().getTime() + 10 * HOUR_MS) });
  const alerts = () =>
    shop.mailbox.mails({ to: shop.staff.email }).flatMap(({ key }) => {
      const [, kind, id, hours] = key?.split(':') ?? [];
      return kind === 'dispute_due' && id === String(of.dispute) ? [hours] : [];
    });
  await sweepAfter(shop, HOUR_MS);
  expect(alerts()).toEqual([]);
  await sweepAfter(shop, HOUR_MS + MINUTE_MS);
  await Promise.all([sweep(shop), sweep(shop)]);
  expect(alerts()).toEqual(['8']);
  await sweepAfter(shop, 4 * HOUR_MS);
  expect(alerts()).toEqual(['8', '4']);
  // The answer is given and cannot be sent: the alert says so.
  shop.sandbox.script({ route: 'dispute.get', reference: of.txRef, fault: { kind: 'status', status: 503 } });
  await decline(of);
  await sweepAfter(shop, 3 * HOUR_MS);
  expect(alerts()).toEqual(['8', '4', '1']);
  const mail = shop.mailbox
    .mails({ to: shop.staff.email })
    .find(({ key }) => key === `staff:dispute_due:${of.dispute}:1`);
  expect(mail?.text).toContain('An answer was given, and it is not at Paystack yet');
  expect(mail?.text).toContain(of.code);
  expect(mail?.text).not.toContain('Ada');
  shop.sandbox.clearScript();
  await sweepAfter(shop, 5 * MINUTE_MS);
  expect((await answerOf(of))?.sentAt).toBeDefined();
  await sweepAfter(shop, 2 * HOUR_MS);
  await runEmailsOnce(shop.ctx);
  expect(alerts()).toEqual(['8', '4', '1']);
});
