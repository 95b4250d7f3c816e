/** Agendash changes jobs and has no access control of its own, so the app guards each of its addresses. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { settled } from '../support/checkouts.ts';
import { makeCatalogue, makePaidOrder } from '../support/orders.ts';
import { fakeClock, PASSWORD, type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
let staff: SignedIn;
let customer: SignedIn;
beforeAll(async () => {
  app = await startTestApp({ worker: true });
  staff = await app.signUp({ role: 'staff', email: 'Boss@example.com'.toLowerCase() });
  customer = await app.signUp();
});
afterAll(() => app.stop());

const basic = (email: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`,
});
const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${app.url}/agendash${path}`, { redirect: 'manual', ...init });
const asStaff = () => basic(staff.email, PASSWORD);

describe('with the password of staff', () => {
  test('the page and its own scripts are there, under a policy that lets nothing else in', async () => {
    const page = await ask('/', { headers: asStaff() });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('html')]);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src|script-src/);
    const html = await page.text();
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  test('the jobs are listed', async () => {
    const reply = await ask('/api', { headers: asStaff() });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({ jobs: expect.any(Array) });
  });

  test('an address is the same in capitals, as everywhere', async () => {
    expect((await ask('/api', { headers: basic(staff.email.toUpperCase(), PASSWORD) })).status).toBe(200);
  });
});

describe('without', () => {
  test.each([
    ['nothing', {}],
    ["a customer's password", 'customer'],
    ['a wrong password', 'wrong'],
    ['an unknown email', 'unknown'],
    ['a bearer token of staff', 'bearer'],
    ['what is no Basic', { authorization: 'Basic %%%' }],
  ])('%s: 401 with the same body, and a browser shows its password dialog', async (_, who) => {
    const headers: Record<string, Record<string, string>> = {
      customer: basic(customer.email, PASSWORD),
      wrong: basic(staff.email, 'not the password'),
      unknown: basic('nobody@example.com', PASSWORD),
      bearer: { authorization: `Bearer ${staff.token}` },
    };
    const reply = await ask('/api', { headers: typeof who === 'string' ? (headers[who] ?? {}) : who });
    const body: unknown = await reply.json();
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe('Basic realm="Jobs", charset="UTF-8"');
    expect(body).toMatchObject({ error: { code: 'UNAUTHENTICATED', message: 'Sign in with a staff account.' } });
  });

  test('a user who is no longer staff, with a cached password or not', async () => {
    const former = await app.signUp({ role: 'staff' });
    expect((await ask('/api', { headers: basic(former.email, PASSWORD) })).status).toBe(200);
    await app.db.users.updateOne({ _id: former.id }, { role: 'customer' });
    expect((await ask('/api', { headers: basic(former.email, PASSWORD) })).status).toBe(401);
  });
});

describe('a post that changes jobs', () => {
  const SWEEP = { jobName: 'sweep', jobData: {} };
  const press = (headers: Record<string, string>, job: { jobName: string; jobData: object } = SWEEP) =>
    ask('/api/jobs/create', {
      method: 'POST',
      headers: { ...asStaff(), 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ ...job, jobSchedule: 'now' }),
    });
  const stored = () => app.db.connection.collection('agendaJobs').countDocuments({ name: 'sweep' });

  test.each<[string, Record<string, string>]>([
    ["another site's page", { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a neighbour of the same site', { 'sec-fetch-site': 'same-site' }],
    ['no browser that says where it comes from', {}],
  ])('from %s is refused, although the browser sends the password along', async (_, headers) => {
    const before = await stored();
    expect((await press(headers)).status).toBe(403);
    expect(await stored()).toBe(before);
  });

  test('from its own page settles a parked order, when the job says which to try again', async () => {
    const [variant] = await makeCatalogue(app.db);
    if (!variant) throw new Error('no variant was made');
    const paid = await makePaidOrder(app.db, { lines: [{ variant, quantity: 1 }] });
    const settlement = { attempts: 8, lastError: 'Error: planted', parkedAt: new Date() };
    await app.db.orders.updateOne({ _id: paid._id }, { $set: { settlement } });
    const jobData = { orderId: String(paid._id), retry: true };
    const reply = await press({ origin: app.url }, { jobName: 'processOrderPayment', jobData });
    expect(reply.status).toBe(200);
    expect(await settled(app, String(paid._id))).toMatchObject({ status: 'confirmed', settlement: { attempts: 0 } });
  });

  test('from its own page is done', async () => {
    expect((await press({ origin: app.url })).status).toBe(200);
  });
});

test('guesses from one address are refused after the limit, with the time to wait', async () => {
  const guarded = await startTestApp({ env: { SIGN_INS_PER_MINUTE: '3' }, context: { clock: fakeClock() } });
  try {
    const guess = () => fetch(`${guarded.url}/agendash/`, { headers: basic('boss@example.com', 'guess') });
    const statuses = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await guess()).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect(Number((await guess()).headers.get('retry-after'))).toBeGreaterThan(0);
  } finally {
    await guarded.stop();
  }
});
