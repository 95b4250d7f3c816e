/** Answers to disputes when replies are lost, workers race, Paystack refuses, or a dispute is opened again (I20). */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { disputesOf } from '../support/disputes.ts';
import { errorCodeOf, expectAllConsistent, MINUTE_MS, orderOf, type Shop, startTestShop } from '../support/shopping.ts';

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

test('only one answer stands, and none once the dispute has ended', async () => {
  const of = await disputes.disputed();
  await disputes.decline(of);
  expect(await errorCodeOf(disputes.accept(of))).toBe('ORDER_STATE_CONFLICT');
  await disputes.work();
  expect(await errorCodeOf(disputes.accept(of))).toBe('ORDER_STATE_CONFLICT');
  shop.sandbox.resolveDispute(of.dispute, 'declined');
  await shop.sandbox.webhooksIdle();
  expect(await errorCodeOf(disputes.decline(of))).toBe('ORDER_STATE_CONFLICT');
  expect(disputes.answersAt(of)).toBe(1);
});

test('of two workers and two staff members at once, one answer is sent', async () => {
  const of = await disputes.disputed();
  shop.sandbox.clearRequests();
  const codes = await Promise.all(
    [disputes.accept(of), disputes.decline(of)].map((call) =>
      call.then(
        () => 'done',
        () => 'refused',
      ),
    ),
  );
  expect(codes.sort()).toEqual(['done', 'refused']);
  await Promise.all([disputes.work(), disputes.work()]);
  expect([disputes.answersAt(of), disputes.callsTo('dispute.resolve')]).toEqual([1, 1]);
});

test.each(['dispute.evidence', 'dispute.resolve'] as const)(
  'when the reply to %s is lost, the dispute is read and the call is not repeated',
  async (route) => {
    const of = await disputes.disputed({ category: 'fraud' });
    shop.sandbox.clearRequests();
    shop.sandbox.script({ route, fault: { kind: 'drop' }, carriedOut: true, times: 1 });
    await disputes.decline(of);
    await disputes.work();
    expect((await disputes.answerOf(of))?.sentAt).toBeUndefined();
    await disputes.work();
    shop.clock.advance(3 * MINUTE_MS);
    await disputes.work();
    expect((await disputes.answerOf(of))?.sentAt).toBeDefined();
    expect([disputes.callsTo('dispute.evidence'), disputes.callsTo('dispute.resolve'), disputes.answersAt(of)]).toEqual(
      [1, 1, 1],
    );
  },
);

test('a request that never reached Paystack is sent again after its wait', async () => {
  const of = await disputes.disputed();
  shop.sandbox.script({ route: 'dispute.resolve', fault: { kind: 'status', status: 503 }, times: 1 });
  await disputes.decline(of);
  await disputes.work();
  const waiting = await admin().order.query({ id: of.orderId });
  expect(waiting.disputes).toMatchObject([{ answer: { state: 'sending', lastError: expect.stringContaining('503') } }]);
  shop.clock.advance(MINUTE_MS);
  await disputes.work();
  expect(disputes.answersAt(of)).toBe(0);
  shop.clock.advance(2 * MINUTE_MS);
  await disputes.work();
  expect(disputes.answersAt(of)).toBe(1);
});

test('an answer that Paystack refuses is unfrozen with its reason, and another may be given', async () => {
  const of = await disputes.disputed();
  const body = { status: false, message: 'no', code: 'invalid_params' };
  shop.sandbox.script({
    route: 'dispute.resolve',
    fault: { kind: 'override', httpStatus: 400, body },
    carriedOut: false,
    times: 1,
  });
  await disputes.decline(of);
  await disputes.work();
  const refused = await admin().order.query({ id: of.orderId });
  expect(refused.disputes).toMatchObject([{ answer: { state: 'refused' } }]);
  expect(refused.attention).toEqual([expect.stringContaining('Paystack did not take the answer')]);
  expect(refused.actions).toContainEqual({
    action: 'declineDispute',
    target: String(of.dispute),
    allowed: true,
    why: null,
  });
  await disputes.accept(of);
  await disputes.work();
  expect((await orderOf(shop, of)).disputes).toMatchObject([{ state: 'lost', answer: { resolution: 'accept' } }]);
});

test('a dispute that is opened again needs an answer of its own', async () => {
  const of = await disputes.disputed();
  await disputes.decline(of);
  await disputes.work();
  shop.sandbox.resolveDispute(of.dispute, 'declined');
  shop.sandbox.reopenDispute(of.dispute);
  await shop.sandbox.webhooksIdle();
  expect((await orderOf(shop, of)).disputes).toMatchObject([{ state: 'open' }]);
  expect(await disputes.answerOf(of)).toBeUndefined();
  await disputes.decline(of);
  await disputes.work();
  expect(disputes.answersAt(of)).toBe(2);
  expect((await disputes.answerOf(of))?.sentAt).toBeDefined();
});
