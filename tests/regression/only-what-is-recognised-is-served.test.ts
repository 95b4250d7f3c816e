/** A bug once: tRPC served the last segment of any path below /trpc, in any case, unknown to deadlines, shedding and the log. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { get, send } from '../support/raw-trpc.ts';
import { type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

let world: TestApp;
let ada: SignedIn;
beforeAll(async () => {
  world = await startTestApp();
  ada = await world.signUp();
});
afterAll(() => world.stop());

test.each([
  '/trpc/x/cart.get',
  '/trpc//cart.get',
  '/TRPC/cart.get',
  '/Trpc/orders.watch',
  '/trpc/x/orders.watch',
  '/trpc',
])('%s is no way to a procedure', async (path) => {
  const reply = await send(`${world.url}${path}`, {}, { token: ada.token });
  expect(reply.status).toBe(404);
  expect(JSON.stringify(reply.body)).toContain('NOT_FOUND');
});

test.each(['/READYZ', '/Orders/verify-payment/ord-X-1', '/Webhooks/paystack', '/AGENDASH'])(
  '%s is no way to a route',
  async (path) => {
    const reply = await send(`${world.url}${path}`, path.includes('ook') ? { method: 'POST' } : {});
    expect([reply.status, reply.body.error.message]).toEqual([404, expect.stringContaining('Page')]);
  },
);

test('the one way to a procedure is open', async () => {
  expect((await get(world.url, 'cart.get', undefined, { token: ada.token })).status).toBe(200);
});
