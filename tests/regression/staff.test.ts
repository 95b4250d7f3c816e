import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import type { HistoryEntry } from '../../models/order/history.ts';
import { toOrderView } from '../../server/trpc/views/order-view.ts';
import { post } from '../support/raw-trpc.ts';
import { PLACED_AT, sampleOrder } from '../support/sample-order.ts';
import {
  buy,
  checkOut,
  expectAllConsistent,
  mailKinds,
  orderOf,
  pay,
  type Shop,
  startTestShop,
  sweep,
  work,
} from '../support/shopping.ts';
import { fakeClock, PASSWORD, startTestApp, type TestApp } from '../support/test-app.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await startTestShop();
});
afterEach(() => shop.stop());

describe('a settlement that staff retry', () => {
  // The retry existed only as a job, so a lost job lost it, and the history did not name who had retried.

  test('an order that staff retry settles although the job is lost, and the history names the member of staff', async () => {
    const checkout = await checkOut(shop);
    await pay(shop, checkout.txRef);
    const settlement = { attempts: 8, lastError: 'Error: planted', parkedAt: shop.clock.now() };
    await shop.db.orders.updateOne({ code: checkout.code }, { $set: { settlement } });

    await shop.staff.client.admin.retrySettlement.mutate({ id: checkout.orderId });
    await shop.db.connection.collection(JOBS_COLLECTION).deleteMany({});
    await sweep(shop);

    const order = await orderOf(shop, checkout);
    expect(order.status).toBe('confirmed');
    expect(order.history.at(-2)).toMatchObject({ actor: `staff:${shop.staff.id}`, type: 'settlement_retried' });
    await expectAllConsistent(shop);
  });
});

describe('an email that staff resend', () => {
  // The resend was only logged, so the order’s history did not name who had done it.

  test('a resent email is in the history with the member of staff, and arrives once more under the same key', async () => {
    const checkout = await buy(shop);
    const before = await orderOf(shop, checkout);
    const [key] = shop.mailbox.mails({ to: checkout.shopper.email }).map((mail) => mail.key ?? '');
    await shop.staff.client.admin.resendEmail.mutate({ id: checkout.orderId, emailId: key ?? '', key: 'resend-01' });
    await work(shop);

    expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed', 'order_confirmed']);
    const after = await orderOf(shop, checkout);
    expect(after.history.at(-1)).toMatchObject({
      actor: `staff:${shop.staff.id}`,
      type: 'email_resent',
      data: { kind: 'order_confirmed' },
    });
    expect(after.status).toBe(before.status);
    await expectAllConsistent(shop, { copies: 'allowed' });
  });
});

describe('the customer’s timeline', () => {
  // It repeated "pending, paid" for entries that concern staff only: a settlement that was parked and retried, an
  // email that was sent again.

  test('the owner’s timeline shows each change of status or payment once, and nothing else', () => {
    const order = sampleOrder();
    const paid = { status: 'pending', paymentStatus: 'paid' } as const;
    const parked: HistoryEntry = {
      ...{ seq: 3, at: PLACED_AT, actor: 'system', from: paid, to: paid },
      ...{ type: 'settlement_parked', data: { cause: 'failed', attempts: 8 } },
    };
    const [placed, ...later] = order.history;
    if (!placed) throw new Error('the sample has a history');
    const { timeline } = toOrderView({ ...order, history: [placed, parked, ...later] }, PLACED_AT);
    expect(timeline.map(({ status, paymentStatus }) => `${status}, ${paymentStatus}`)).toEqual([
      'pending, unpaid',
      'pending, paid',
      'confirmed, paid',
    ]);
  });
});

describe('the challenge of Agendash', () => {
  // The last error handler replaced `Basic` by `Bearer`, so no browser showed its password dialog.

  test('Agendash answers with a Basic challenge, and the API with a Bearer challenge', async () => {
    const dashboard = await fetch(`${shop.url}/agendash/`);
    expect(dashboard.status).toBe(401);
    expect(dashboard.headers.get('www-authenticate')).toMatch(/^Basic /);
    const order = await fetch(`${shop.url}/orders/0123456789abcdef01234567`);
    expect(order.headers.get('www-authenticate')).toBe('Bearer');
  });
});

describe('guesses of a password', () => {
  // A guess was counted after its hash, so any number of concurrent guesses were checked; and each entry point
  // counted on its own.

  const LIMIT = 3;

  async function withLimitedApp(use: (app: TestApp) => Promise<void>): Promise<void> {
    const app = await startTestApp({ env: { SIGN_INS_PER_MINUTE: String(LIMIT) }, context: { clock: fakeClock() } });
    try {
      await use(app);
    } finally {
      await app.stop();
    }
  }

  const signIn = async (app: TestApp, email: string, password: string): Promise<number> =>
    (await post(app.url, 'auth.login', { email, password })).status;

  async function openAgendash(app: TestApp, email: string, password: string): Promise<number> {
    const authorization = `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;
    return (await fetch(`${app.url}/agendash/`, { headers: { authorization } })).status;
  }

  const countOf = (statuses: number[], status: number) => statuses.filter((other) => other === status).length;

  test.each([
    ['the sign-in', signIn],
    ['Agendash', openAgendash],
  ])('fifty concurrent guesses at %s are checked no more often than the limit', (_, guess) =>
    withLimitedApp(async (app) => {
      const { email } = await app.signUp({ role: 'owner' });
      const statuses = await Promise.all(Array.from({ length: 50 }, (_, n) => guess(app, email, `guess ${n}`)));
      expect([countOf(statuses, 401), countOf(statuses, 429)]).toEqual([LIMIT, 50 - LIMIT]);
    }),
  );

  test('failures at the sign-in count at Agendash, and the reverse', () =>
    withLimitedApp(async (app) => {
      const { email } = await app.signUp({ role: 'owner' });
      const guesses = [signIn, openAgendash, signIn];
      for (const guess of guesses) expect(await guess(app, email, 'guess')).toBe(401);
      expect(await openAgendash(app, email, PASSWORD)).toBe(429);
      expect(await signIn(app, email, PASSWORD)).toBe(429);
    }));

  test('sign-ins with the right password are not limited', () =>
    withLimitedApp(async (app) => {
      const { email } = await app.signUp();
      for (let n = 0; n < 3 * LIMIT; n += 1) expect(await signIn(app, email, PASSWORD)).toBe(200);
    }));

  test('calls at Agendash count as calls', async () => {
    const app = await startTestApp({ env: { CALLS_PER_MINUTE: '2' }, context: { clock: fakeClock() } });
    try {
      const { email } = await app.signUp({ role: 'owner' });
      const statuses = [];
      for (let n = 0; n < 3; n += 1) statuses.push(await openAgendash(app, email, PASSWORD));
      expect(statuses).toEqual([200, 200, 429]);
    } finally {
      await app.stop();
    }
  });
});
