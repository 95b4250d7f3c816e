/** Staff answer disputes: evidence, a file and the answer reach Paystack once each, and staff are alerted of deadlines (I20). */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newActionKey } from '../../client-sdk/src/index.ts';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { disputeOf, disputesOf, WORDS } from '../support/disputes.ts';
import {
  buy,
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
let disputes: ReturnType<typeof disputesOf>;
beforeAll(async () => {
  shop = await startTestShop();
  disputes = disputesOf(shop);
});
afterEach(() => {
  shop.sandbox.clearWebhookRules();
  shop.sandbox.clearScript();
});
afterAll(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

const admin = () => shop.staff.client.admin;

test('a declined dispute gets the drafted evidence, a receipt and the answer, once each', async () => {
  const of = await disputes.disputed({ category: 'fraud' });
  const draft = await admin().disputeDraft.query(disputeOf(of));
  expect(draft).toMatchObject({ mostToAccept: of.amount, currency: 'NGN' });
  shop.sandbox.clearRequests();
  const key = newActionKey();
  const view = await disputes.decline(of, { key });
  expect(view.disputes).toMatchObject([{ answer: { state: 'waiting', file: 'receipt', message: WORDS.message } }]);
  await disputes.decline(of, { key });
  await disputes.work();
  await disputes.work();
  expect(disputes.atPaystack(of)).toMatchObject({
    status: 'awaiting-bank-feedback',
    resolution: 'declined',
    evidence: {
      customerEmail: of.shopper.email,
      customerName: 'Ada Obi',
      serviceDetails: draft.evidence.serviceDetails,
    },
  });
  expect((['dispute.evidence', 'dispute.uploadUrl', 'dispute.resolve'] as const).map(disputes.callsTo)).toEqual([
    1, 1, 1,
  ]);
  const [upload] = shop.sandbox.uploads().slice(-1);
  expect(upload).toMatchObject({ status: 200, contentType: 'application/pdf' });
  expect(
    shop.sandbox
      .uploadedFile(disputes.atPaystack(of).fileName ?? '')
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

test.each([
  ['won', { status: 'resolved', resolution: 'declined' }],
  ['open', { status: 'awaiting-bank-feedback' }],
] as const)(
  'an answer that was never begun is not called sent when Paystack awaits none, the dispute %s',
  async (state, move) => {
    const of = await disputes.disputed();
    await disputes.decline(of);
    shop.sandbox.moveDispute(of.dispute, move);
    await shop.sandbox.webhooksIdle();
    await disputes.work();
    const { disputes: seen, timeline } = await admin().order.query({ id: of.orderId });
    expect(seen).toMatchObject([{ state, answer: null }]);
    expect(timeline.map(({ what }) => what).join()).not.toContain('is at Paystack');
    expect(disputes.atPaystack(of).messages.filter(({ sender }) => sender === 'merchant')).toEqual([]);
    if (state === 'open') shop.sandbox.resolveDispute(of.dispute, 'declined');
    await shop.sandbox.webhooksIdle();
  },
);

test('the key of the shop never reaches the object store, and the address of a file is never logged', async () => {
  const of = await disputes.disputed();
  await disputes.decline(of);
  await disputes.work();
  const uploads = shop.sandbox.uploads();
  expect(uploads.every(({ authorized }) => !authorized)).toBe(true);
  const logged = JSON.stringify(shop.logged);
  expect(logged).not.toContain('X-Amz-Signature');
  expect(logged).not.toContain(PAYSTACK_KEY);
});

test('an accepted part goes back by Paystack, and the rest stays with the shop', async () => {
  const of = await disputes.disputed({ amount: null });
  expect(await errorCodeOf(disputes.accept(of, { refundAmount: of.amount + 1 }))).toBe('REFUND_EXCEEDS_PAYMENT');
  const input = { ...disputeOf(of), ...WORDS, resolution: 'accept' as const, refundAmount: 40_000 };
  const preview = await admin().previewAnswerDispute.mutate(input);
  expect(preview).toMatchObject({ why: null, money: [{ what: 'dispute_accepted', amount: 40_000, currency: 'NGN' }] });
  await admin().answerDispute.mutate({ ...input, key: newActionKey(), expect: preview.digest });
  await disputes.work();
  expect(await orderOf(shop, of)).toMatchObject({ status: 'confirmed', paymentStatus: 'partially_refunded' });
  expect((await orderOf(shop, of)).disputes).toMatchObject([{ state: 'lost', amount: 40_000 }]);
});

test('a file of staff is taken by its bytes, goes to Paystack as it is, and belongs to its order', async () => {
  const of = await disputes.disputed();
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
  expect(await errorCodeOf(disputes.decline(of, { fileId: foreign.body.fileId }))).toBe('INVALID_INPUT');
  const { body } = await attach(png);
  expect(body.contentType).toBe('image/png');
  await disputes.decline(of, { fileId: body.fileId });
  await disputes.work();
  const sent = shop.sandbox.uploadedFile(disputes.atPaystack(of).fileName ?? '');
  expect(sent?.equals(png)).toBe(true);
  const receipt = await admin().disputeReceipt.query(disputeOf(of));
  expect(Buffer.from(receipt.base64, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
});

test('support declines disputes, and only managers give money back for them', async () => {
  const of = await disputes.disputed();
  const { client } = await shop.signUp({ role: 'support' });
  const answer = { ...disputeOf(of), ...WORDS, key: newActionKey() };
  expect(await errorCodeOf(client.admin.answerDispute.mutate({ ...answer, resolution: 'accept' }))).toBe('FORBIDDEN');
  const view = await client.admin.answerDispute.mutate({ ...answer, resolution: 'decline' });
  expect(view.actions.find(({ action }) => action === 'acceptDispute')?.allowed).toBe(false);
  await disputes.work();
});

test('staff are emailed 8, 4 and 1 hours before the deadline, once each, until Paystack has the answer', async () => {
  const of = await disputes.disputed({ dueAt: new Date(shop.clock.now().getTime() + 10 * HOUR_MS) });
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
  await disputes.decline(of);
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
  expect((await disputes.answerOf(of))?.sentAt).toBeDefined();
  await sweepAfter(shop, 2 * HOUR_MS);
  await runEmailsOnce(shop.ctx);
  expect(alerts()).toEqual(['8', '4', '1']);
});
