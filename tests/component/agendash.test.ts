/** Agendash changes jobs and has no access control of its own, so the app guards each of its addresses. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import { readRecentJobs, recentQueries } from '../../jobs/agenda/recent-jobs.ts';
import { runSweepOnce } from '../../jobs/sweep.ts';
import { settled } from '../support/checkouts.ts';
import { makeCatalogue, makePaidOrder } from '../support/orders.ts';
import { fakeClock, PASSWORD, type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
let staff: SignedIn;
let customer: SignedIn;
beforeAll(async () => {
  app = await startTestApp({ worker: true });
  staff = await app.signUp({ role: 'owner', email: 'Boss@example.com'.toLowerCase() });
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
    expect(body).toMatchObject({
      error: { code: 'UNAUTHENTICATED', message: 'Sign in with an account of staff that may see this page.' },
    });
  });

  test('a user who is no longer staff, with a cached password or not', async () => {
    const former = await app.signUp({ role: 'owner' });
    expect((await ask('/api', { headers: basic(former.email, PASSWORD) })).status).toBe(200);
    await app.db.users.updateOne({ _id: former.id }, { role: 'customer' });
    expect((await ask('/api', { headers: basic(former.email, PASSWORD) })).status).toBe(401);
  });
});

describe('with the session of the staff page', () => {
  const signIn = (token: string, headers: Record<string, string> = { origin: app.url }) =>
    ask('/sign-in', { method: 'POST', headers: { authorization: `Bearer ${token}`, ...headers } });
  const cookieOf = (reply: Response) => reply.headers.get('set-cookie')?.split(';', 1)[0] ?? '';

  test('the page is there by a cookie that no script and no other site can use', async () => {
    const reply = await signIn(staff.token);
    expect([reply.status, reply.headers.get('set-cookie')]).toEqual([
      204,
      expect.stringMatching(/^staff-session=[\w.-]+; Path=\/agendash; HttpOnly; SameSite=Strict$/),
    ]);
    expect((await ask('/api', { headers: { cookie: `other=1; ${cookieOf(reply)}` } })).status).toBe(200);
  });

  test('in production browsers send it by https alone, and keep none that came another way', async () => {
    const secure = await startTestApp({ worker: true, config: { production: true } });
    try {
      const owner = await secure.signUp({ role: 'owner' });
      const at = (path: string, headers: Record<string, string>, method = 'GET') =>
        fetch(`${secure.url}/agendash${path}`, { method, headers: { origin: secure.url, ...headers } });
      const reply = await at('/sign-in', { authorization: `Bearer ${owner.token}` }, 'POST');
      expect(reply.headers.get('set-cookie')).toMatch(
        /^__Secure-staff-session=[\w.-]+; Path=\/agendash; HttpOnly; SameSite=Strict; Secure$/,
      );
      const cookie = cookieOf(reply);
      expect((await at('/api', { cookie })).status).toBe(200);
      expect((await at('/api', { cookie: cookie.replace('__Secure-', '') })).status).toBe(401);
    } finally {
      await secure.stop();
    }
  });

  test('its calls count by account, so that those of one address do not use up the limit of others there', async () => {
    const calls = 5;
    const env = { CALLS_PER_MINUTE: String(calls) };
    const small = await startTestApp({ worker: true, env, context: { clock: fakeClock() } });
    try {
      const at = (cookie: string) => fetch(`${small.url}/agendash/api`, { headers: { cookie } });
      const enter = async () => {
        const { token } = await small.signUp({ role: 'owner' });
        const headers = { authorization: `Bearer ${token}`, origin: small.url };
        return cookieOf(await fetch(`${small.url}/agendash/sign-in`, { method: 'POST', headers }));
      };
      const [one, other] = [await enter(), await enter()];
      const statusesOf = async (cookie: string) => {
        const statuses: number[] = [];
        for (let n = 0; n < calls; n += 1) statuses.push((await at(cookie)).status);
        return statuses;
      };
      // Signing in was the first.
      const allowed = [...Array(calls - 1).fill(200), 429];
      expect([await statusesOf(one), await statusesOf(other)]).toEqual([allowed, allowed]);
      // A forged one counts by the address.
      expect(await statusesOf('staff-session=made.up.token')).toEqual(Array(calls).fill(401));
      expect((await at('staff-session=made.up.token')).status).toBe(429);
    } finally {
      await small.stop();
    }
  });

  test('it ends with the session and with the role, at once', async () => {
    const other = await app.signUp({ role: 'manager' });
    const cookie = cookieOf(await signIn(other.token));
    const status = async () => (await ask('/api', { headers: { cookie } })).status;
    expect(await status()).toBe(200);
    await app.db.users.updateOne({ _id: other.id }, { role: 'packer' });
    expect(await status()).toBe(401);
    await app.db.users.updateOne({ _id: other.id }, { role: 'manager' });
    expect(await status()).toBe(200);
    await other.client.auth.signOut.mutate({ everywhere: false });
    expect(await status()).toBe(401);
  });

  test.each<[string, () => Promise<Response>, number]>([
    ['a customer', () => signIn(customer.token), 403],
    ['another site', () => signIn(staff.token, { origin: 'https://evil.example' }), 403],
    ['no token', () => ask('/sign-in', { method: 'POST', headers: { origin: app.url } }), 401],
    ['a forged cookie', () => ask('/api', { headers: { cookie: `staff-session=${customer.token}x` } }), 401],
    ['a cookie of a customer', () => ask('/api', { headers: { cookie: `staff-session=${customer.token}` } }), 401],
  ])('%s gets nothing', async (_, attempt, status) => {
    const reply = await attempt();
    expect([reply.status, reply.headers.get('set-cookie')]).toEqual([status, null]);
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

describe('many finished runs', () => {
  const jobs = () => app.db.connection.collection(JOBS_COLLECTION);
  const run = (name: string, at: Date | null, more: object = {}) => ({
    ...{ name, type: 'normal', priority: 0, data: {}, nextRunAt: null, lockedAt: null, failedAt: null, disabled: null },
    ...{ lastRunAt: at, lastFinishedAt: at, lastModifiedBy: 'test', ...more },
  });
  /** Of one reading of the clock, so that no two runs exchange their places. */
  const timesBefore = (now: number) => (ms: number) => new Date(now - ms);
  const overviewOf = async (name: string) => {
    const body = await (await ask('/api', { headers: asStaff() })).json();
    const { overview } = z.object({ overview: z.array(z.looseObject({ displayName: z.string() })) }).parse(body);
    return overview.find(({ displayName }) => displayName === name);
  };
  const countOf = (name: string) => jobs().countDocuments({ name });

  test('the sweep keeps the newest 500 of each job, and every one that waits, runs or is made due again', async () => {
    const ago = timesBefore(Date.now());
    const old = Array.from({ length: 1_600 }, (_, index) => run('old', ago(index * 100)));
    const later = new Date(Date.now() + 3600_000);
    const kept = [
      run('old', null, { nextRunAt: later }),
      run('old', null, { lockedAt: new Date(), lastRunAt: new Date() }),
      run('old', ago(300_000), { nextRunAt: later }),
      run('old', ago(300_000), { lockedAt: new Date() }),
    ];
    await jobs().insertMany([...old, ...kept, ...Array.from({ length: 20 }, () => run('few', ago(1_000)))]);
    await runSweepOnce(app.ctx);
    expect([await countOf('old'), await countOf('few')]).toEqual([500 + kept.length, 20]);
    const [oldest] = await jobs()
      .find({ name: 'old', nextRunAt: null, lockedAt: null }, { sort: { lastFinishedAt: 1 }, limit: 1 })
      .toArray();
    expect(oldest?.lastFinishedAt.getTime()).toBeGreaterThan(Date.now() - 500 * 100 - 60_000);
    await runSweepOnce(app.ctx);
    expect(await countOf('old')).toBe(500 + kept.length);
  });

  test('the page reads the newest 500 and what waits, however many there are', async () => {
    const ago = timesBefore(Date.now());
    const many = Array.from({ length: 3_000 }, (_, index) =>
      run('many', ago(index), index % 3 === 0 ? { failedAt: ago(index), failReason: 'Error: x' } : {}),
    );
    const later = new Date(Date.now() + 3600_000);
    await jobs().insertMany([
      ...many,
      run('many', null, { nextRunAt: later }),
      run('many', null, { nextRunAt: later }),
    ]);
    const readAll = jest.spyOn(app.ctx.jobs.agenda.db, 'getJobsOverview');
    expect(
      await readRecentJobs(app.db, app.ctx.clock.now()).then((read) => read.filter(({ name }) => name === 'many')),
    ).toHaveLength(502);
    expect(await overviewOf('many')).toMatchObject({ total: 502, scheduled: 2, failed: 167, completed: 333 });
    expect(readAll).not.toHaveBeenCalled();
    const page = async (query: string) => (await ask(`/api?job=many&${query}`, { headers: asStaff() })).json();
    expect(await page('limit=5')).toMatchObject({ total: 502, totalPages: 101 });
    expect(await page('state=scheduled')).toMatchObject({ total: 2, jobs: [{ scheduled: true }, { scheduled: true }] });
    expect(await page('state=failed&skip=165')).toMatchObject({ total: 167, jobs: { length: 2 } });
    expect(await (await ask('/api?q=MAN', { headers: asStaff() })).json()).toMatchObject({ total: 502 });
  });

  test('every reading of the page goes by an index', async () => {
    const read = jobs();
    for (const [filter, options] of recentQueries('many')) {
      const explained = z
        .looseObject({ queryPlanner: z.looseObject({ winningPlan: z.unknown() }) })
        .parse(await read.find(filter, options).explain('queryPlanner'));
      const plan = JSON.stringify(explained.queryPlanner.winningPlan);
      expect(plan).toContain('IXSCAN');
      expect(plan).not.toMatch(/COLLSCAN|"stage":"SORT"/);
    }
  });
});
