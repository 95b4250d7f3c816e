/** Sessions and roles: how they end, how they go on, and that the shop keeps an owner. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { changeRole } from '../../models/accounts/change-role.ts';
import { MAX_ENDED_SESSIONS } from '../../models/accounts/end-sessions.ts';
import { findAccount } from '../../models/accounts/find-user.ts';
import { defaultSettings, readSettings } from '../../models/settings/settings.ts';
import { createAuth } from '../../server/auth/auth.ts';
import { makeVariants, order } from '../support/checkouts.ts';
import { openOrderStream, openStaffStream } from '../support/order-stream.ts';
import { get, post, send } from '../support/raw-trpc.ts';
import { fakeClock, PASSWORD, type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let app: TestApp;
const clock = fakeClock();
beforeAll(async () => {
  app = await startTestApp({ context: { clock } });
});
afterAll(() => app.stop());

const me = (token: string) => get(app.url, 'auth.me', undefined, { token });
const statusOf = async (token: string) => (await me(token)).status;
const renewedBy = async (token: string) => (await me(token)).headers.get('x-session-token');

/** The token of another session of the account, without the password's hash. */
async function anotherSession({ id }: SignedIn): Promise<string> {
  const account = await findAccount(app.db, new Types.ObjectId(id));
  if (!account) throw new Error('the account is gone');
  return (await createAuth(app.ctx).issue(account)).token;
}

const signOut = (token: string, everywhere = false) => post(app.url, 'auth.signOut', { everywhere }, { token });

describe('signing out', () => {
  test('ends the session with the tokens that renewed it, and leaves the others', async () => {
    const user = await app.signUp();
    const other = await anotherSession(user);
    clock.advance(31 * HOUR_MS);
    const renewed = (await renewedBy(user.token)) ?? '';
    expect([await statusOf(user.token), await statusOf(renewed), await statusOf(other)]).toEqual([200, 200, 200]);
    expect((await signOut(renewed)).body.result.data).toEqual({ signedOut: 'here' });
    expect([await statusOf(user.token), await statusOf(renewed), await statusOf(other)]).toEqual([401, 401, 200]);
    expect((await signOut(renewed)).status).toBe(401);
  });

  test('everywhere ends every session, those of the same millisecond too, and a new sign-in works at once', async () => {
    const user = await app.signUp();
    const tokens = [user.token, await anotherSession(user)];
    for (let round = 0; round < 2; round += 1) {
      const last = tokens.at(-1) ?? '';
      expect((await signOut(last, true)).body.result.data).toEqual({ signedOut: 'everywhere' });
      expect(await Promise.all(tokens.map(statusOf))).toEqual(tokens.map(() => 401));
      const { token } = await app.client().auth.login.mutate({ email: user.email, password: PASSWORD });
      expect(await statusOf(token)).toBe(200);
      tokens.push(token);
    }
  });

  test('everywhere refuses a token that is issued later for a session from before', async () => {
    const user = await app.signUp();
    const auth = createAuth(app.ctx);
    const session = await auth.identify(`Bearer ${user.token}`);
    const asRead = await findAccount(app.db, session.userId);
    if (!asRead) throw new Error('the account is gone');
    clock.advance(31 * HOUR_MS);
    await signOut(user.token, true);
    clock.advance(1_000);
    // As a call would issue it that had read the account before.
    const late = await auth.renew(session, asRead);
    expect(await statusOf(late?.token ?? '')).toBe(401);
  });

  test('one by one ends all sessions when too many are kept as ended, and none comes back', async () => {
    const user = await app.signUp();
    const account = await findAccount(app.db, new Types.ObjectId(user.id));
    if (!account) throw new Error('the account is gone');
    const auth = createAuth(app.ctx);
    const tokens: string[] = [];
    for (let n = 0; n <= MAX_ENDED_SESSIONS; n += 1) tokens.push((await auth.issue(account)).token);
    for (const token of tokens) await signOut(token);
    expect(new Set(await Promise.all(tokens.map(statusOf)))).toEqual(new Set([401]));
    expect(await statusOf(user.token)).toBe(401);
    expect((await app.db.users.findById(user.id).lean())?.endedSessions).toBeUndefined();
  });

  test('forgets an ended session once its tokens have expired', async () => {
    const user = await app.signUp();
    await signOut(await anotherSession(user));
    clock.advance(31 * DAY_MS);
    const tokens = [await anotherSession(user), await anotherSession(user)];
    await signOut(tokens[0] ?? '');
    expect((await app.db.users.findById(user.id).lean())?.endedSessions).toHaveLength(1);
    expect(await Promise.all(tokens.map(statusOf))).toEqual([401, 200]);
  });
});

