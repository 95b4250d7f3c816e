/**
 * The access rule of every procedure and route for anonymous callers, customers, other customers and staff. The lists
 * come from the router and from Express, so a new one without a rule fails (OWASP API1, API3 and API5:2023).
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PROCEDURE_NOTES } from '../../dev/docs/procedure-notes.ts';
import { allProcedures } from '../../dev/docs/procedures.ts';
import { createAgendash } from '../../server/http/agendash.ts';
import { createApp, createOpsApp } from '../../server/http/app.ts';
import { get, post, type RawReply } from '../support/raw-trpc.ts';
import { type Route, routesOf } from '../support/routes.ts';
import { ADDRESS, buy, type Checkout, newCheckoutKey, type Shop, startTestShop } from '../support/shopping.ts';
import { everything, stockVariant, unknownId } from '../support/stocked-variant.ts';
import { PASSWORD, type SignedIn } from '../support/test-app.ts';

let shop: Shop;
let bought: Checkout;
let stranger: SignedIn;
beforeAll(async () => {
  shop = await startTestShop();
  bought = await buy(shop);
  stranger = await shop.signUp();
});
afterAll(() => shop.stop());

/** `customer` is any signed-in user, for their own data. `owner` is the customer of the order. */
type Rule = 'anyone' | 'customer' | 'owner' | 'staff';

const RULES: Record<string, Rule> = {
  'auth.register': 'anyone',
  'auth.login': 'anyone',
  'auth.me': 'customer',
  'catalog.products': 'anyone',
  'catalog.product': 'anyone',
  'catalog.productById': 'anyone',
  'cart.get': 'customer',
  'cart.addItem': 'customer',
  'cart.ensure': 'customer',
  'cart.setQuantity': 'customer',
  'cart.removeItem': 'customer',
  'cart.clear': 'customer',
  'orders.initializePayment': 'customer',
  'orders.get': 'owner',
  'orders.list': 'customer',
  'orders.cancel': 'owner',
  'orders.watch': 'owner',
  'admin.createProduct': 'staff',
  'admin.editProduct': 'staff',
  'admin.archiveProduct': 'staff',
  'admin.createVariant': 'staff',
  'admin.editVariant': 'staff',
  'admin.archiveVariant': 'staff',
  'admin.adjustStock': 'staff',
  'admin.orders': 'staff',
  'admin.order': 'staff',
  'admin.ship': 'staff',
  'admin.deliver': 'staff',
  'admin.cancel': 'staff',
  'admin.refund': 'staff',
  'admin.retryRefund': 'staff',
  'admin.recordRefundPaidElsewhere': 'staff',
  'admin.retrySettlement': 'staff',
  'admin.retryStuck': 'staff',
  'admin.resolveReview': 'staff',
  'admin.previewShip': 'staff',
  'admin.previewCancel': 'staff',
  'admin.previewRefund': 'staff',
  'admin.previewResolveReview': 'staff',
  'admin.resendEmail': 'staff',
};

test('every procedure has a rule, and every rule a procedure', () => {
  const paths = allProcedures().map(({ path }) => path);
  expect(paths.sort()).toEqual(Object.keys(RULES).sort());
});

test('the API page names the caller of each procedure as its rule does', () => {
  const documented = Object.entries(PROCEDURE_NOTES).map(([path, { caller }]) => [path, caller]);
  const rules = Object.entries(RULES).map(([path, rule]) => [path, rule === 'customer' ? 'signed in' : rule]);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(rules));
});

/** Inputs name the bought order where they have an order id. Access is checked before other fields. */
const about = (id: string) => ({ id });

async function call(
  { path, type }: { path: string; type: string },
  who: SignedIn | null,
  id: string,
): Promise<RawReply> {
  const options = { token: who?.token };
  return type === 'mutation' ? post(shop.url, path, about(id), options) : get(shop.url, path, about(id), options);
}

/** A subscription responds with an event stream, errors included. */
async function codeOf(procedure: { path: string; type: string }, who: SignedIn | null, id: string): Promise<string> {
  if (procedure.type !== 'subscription') {
    const { body } = await call(procedure, who, id);
    return body.error?.data.code ?? 'answered';
  }
  const headers = who === null ? {} : { authorization: `Bearer ${who.token}` };
  const input = encodeURIComponent(JSON.stringify(about(id)));
  const ending = new AbortController();
  const reply = await fetch(`${shop.url}/trpc/${procedure.path}?input=${input}`, { headers, signal: ending.signal });
  let text = '';
  for await (const chunk of reply.body ?? []) {
    text += new TextDecoder().decode(chunk);
    if (/^event: serialized-error\ndata: .*\n|^data: .*"status":"\w+"/m.test(text)) break;
  }
  ending.abort();
  // An order's view has a code too, which letters alone can make up: only an error event names an error.
  const failure = /^event: serialized-error\ndata: (.*)\n/m.exec(text)?.[1];
  return failure === undefined ? 'answered' : JSON.parse(failure).data.code;
}

const LET_IN = /^(answered|INVALID_INPUT|CART_EMPTY|ORDER_STATE_CONFLICT)$/;

