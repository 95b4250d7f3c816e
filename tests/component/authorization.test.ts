/**
 * Invariant I24: every procedure and route for a stranger, customers and each role of staff (OWASP API1, API3 and API5:2023).
 * The doors come from the router and from Express. The rules come from the API page's notes and the table of permissions.
 * So a new door without a rule fails, and so does one with another permission.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { PROCEDURE_NOTES } from '../../dev/docs/procedure-notes.ts';
import { allProcedures, type ProcedureEntry } from '../../dev/docs/procedures.ts';
import { may, PERMISSIONS, type Permission, STAFF_ROLES } from '../../models/contract/permissions.ts';
import { permissionOf } from '../../models/contract/staff/order-actions.ts';
import { createAgendash } from '../../server/http/agendash.ts';
import { createApp, createOpsApp } from '../../server/http/app.ts';
import { newActionKey } from '../support/action-keys.ts';
import { get, post, type RawReply } from '../support/raw-trpc.ts';
import { type Route, routesOf } from '../support/routes.ts';
import {
  ADDRESS,
  buy,
  type Checkout,
  errorCodeOf,
  finishRefunds,
  newCheckoutKey,
  type Shop,
  startTestShop,
} from '../support/shopping.ts';
import { everything, stockVariant, unknownId } from '../support/stocked-variant.ts';
import { PASSWORD, type SignedIn } from '../support/test-app.ts';

const CALLERS = ['stranger', 'its customer', 'another customer', ...STAFF_ROLES] as const;
type CallerName = (typeof CALLERS)[number];
type StaffName = (typeof STAFF_ROLES)[number];

// Every procedure is called by every role.
jest.setTimeout(60_000);

let shop: Shop;
let bought: Checkout;
let people: Record<CallerName, SignedIn | null>;
beforeAll(async () => {
  shop = await startTestShop();
  bought = await buy(shop);
  const another = await shop.signUp();
  const staff = await Promise.all(STAFF_ROLES.map(async (role) => [role, await shop.signUp({ role })]));
  people = {
    stranger: null,
    'its customer': bought.shopper,
    'another customer': another,
    ...Object.fromEntries(staff),
  };
});
afterAll(() => shop.stop());

const signedIn = (name: CallerName): SignedIn => {
  const person = people[name];
  if (person === null) throw new Error('a stranger has no account');
  return person;
};

const isPermission = (caller: string): caller is Permission => PERMISSIONS.some((one) => one === caller);
const isStaffName = (name: CallerName): name is StaffName => STAFF_ROLES.some((role) => role === name);

test('every procedure names its access, those of admin a permission, and the API page says the same', () => {
  const named = allProcedures().map(({ path, access }) => [path, access]);
  const noted = Object.entries(PROCEDURE_NOTES).map(([path, { caller }]) => [
    path,
    caller === 'own order' ? 'signed in' : caller,
  ]);
  expect(Object.fromEntries(named)).toEqual(Object.fromEntries(noted));
  for (const { path, access = '' } of allProcedures())
    expect([path, isPermission(access)]).toEqual([path, path.startsWith('admin.')]);
});

/** The code with which the caller is refused; null where the door is open. */
function refusalOf({ path }: ProcedureEntry, name: CallerName): string | null {
  const rule = PROCEDURE_NOTES[path]?.caller ?? 'nobody';
  if (rule === 'anyone') return null;
  if (name === 'stranger') return 'UNAUTHENTICATED';
  if (rule === 'signed in') return null;
  if (rule === 'own order') return name === 'its customer' ? null : 'NOT_FOUND';
  return isPermission(rule) && isStaffName(name) && may(name, rule) ? null : 'FORBIDDEN';
}

/** Each call of each caller, as rows with the code of the reply. A few at a time, because the limits count all of them. */
async function callAll(wanted: (procedure: ProcedureEntry, name: CallerName) => boolean, id: string) {
  const rows: [string, CallerName, string][] = [];
  for (const procedure of allProcedures()) {
    const callers = CALLERS.filter((name) => wanted(procedure, name));
    const codes = await Promise.all(callers.map((name) => codeOf(procedure, people[name], id)));
    rows.push(
      ...callers.map((name, index): [string, CallerName, string] => [procedure.path, name, codes[index] ?? '']),
    );
  }
  return rows;
}

