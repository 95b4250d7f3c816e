/** The shutdown of a process on SIGTERM (P5). */
import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RoleProcess, startRole } from '../../dev/cluster/role-process.ts';
import { type EnqueuedJob, readJobs } from '../support/agenda-jobs.ts';
import { eventually } from '../support/eventually.ts';
import { assertInvariants } from '../support/invariants.ts';
import { buy, checkOut, type Shop, startTestShop } from '../support/shopping.ts';
import { testMongoUri } from '../support/test-mongo.ts';

const HANGING = fileURLToPath(new URL('stopping/hanging-entry.ts', import.meta.url));

/** Creates the orders. The processes under test share its database, its Paystack sandbox and its tokens. */
let shop: Shop;
const started: RoleProcess[] = [];
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(async () => {
  for (const role of started) role.signal('SIGKILL');
  await Promise.all(started.map(({ exited }) => exited));
  await shop.stop();
});

async function start(
  roles: string,
  options: { entry?: string; env?: Record<string, string> } = {},
): Promise<RoleProcess> {
  const { auth } = shop.ctx.config;
  const role = await startRole({
    name: roles,
    ...(options.entry === undefined ? {} : { entry: options.entry }),
    settings: {
      env: {
        NODE_ENV: 'test',
        HOST: '127.0.0.1',
        PORT: '0',
        OPS_PORT: '0',
        ROLES: roles,
        MONGODB_URI: testMongoUri(),
        PAYSTACK_SECRET_KEY: shop.ctx.config.paystackSecretKey,
        SENDGRID_API_KEY: shop.ctx.config.sendgridApiKey,
        JWT_SECRET: auth.kind === 'own' ? auth.secret : '',
        LOG_LEVEL: 'silent',
        ...options.env,
      },
      paystackBaseUrl: shop.sandbox.url,
      sendgridBaseUrl: shop.mailbox.url,
      dbName: shop.db.connection.name,
      appName: 'stopping',
    },
  });
  started.push(role);
  return role;
}

describe('a web process with an open subscription and a request in progress', () => {
  test('reports that it is not ready, ends both cleanly and exits with 0', async () => {
    const { shopper, orderId } = await buy(shop);
    const web = await start('web', { env: { DRAIN_SECONDS: '2' } });
    const authorization = `Bearer ${shopper.token}`;
    const input = encodeURIComponent(JSON.stringify({ id: orderId }));
    const stream = await fetch(`${web.url}/trpc/orders.watch?input=${input}`, { headers: { authorization } });
    const streamed = readAll(stream);
    const slow = beginSlowRequest(web.url ?? '', authorization);
    await once(slow.outgoing, 'socket');

    web.signal('SIGTERM');
    const notReady = await eventually('/readyz to fail', async () => {
      const reply = await fetch(`${web.opsUrl}/readyz`).catch(() => null);
      if (reply === null) return 'the port is closed';
      return reply.status === 503 ? reply.json() : null;
    });
    expect(notReady).toEqual({ status: 'not ready', failed: ['draining'] });
    // It serves requests until load balancers react, and closes their connections.
    const late = await fetch(`${web.url}/trpc/catalog.products?input={}`);
    expect([late.status, late.headers.get('connection')]).toEqual([200, 'close']);
    slow.finish();
    expect(await slow.status).toBe(200);
    expect(await web.exited).toBe(0);
    expect(await web.stopMs).toBeLessThan(15_000);
    // Reading to the end does not throw, because the server ended the stream cleanly.
    expect(await streamed).toContain('"status":"confirmed"');
    await expect(fetch(`${web.url}/openapi.json`)).rejects.toThrow();
    await expect(fetch(`${web.opsUrl}/livez`)).rejects.toThrow();
  });
});

async function readAll(reply: Response): Promise<string> {
  let text = '';
  for await (const chunk of reply.body ?? []) text += new TextDecoder().decode(chunk);
  return text;
}

/** A mutation whose body is sent only by `finish`. */
function beginSlowRequest(url: string, authorization: string) {
  const headers = { authorization, 'content-type': 'application/json', 'content-length': 2 };
  const outgoing = request(`${url}/trpc/cart.clear`, { method: 'POST', headers });
  const status = once(outgoing, 'response').then(([reply]) => {
    reply.resume();
    return reply.statusCode;
  });
  outgoing.write('{');
  return { outgoing, status, finish: () => outgoing.end('}') };
}

describe('a worker with a job that hangs', () => {
  const lockedJobs = async (): Promise<EnqueuedJob[]> =>
    (await readJobs(shop.db)).filter(({ name, lockedAt }) => name === 'sendEmails' && lockedAt !== null);

  async function hang(): Promise<RoleProcess> {
    const worker = await start('worker', { entry: HANGING });
    // The job sends the email of a cancellation; a settlement's process sends its own.
    const { shopper, orderId } = await checkOut(shop);
    await shopper.client.orders.cancel.mutate({ id: orderId });
    // A lock alone may belong to a run without emails to send.
    const claimed = { orderId, claimedBy: { $exists: true } };
    await eventually('the job to hang', () => shop.db.emails.exists(claimed), 20_000);
    expect(await lockedJobs()).toHaveLength(1);
    return worker;
  }

  test('waits for it for a while, leaves no lock behind, and exits with 0 within 30 s', async () => {
    const worker = await hang();
    worker.signal('SIGTERM');
    expect(await worker.exited).toBe(0);
    expect(await worker.stopMs).toBeGreaterThan(10_000);
    expect(await worker.stopMs).toBeLessThan(30_000);
    expect(await lockedJobs()).toEqual([]);
  });

  test('exits at once on a second SIGTERM', async () => {
    const worker = await hang();
    worker.signal('SIGTERM');
    await delay(500);
    const repeatedAt = performance.now();
    worker.signal('SIGTERM');
    expect(await worker.exited).toBe(130);
    expect(performance.now() - repeatedAt).toBeLessThan(2_000);
  });
});

test('an idle process exits at once', async () => {
  const both = await start('web,worker', { env: { DRAIN_SECONDS: '0' } });
  both.signal('SIGTERM');
  expect(await both.exited).toBe(0);
  expect(await both.stopMs).toBeLessThan(5_000);
});

test('none of these stops lost or duplicated anything: database, Paystack and mailbox agree', async () => {
  // The claims of the hanging worker have not expired, so its emails are not overdue.
  await shop.sandbox.webhooksIdle();
  await assertInvariants(shop, { now: shop.clock.now(), domain: 'test' });
});