describe('a session in use', () => {
  test.each([
    ['of a customer', 'customer', 30 * DAY_MS],
    ['of staff', 'packer', 12 * HOUR_MS],
  ] as const)(
    '%s goes on by new tokens, ends when it is not used, and after twelve lifetimes',
    async (_of, role, lifeMs) => {
      const unused = await app.signUp({ role });
      const first = await app.signUp({ role });
      const startedAt = clock.now().getTime();
      let token: string | null = first.token;
      let last = first.token;
      let lived = 0;
      for (; token !== null && lived < 20; lived += 1) {
        clock.advance(lifeMs - 60_000);
        const reply = await me(last);
        if (reply.status === 401) break;
        token = reply.headers.get('x-session-token');
        last = token ?? last;
      }
      expect(await statusOf(unused.token)).toBe(401);
      expect(Math.ceil((clock.now().getTime() - startedAt) / lifeMs)).toBeGreaterThan(11);
      clock.advance(lifeMs);
      expect(await statusOf(last)).toBe(401);
      expect(lived).toBeLessThanOrEqual(13);
    },
  );

  test('gets no new token while its own is young, from the catalogue, or without a sign-in', async () => {
    const user = await app.signUp();
    expect(await renewedBy(user.token)).toBeNull();
    clock.advance(31 * HOUR_MS);
    const products = await get(app.url, 'catalog.products', {}, { token: user.token });
    expect([products.status, products.headers.get('x-session-token')]).toEqual([200, null]);
    expect((await get(app.url, 'auth.me')).headers.get('x-session-token')).toBeNull();
    const order = await send(`${app.url}/orders/${new Types.ObjectId()}`, {}, { token: user.token });
    expect(order.headers.get('x-session-token')).toEqual(expect.any(String));
    expect(Date.parse(order.headers.get('x-session-expires-at') ?? '') - clock.now().getTime()).toBeGreaterThan(
      29 * DAY_MS,
    );
  });

  test('of a customer who became staff ends as those of staff do', async () => {
    const user = await app.signUp();
    await changeRole(app.db, { email: user.email }, 'packer');
    expect(await statusOf(user.token)).toBe(200);
    clock.advance(13 * HOUR_MS);
    expect(await statusOf(user.token)).toBe(401);
  });
});