test('who lacks the permission is refused by every procedure, and nothing changes', async () => {
  const before = await everything(shop.db);
  const rows = await callAll((procedure, name) => refusalOf(procedure, name) !== null, bought.orderId);
  const procedures = new Map(allProcedures().map((procedure) => [procedure.path, procedure]));
  const expected = rows.map(([path, name]) => {
    const procedure = procedures.get(path);
    return [path, name, procedure ? refusalOf(procedure, name) : 'no such procedure'];
  });
  expect(rows).toEqual(expected);
  expect(rows.length).toBeGreaterThan(100);
  expect(await everything(shop.db)).toBe(before);
});

test('who has the permission passes every door: the input is looked at next', async () => {
  const isStaffDoor = ({ path }: ProcedureEntry) => path.startsWith('admin.');
  const isOpen = (procedure: ProcedureEntry, name: CallerName) => refusalOf(procedure, name) === null;
  const staff = await callAll((procedure, name) => isStaffDoor(procedure) && isOpen(procedure, name), unknownId());
  for (const row of staff) expect(row[2]).toMatch(/^(answered|INVALID_INPUT|NOT_FOUND)$/);
  const others = await callAll((procedure, name) => !isStaffDoor(procedure) && isOpen(procedure, name), bought.orderId);
  // The order is no product and no session.
  const isOtherId = (path: string) => path === 'catalog.productById' || path === 'account.endSession';
  const found = others.filter(([path, , code]) => !(isOtherId(path) && code === 'NOT_FOUND'));
  for (const row of found) expect(row[2]).toMatch(/^(answered|INVALID_INPUT|CART_EMPTY|ORDER_STATE_CONFLICT)$/);
});

test('the list of actions on an order offers each role what its permissions allow, and no more', async () => {
  for (const role of STAFF_ROLES) {
    const { actions } = await signedIn(role).client.admin.order.query({ id: bought.orderId });
    for (const { action, allowed, why } of actions) {
      if (!may(role, permissionOf(action)))
        expect([role, action, allowed, why]).toEqual([role, action, false, expect.any(String)]);
    }
    const ship = actions.find(({ action }) => action === 'ship');
    expect([role, ship?.allowed]).toEqual([role, may(role, 'ship')]);
  }
});

test('support gives back up to its limit, which each call reads; a manager has none', async () => {
  const id = (await buy(shop)).orderId;
  const refund = (amount: number) => ({ id, key: newActionKey(), amount, note: 'scratched' });
  const { admin } = signedIn('support').client;
  const change = async (supportRefund: number) => {
    const { version } = await signedIn('owner').client.admin.limits.query();
    return signedIn('owner').client.admin.setLimits.mutate({ version, supportRefund });
  };
  expect(await change(500)).toMatchObject({ outcome: 'changed', supportRefund: 500 });
  expect(await errorCodeOf(admin.refund.mutate(refund(501)))).toBe('FORBIDDEN');
  const { why } = await admin.previewRefund.mutate({ id, amount: 501, note: 'scratched' });
  expect(why).toContain('ask a manager');
  await admin.refund.mutate(refund(300));
  await finishRefunds(shop);
  expect(await errorCodeOf(admin.refund.mutate(refund(201)))).toBe('FORBIDDEN');
  expect(await errorCodeOf(admin.cancel.mutate({ id }))).toBe('FORBIDDEN');
  await change(600);
  await admin.refund.mutate(refund(201));
  await finishRefunds(shop);
  await signedIn('manager').client.admin.refund.mutate(refund(10_000));
  await finishRefunds(shop);
});

test('staff are customers like others where it is about customers', async () => {
  for (const role of STAFF_ROLES) expect((await signedIn(role).client.orders.list.query({})).items).toEqual([]);
});

/** Inputs name the order where they have an order id. Access is checked before other fields. */
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
    if (/^event: serialized-error\ndata: .*\n|^data: .*"(status|more)":/m.test(text)) break;
  }
  ending.abort();
  // An order's view has a code too, which letters alone can make up: only an error event names an error.
  const failure = /^event: serialized-error\ndata: (.*)\n/m.exec(text)?.[1];
  return failure === undefined ? 'answered' : JSON.parse(failure).data.code;
}