describe.each(allProcedures().map(({ path, type }) => ({ path, type, rule: RULES[path] })))(
  '$path ($rule)',
  (procedure) => {
    const { rule } = procedure;

    test('anonymous', async () => {
      const before = await everything(shop.db);
      const code = await codeOf(procedure, null, bought.orderId);
      if (rule === 'anyone') expect(code).toMatch(LET_IN);
      else expect(code).toBe('UNAUTHENTICATED');
      expect(await everything(shop.db)).toBe(before);
    });

    test('another customer', async () => {
      const before = await everything(shop.db);
      const code = await codeOf(procedure, stranger, bought.orderId);
      if (rule === 'staff') expect(code).toBe('FORBIDDEN');
      else if (rule === 'owner') expect(code).toBe('NOT_FOUND');
      else expect(code).toMatch(LET_IN);
      if (rule === 'staff' || rule === 'owner') expect(await everything(shop.db)).toBe(before);
    });

    test('staff, who are customers like others where it is about customers', async () => {
      const code = await codeOf(procedure, shop.staff, rule === 'staff' ? unknownId() : bought.orderId);
      if (rule === 'owner') expect(code).toBe('NOT_FOUND');
      else expect(code).not.toMatch(/FORBIDDEN|UNAUTHENTICATED/);
    });

    test('the customer himself', async () => {
      const code = await codeOf(procedure, bought.shopper, bought.orderId);
      if (rule === 'staff') expect(code).toBe('FORBIDDEN');
      else expect(code).toMatch(LET_IN);
    });
  },
);

test("another's order and an unknown order get the same reply", async () => {
  for (const path of ['orders.get', 'orders.cancel']) {
    const type = path === 'orders.get' ? 'query' : 'mutation';
    const anothers = await call({ path, type }, stranger, bought.orderId);
    const nobodys = await call({ path, type }, stranger, unknownId());
    const shown = ({ status, body }: RawReply) => ({
      status,
      body: JSON.stringify(body).replaceAll(body.error.data.requestId, ''),
    });
    expect(shown(anothers)).toEqual(shown(nobodys));
  }
});

test("a cart, an order and a list are made of the caller's own things only", async () => {
  const item = await stockVariant(shop.db);
  await bought.shopper.client.cart.addItem.mutate({ variantId: item.variantId, quantity: 1 });
  expect((await stranger.client.cart.get.query()).lines).toEqual([]);
  expect((await stranger.client.orders.list.query({})).items).toEqual([]);
  const input = { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() };
  const { orderId } = await bought.shopper.client.orders.initializePayment.mutate(input);
  // A checkoutKey belongs to one user, so another user's request finds no order.
  const stolen = await post(shop.url, 'orders.initializePayment', input, { token: stranger.token });
  expect(stolen.body.error.data.code).toBe('CART_EMPTY');
  expect(JSON.stringify(stolen.body)).not.toContain(orderId);
});

describe('routes', () => {
  /** The result for each caller, in the order of CALLERS. */
  const ROUTES: Record<string, { statuses: readonly [number, number, number, number]; why: string }> = {
    'GET /openapi.json': { statuses: [200, 200, 200, 200], why: 'public' },
    'POST /webhooks/paystack': { statuses: [401, 401, 401, 401], why: 'signed by Paystack, whoever bears it' },
    'GET /orders/verify-payment/:txRef': { statuses: [200, 200, 200, 200], why: 'public; a status and no more' },
    'POST /orders/initialize-payment': { statuses: [401, 400, 400, 400], why: 'signed in; an input that is empty' },
    'GET /orders/:id': { statuses: [401, 200, 404, 404], why: 'its owner' },
  };
  const CALLERS = ['nobody', 'its owner', 'another customer', 'staff'] as const;
  const callers = () => [null, bought.shopper, stranger, shop.staff];
  let routes: Route[];
  beforeAll(() => {
    routes = routesOf(createApp(shop.ctx));
  });

  test('every route of Express has a rule, and every rule a route', () => {
    const found = routes.map(({ method, path }) => `${method} ${path}`);
    expect(found.sort()).toEqual(Object.keys(ROUTES).sort());
    const operators = routesOf(createOpsApp(shop.ctx)).map(({ method, path }) => `${method} ${path}`);
    expect(operators.sort()).toEqual(['GET /livez', 'GET /metrics', 'GET /readyz']);
  });

  const CASES = Object.entries(ROUTES).flatMap(([route, { statuses }]) =>
    CALLERS.map((caller, index) => ({ route, caller, index, status: statuses[index] })),
  );

  test.each(CASES)('$route answers $caller $status', async ({ route, index, status }) => {
    const [method = '', path = ''] = route.split(' ');
    const address = path.replace(':txRef', bought.txRef).replace(':id', bought.orderId);
    const caller = callers()[index];
    const reply = await fetch(`${shop.url}${address}`, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        ...(caller ? { authorization: `Bearer ${caller.token}` } : {}),
      },
      ...(method === 'POST' ? { body: '{}' } : {}),
    });
    expect(reply.status).toBe(status);
    expect(reply.headers.get('set-cookie')).toBeNull();
    if (path.includes(':txRef')) expect(await reply.json()).toEqual({ txRef: bought.txRef, status: 'paid' });
  });

  test('every route of Agendash lets staff in by their password, and nobody else', async () => {
    const agendash = routesOf(createAgendash(shop.ctx)).filter(({ path }) => path.startsWith('/'));
    expect(agendash.length).toBeGreaterThan(3);
    const basic = ({ email }: SignedIn) => `Basic ${Buffer.from(`${email}:${PASSWORD}`).toString('base64')}`;
    const credentials = [...callers().map((caller) => caller && basic(caller)), `Bearer ${shop.staff.token}`];
    for (const { method, path } of agendash) {
      const address = `${shop.url}/agendash${path.replaceAll(/[:*]\w+/g, 'x')}`;
      const letIn = [];
      for (const authorization of credentials) {
        const reply = await fetch(address, { method, headers: authorization ? { authorization } : {} });
        letIn.push(reply.status !== 401);
        // One of these procedures streams.
        await reply.body?.cancel();
      }
      expect([method, path, letIn]).toEqual([method, path, [false, false, false, true, false]]);
    }
  });
});