describe('roles', () => {
  test('an owner lists the staff, gives roles and ends sessions; each applies from the next call', async () => {
    const owner = await app.signUp({ role: 'owner', name: 'Bola Owner' });
    const user = await app.signUp({ name: 'Chidi' });
    const { admin } = owner.client;
    expect(await admin.setRole.mutate({ email: user.email, role: 'packer' })).toMatchObject({
      name: 'Chidi',
      role: 'packer',
    });
    const { items } = await admin.staff.query();
    expect(items.filter(({ id }) => id === owner.id || id === user.id).map(({ role }) => role)).toEqual([
      'owner',
      'packer',
    ]);
    expect(await user.client.auth.me.query()).toMatchObject({
      permissions: expect.arrayContaining(['ship', 'viewOrders']),
    });
    await admin.endSessions.mutate({ email: user.email });
    expect(await statusOf(user.token)).toBe(401);
    const missing = await post(
      app.url,
      'admin.setRole',
      { email: 'no@example.com', role: 'packer' },
      { token: owner.token },
    );
    expect(missing.body.error.data.code).toBe('NOT_FOUND');
  });

  test('the last owner keeps the role, by every way, and a change of settings leaves the document as it was', async () => {
    await app.db.users.deleteMany({ role: 'owner' });
    const last = await app.signUp({ role: 'owner' });
    const refused = await post(app.url, 'admin.setRole', { email: last.email, role: 'manager' }, { token: last.token });
    expect(refused.status).toBe(400);
    expect(refused.body.error.data).toMatchObject({ code: 'INVALID_INPUT', details: { issues: [{ path: 'role' }] } });
    expect((await changeRole(app.db, { email: last.email }, 'customer')).outcome).toBe('last_owner');
    expect((await app.db.users.findById(last.id).lean())?.role).toBe('owner');
    expect((await changeRole(app.db, { email: last.email }, 'owner')).outcome).toBe('unchanged');
    const second = await app.signUp({ role: 'owner' });
    expect((await changeRole(app.db, { email: second.email }, 'support')).outcome).toBe('changed');
    const { _id, version } = (await app.db.settings.findOne().lean()) ?? {};
    expect({ _id, version }).toEqual({ _id: 'settings', version: 0 });
    const defaults = defaultSettings({ shopName: 'By configuration' });
    expect(await readSettings(app.db, defaults)).toEqual(defaults);
  });

  test('of two owners who remove each other one stays', async () => {
    for (let round = 0; round < 10; round += 1) {
      await app.db.users.deleteMany({ role: 'owner' });
      const [one, other] = [await app.signUp({ role: 'owner' }), await app.signUp({ role: 'owner' })];
      const removed = await Promise.all([one, other].map(({ email }) => changeRole(app.db, { email }, 'customer')));
      expect(removed.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'last_owner']);
      expect(await app.db.users.countDocuments({ role: 'owner' })).toBe(1);
    }
  });

  test('staff are found by an index, which holds no customer', async () => {
    for (const role of ['owner', { $in: ['owner', 'manager', 'support', 'packer'] }]) {
      const explained = await app.db.users.collection.find({ role }).explain('queryPlanner');
      expect(JSON.stringify(explained.queryPlanner.winningPlan)).toContain('"indexName":"role_1"');
    }
  });
});

describe('the stream of staff', () => {
  test('holds kinds and ids of what has changed, and no more', async () => {
    const staff = await app.signUp({ role: 'packer' });
    const stream = await openStaffStream(app, staff.token);
    expect(await stream.next()).toEqual({ changes: [], more: true });
    const [variant] = await makeVariants(app, {});
    const { orderId } = await order(app, [[variant, 1]]);
    let item = await stream.next();
    // The change stream opens with the first subscriber, and then all may have changed.
    while (item.changes.length === 0) item = await stream.next();
    expect(item).toEqual({ changes: [{ kind: 'order', id: orderId }], more: expect.any(Boolean) });
    stream.close();
  });

  test.each<[string, (staff: SignedIn) => Promise<unknown>, string]>([
    ['the role', ({ email }) => changeRole(app.db, { email }, 'customer'), 'FORBIDDEN'],
    ['the session', ({ token }) => signOut(token), 'UNAUTHENTICATED'],
    ['every session', ({ token }) => signOut(token, true), 'UNAUTHENTICATED'],
  ])('ends when %s ends, and tells nothing after it', async (_what, end, code) => {
    const staff = await app.signUp({ role: 'support' });
    const stream = await openStaffStream(app, staff.token);
    await stream.next();
    await end(staff);
    const [item] = await makeVariants(app, {});
    await order(app, [[item, 1]]);
    await expect(stream.next()).rejects.toThrow(`"code":"${code}"`);
  });

  test('ends also when nothing happens', async () => {
    const staff = await app.signUp({ role: 'support' });
    const stream = await openStaffStream(app, staff.token);
    await stream.next();
    await signOut(staff.token);
    expect((await stream.rest()).at(-1)).toMatchObject({ data: { data: { code: 'UNAUTHENTICATED' } } });
  }, 15_000);

  test('of an order ends with the next change after the session has ended', async () => {
    const [item] = await makeVariants(app, {});
    const { shopper, orderId } = await order(app, [[item, 1]]);
    const other = await anotherSession(shopper);
    const stream = await openOrderStream(app, { token: shopper.token, id: orderId });
    await stream.next();
    await signOut(shopper.token);
    await app.client(other).orders.cancel.mutate({ id: orderId });
    await expect(stream.next()).rejects.toThrow('"code":"UNAUTHENTICATED"');
  });
});