test("another's order and an unknown order get the same reply", async () => {
  for (const path of ['orders.get', 'orders.cancel']) {
    const type = path === 'orders.get' ? 'query' : 'mutation';
    const anothers = await call({ path, type }, signedIn('another customer'), bought.orderId);
    const nobodys = await call({ path, type }, signedIn('another customer'), unknownId());
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
  expect((await signedIn('another customer').client.cart.get.query()).lines).toEqual([]);
  expect((await signedIn('another customer').client.orders.list.query({})).items).toEqual([]);
  const input = { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() };
  const { orderId } = await bought.shopper.client.orders.initializePayment.mutate(input);
  // A checkoutKey belongs to one user, so another user's request finds no order.
  const stolen = await post(shop.url, 'orders.initializePayment', input, { token: signedIn('another customer').token });
  expect(stolen.body.error.data.code).toBe('CART_EMPTY');
  expect(JSON.stringify(stolen.body)).not.toContain(orderId);
});

describe('routes', () => {
  const everyone = (status: number) => () => status;
  /** The status for each caller. */
  const managed = (permission: Permission, status: number) => (name: CallerName) => {
    if (name === 'stranger') return 401;
    return isStaffName(name) && may(name, permission) ? status : 403;
  };
  const ROUTES: Record<string, { statusFor: (name: CallerName) => number; why: string }> = {
    'GET /openapi.json': { statusFor: everyone(200), why: 'public' },
    'POST /webhooks/paystack': { statusFor: everyone(401), why: 'signed by Paystack, whoever bears it' },
    'POST /webhooks/sendgrid': { statusFor: everyone(404), why: 'no key of SendGrid is configured' },
    'GET /orders/verify-payment/:txRef': { statusFor: everyone(200), why: 'public; a status and no more' },
    'POST /orders/initialize-payment': {
      statusFor: (name) => (name === 'stranger' ? 401 : 400),
      why: 'signed in; an input that is empty',
    },
    'GET /orders/:id': {
      statusFor: (name) => (name === 'stranger' ? 401 : name === 'its customer' ? 200 : 404),
      why: 'its customer',
    },
    'GET /orders/:id/receipt.pdf': {
      statusFor: (name) => (name === 'stranger' ? 401 : name === 'its customer' ? 200 : 404),
      why: 'its customer',
    },
    'POST /admin/dispute-files/:orderId': {
      statusFor: managed('answerDispute', 400),
      why: 'staff who answer disputes; no PDF, JPEG or PNG',
    },
    'POST /admin/pictures': {
      statusFor: managed('editCatalogue', 400),
      why: 'staff who edit the catalogue; no picture',
    },
    'POST /admin/logo': { statusFor: managed('settings', 400), why: 'who changes the settings; no picture' },
    'GET /pictures/:pictureId/:size': { statusFor: everyone(404), why: 'public; there is none' },
    'GET /admin/orders/list.csv': { statusFor: managed('exportOrders', 200), why: 'staff who export orders' },
    'GET /admin/products/list.csv': { statusFor: managed('editCatalogue', 200), why: 'staff who edit the catalogue' },
    'GET /admin/payouts/list.csv': { statusFor: managed('viewPayouts', 200), why: 'staff who see payouts' },
    'GET /admin/payouts/:id/charges.csv': {
      statusFor: managed('viewPayouts', 404),
      why: 'staff who see payouts; none has this id',
    },
  };
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

  test.each(Object.entries(ROUTES))('%s answers each caller by its rule', async (route, { statusFor }) => {
    const [method = '', path = ''] = route.split(' ');
    const address = path.replace(':txRef', bought.txRef).replace(/:(id|orderId)(?=$|\/receipt)/, bought.orderId);
    for (const name of CALLERS) {
      const caller = people[name];
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
      expect([name, reply.status]).toEqual([name, statusFor(name)]);
      expect(reply.headers.get('set-cookie')).toBeNull();
      if (path.includes(':txRef')) expect(await reply.json()).toEqual({ txRef: bought.txRef, status: 'paid' });
    }
  });

  test('every route of Agendash lets in, by their password, the roles that may see jobs, and nobody else', async () => {
    const agendash = routesOf(createAgendash(shop.ctx)).filter(({ path }) => path.startsWith('/'));
    expect(agendash.length).toBeGreaterThan(3);
    const basic = ({ email }: SignedIn) => `Basic ${Buffer.from(`${email}:${PASSWORD}`).toString('base64')}`;
    const credentials = CALLERS.map((name) => people[name] && basic(signedIn(name)));
    const expected = CALLERS.map((name) => isStaffName(name) && may(name, 'jobs'));
    // The page's own sign-in takes a session in its body, and refuses these requests for their missing origin.
    for (const { method, path } of agendash.filter(({ path }) => path !== '/sign-in')) {
      const address = `${shop.url}/agendash${path.replaceAll(/[:*]\w+/g, 'x')}`;
      const letIn = [];
      for (const authorization of [...credentials, `Bearer ${signedIn('owner').token}`]) {
        const reply = await fetch(address, { method, headers: authorization ? { authorization } : {} });
        letIn.push(reply.status !== 401);
        // One of these procedures streams.
        await reply.body?.cancel();
      }
      expect([method, path, letIn]).toEqual([method, path, [...expected, false]]);
    }
  });
});
