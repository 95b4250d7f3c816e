/** To everybody except its owner, an order does not exist, by any procedure or route. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeVariants, order, refusalOf } from '../support/checkouts.ts';
import { get, type RawReply, send } from '../support/raw-trpc.ts';
import { everything, unknownId } from '../support/stocked-variant.ts';
import { type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
let owner: SignedIn;
let stranger: SignedIn;
let staff: SignedIn;
let orderId: string;
beforeAll(async () => {
  app = await startTestApp();
  const [item] = await makeVariants(app, {});
  ({ shopper: owner, orderId } = await order(app, [[item, 1]]));
  stranger = await app.signUp();
  staff = await app.signUp({ role: 'owner' });
});
afterAll(() => app.stop());

const WAYS: [string, (id: string, token?: string) => Promise<RawReply>][] = [
  ['orders.get', (id, token) => get(app.url, 'orders.get', { id }, { token })],
  ['GET /orders/:id', (id, token) => send(`${app.url}/orders/${id}`, {}, { token })],
  ['orders.cancel', (id, token) => send(`${app.url}/trpc/orders.cancel`, postOf({ id }), { token })],
];
const postOf = (body: unknown) => ({ method: 'POST', body: JSON.stringify(body) });

describe.each(WAYS)('%s', (_name, ask) => {
  test('gives another customer, and staff, the same reply as for an order that does not exist', async () => {
    const before = await everything(app.db);
    for (const { token } of [stranger, staff]) {
      const foreign = await ask(orderId, token);
      const missing = await ask(unknownId(), token);
      expect(foreign.status).toBe(404);
      expect(withoutIds(foreign)).toBe(withoutIds(missing));
    }
    expect(await everything(app.db)).toBe(before);
  });

  test('is refused without a token', async () => {
    const reply = await ask(orderId);
    expect(reply.status).toBe(401);
    expect(JSON.stringify(reply.body)).not.toContain(orderId);
  });
});

test('a list holds the caller’s own orders and no other', async () => {
  expect((await owner.client.orders.list.query({})).items.map(({ id }) => id)).toEqual([orderId]);
  for (const { client } of [stranger, staff]) {
    expect(await client.orders.list.query({})).toEqual({ items: [], nextCursor: null });
    expect(await client.orders.list.query({ cursor: 'f'.repeat(24) })).toEqual({ items: [], nextCursor: null });
  }
});

test('pages of a list hold every order once, newest first, and filter by status', async () => {
  const [item] = await makeVariants(app, {});
  const { shopper } = await order(app, [[item, 1]]);
  const { client } = shopper;
  const first = await client.orders.list.query({});
  await client.orders.cancel.mutate({ id: first.items[0]?.id ?? '' });
  for (let n = 0; n < 4; n += 1) {
    const { orderId: id } = await client.orders.initializePayment.mutate({
      shippingAddress: { name: 'A', line1: '1', city: 'L', state: 'Lagos', country: 'NG', phone: '+2348000000000' },
      checkoutKey: `page-of-orders-${n}-${shopper.id}`,
    });
    if (n === 0) await client.orders.cancel.mutate({ id });
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.orders.list.query({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(new Set(seen).size).toBe(5);
  expect(seen).toEqual([...seen].sort().reverse());
  const cancelled = await client.orders.list.query({ status: 'cancelled' });
  expect(cancelled.items.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
});

test('the owner may cancel a pending order twice: it is cancelled once', async () => {
  const cancelled = await owner.client.orders.cancel.mutate({ id: orderId });
  expect(cancelled).toMatchObject({ status: 'cancelled', cancelReason: 'by_customer' });
  expect((await owner.client.orders.cancel.mutate({ id: orderId })).version).toBe(cancelled.version);
  expect((await refusalOf(stranger.client.orders.get.query({ id: orderId }))).code).toBe('NOT_FOUND');
});

function withoutIds({ status, body }: RawReply): string {
  return JSON.stringify([status, body]).replaceAll(/"requestId":"[^"]*"/g, '');
}
