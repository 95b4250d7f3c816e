/** Authentication: our own tokens, an outside issuer's tokens, and forgeries of both. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { Types } from 'mongoose';
import { toConfig } from '../../server/config/config.ts';
import { get, post, send } from '../support/raw-trpc.ts';
import { fakeClock, type NewUser, PASSWORD, type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
let ada: SignedIn;
beforeAll(async () => {
  app = await startTestApp();
  ada = await app.signUp({ email: 'ada@example.com' });
});
afterAll(() => app.stop());

const me = (token: string) => get(app.url, 'auth.me', undefined, { token });

describe('our own accounts', () => {
  test('register signs a new customer in, whose token works', async () => {
    const input = { email: ' Bisi@Example.com ', password: PASSWORD, name: 'Bisi' };
    const { token, user } = await app.client().auth.register.mutate(input);
    expect(user).toEqual({
      id: expect.any(String),
      email: 'bisi@example.com',
      emailVerified: false,
      name: 'Bisi',
      phone: null,
      role: 'customer',
      permissions: [],
      signsInHere: true,
    });
    expect(await app.client(token).auth.me.query()).toEqual(user);
  });

  test('the password is stored by argon2id, and no reply and no log holds it or its hash', async () => {
    const user = await app.db.users.findOne({ email: 'ada@example.com' }).lean();
    expect(user?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const reply = await post(app.url, 'auth.login', { email: 'ada@example.com', password: PASSWORD });
    expect(reply.status).toBe(200);
    expect(JSON.stringify(reply.body) + JSON.stringify(app.logged)).not.toMatch(/argon2|correct horse/);
  });

  test('a registered email cannot be registered again, whatever its case', async () => {
    const again = { email: 'ADA@example.com', password: PASSWORD, name: 'Not Ada' };
    const { status, body } = await post(app.url, 'auth.register', again);
    expect([status, body.error.data.code]).toEqual([400, 'INVALID_INPUT']);
    expect(body.error.data.details.issues).toEqual([{ path: 'email', message: expect.any(String) }]);
    expect(await app.db.users.countDocuments({ email: 'ada@example.com' })).toBe(1);
  });

  test('twenty registrations of one email at once make one account', async () => {
    const input = { email: 'race@example.com', password: PASSWORD, name: 'Race' };
    const replies = await Promise.all(Array.from({ length: 20 }, () => post(app.url, 'auth.register', input)));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await app.db.users.countDocuments({ email: 'race@example.com' })).toBe(1);
  });

  test('a wrong password and an unknown email are answered alike', async () => {
    const wrong = await post(app.url, 'auth.login', { email: 'ada@example.com', password: 'not her password' });
    const unknown = await post(app.url, 'auth.login', { email: 'nobody@example.com', password: 'not her password' });
    const shown = ({ status, body }: typeof wrong) => ({ status, body: { ...body.error.data, requestId: '' } });
    expect(wrong.status).toBe(401);
    expect(shown(unknown)).toEqual(shown(wrong));
    expect(unknown.body.error.message).toBe(wrong.body.error.message);
  });
});

describe('tokens', () => {
  const { auth } = toConfig({ NODE_ENV: 'test' });
  const secret = auth.kind === 'own' ? auth.secret : '';
  interface Forgery {
    alg?: string;
    typ?: string;
    key?: string;
    issuer?: string;
    audience?: string;
    expiresIn?: number;
    age?: number;
    subject?: string;
  }
  async function forge(forgery: Forgery): Promise<string> {
    const { alg = 'HS256', typ = 'at+jwt', key = secret, issuer = 'orders-module', audience = 'orders-api' } = forgery;
    const { expiresIn = 600, age = 0, subject = ada.id } = forgery;
    const now = Math.floor(Date.now() / 1000);
    const claims = { sid: 'session', auth_time: now - age };
    const token = new SignJWT(claims).setProtectedHeader({ alg, typ }).setSubject(subject).setIssuer(issuer);
    token
      .setAudience(audience)
      .setIssuedAt(now - age)
      .setExpirationTime(now + expiresIn);
    return token.sign(new TextEncoder().encode(key));
  }

  test('one that is made right by our secret is taken: the forgeries below fail for their one flaw', async () => {
    expect((await me(await forge({}))).status).toBe(200);
  });

  test.each<[string, Forgery]>([
    ['another secret', { key: 'another secret of thirty-two bytes' }],
    ['a weak secret', { key: 'secret' }],
    ['another algorithm of the same secret', { alg: 'HS512', key: `${secret}${secret}` }],
    ['another type', { typ: 'JWT' }],
    ['another issuer', { issuer: 'somebody' }],
    ['another audience', { audience: 'another-api' }],
    ['an expired one', { expiresIn: -60, age: 600 }],
    ['one that claims to live longer than we let any live', { expiresIn: 600, age: 31 * 86_400 }],
    ['a subject that is no id', { subject: '{"$ne":null}' }],
    ['a user that does not exist', { subject: new Types.ObjectId().toHexString() }],
  ])('refused: %s', async (_, forgery) => {
    const { status, body } = await me(await forge(forgery));
    expect(status).toBe(401);
    expect(body.error.data.code).toBe('UNAUTHENTICATED');
  });

  test('refused: algorithm none', async () => {
    const token = new UnsecuredJWT({ sub: ada.id }).setIssuer('orders-module').setAudience('orders-api');
    token.setIssuedAt().setExpirationTime('10m');
    expect((await me(token.encode())).status).toBe(401);
  });

  test.each([
    ['empty', ''],
    ['without a token', 'Bearer'],
    ['no JWT', 'Bearer a.b.c'],
    ['another scheme', 'Basic YWRhOnB3'],
    ['far too long', `Bearer ${'a'.repeat(9_000)}`],
  ])('refused: a header that is %s', async (_, header) => {
    const reply = await get(app.url, 'auth.me', undefined, { headers: { authorization: header } });
    expect(reply.status).toBe(401);
  });

  test('a deleted user is signed out at once', async () => {
    const gone = await app.signUp();
    expect((await me(gone.token)).status).toBe(200);
    await app.db.users.deleteOne({ _id: gone.id });
    expect((await me(gone.token)).status).toBe(401);
  });

  test.each(['token', 'access_token', 'connectionParams'])(
    'in the URL as ?%s= they are refused, whatever they are',
    async (name) => {
      const reply = await send(`${app.url}/trpc/auth.me?${name}=${ada.token}`, {}, { token: ada.token });
      expect([reply.status, reply.body.error.data.code]).toEqual([400, 'INVALID_INPUT']);
      expect(JSON.stringify(reply.body) + JSON.stringify(app.logged)).not.toContain(ada.token);
    },
  );
});

describe('roles', () => {
  const newProduct = { slug: 'a-lamp', title: 'A lamp', description: 'It shines.', category: 'Light' };

  test('staff reach staff procedures, customers and strangers do not', async () => {
    const staff = await app.signUp({ role: 'owner' });
    expect((await post(app.url, 'admin.createProduct', newProduct, { token: ada.token })).status).toBe(403);
    expect((await post(app.url, 'admin.createProduct', newProduct)).status).toBe(401);
    expect(await app.db.products.countDocuments({ slug: newProduct.slug })).toBe(0);
    expect((await post(app.url, 'admin.createProduct', newProduct, { token: staff.token })).status).toBe(200);
  });

  test('demoted staff lose their reach with the next call, by the same token', async () => {
    const staff = await app.signUp({ role: 'owner' });
    const product = { ...newProduct, slug: 'second-lamp' };
    expect((await post(app.url, 'admin.createProduct', product, { token: staff.token })).status).toBe(200);
    await app.db.users.updateOne({ _id: staff.id }, { role: 'customer' });
    const after = await post(app.url, 'admin.createProduct', { ...product, slug: 'third' }, { token: staff.token });
    expect(after.status).toBe(403);
    expect(after.body.error.data.code).toBe('FORBIDDEN');
  });

  test('nobody registers as staff', async () => {
    const input = { email: 'mallory@example.com', password: PASSWORD, name: 'Mallory', role: 'staff' };
    const { status, body } = await post(app.url, 'auth.register', input);
    expect([status, body.error.data.details.issues]).toEqual([400, [{ path: 'role', message: 'unknown field' }]]);
  });
});

describe('limits on guesses', () => {
  test('failures from one address are refused after the limit, with the time to wait, and other addresses still sign in', async () => {
    const slow = await startTestApp({
      env: { SIGN_INS_PER_MINUTE: '3', TRUST_PROXY: '1' },
      context: { clock: fakeClock() },
    });
    try {
      const user = await slow.signUp();
      const from = (ip: string) => ({ headers: { 'x-forwarded-for': ip } });
      const guess = () =>
        post(slow.url, 'auth.login', { email: 'nobody@example.com', password: 'guess' }, from('203.0.113.7'));
      const statuses = [];
      for (let i = 0; i < 5; i += 1) statuses.push((await guess()).status);
      expect(statuses).toEqual([401, 401, 401, 429, 429]);
      const refused = await guess();
      expect(refused.body.error.data.code).toBe('RATE_LIMITED');
      expect(refused.body.error.data.details.retryAfterMs).toBeGreaterThan(0);
      const honest = { email: user.email, password: PASSWORD };
      expect((await post(slow.url, 'auth.login', honest, from('198.51.100.1'))).status).toBe(200);
    } finally {
      await slow.stop();
    }
  });

  test('guesses at one account from many addresses delay its sign-ins, and its owner still signs in', async () => {
    const slow = await startTestApp({
      env: { SIGN_INS_PER_MINUTE: '2', TRUST_PROXY: '1' },
      context: { clock: fakeClock() },
    });
    try {
      const { email } = await slow.signUp();
      const from = (n: number) => ({ headers: { 'x-forwarded-for': `203.0.113.${n}` } });
      const guesses = Array.from({ length: 4 }, (_, n) =>
        post(slow.url, 'auth.login', { email, password: 'guess' }, from(n)),
      );
      await Promise.all(guesses);
      const startedAt = performance.now();
      expect((await post(slow.url, 'auth.login', { email, password: PASSWORD }, from(200))).status).toBe(200);
      expect(performance.now() - startedAt).toBeGreaterThan(200);
    } finally {
      await slow.stop();
    }
  });
});

describe("an outside issuer's tokens", () => {
  const issuer = 'https://id.example';
  let outside: TestApp;
  let keys: Server;
  let sign: (claims: object, header?: { alg?: string; typ?: string }) => Promise<string>;

  beforeAll(async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] });
    keys = createServer((_req, res) => res.setHeader('content-type', 'application/json').end(jwks));
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
    const { port } = keys.address() as AddressInfo;
    outside = await startTestApp({
      config: {
        auth: { kind: 'jwks', url: `http://127.0.0.1:${port}/keys`, issuer, audience: 'orders-api', clientId: null },
      },
    });
    sign = (claims, { alg = 'ES256', ...header } = {}) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg, kid: 'k1', ...header })
        .setIssuer(issuer)
        .setAudience('orders-api')
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(alg === 'HS256' ? new TextEncoder().encode(jwks) : privateKey);
  });
  afterAll(async () => {
    await outside.stop();
    keys.closeAllConnections();
    await new Promise((resolve) => keys.close(resolve));
  });

  const meOutside = (token: string) => get(outside.url, 'auth.me', undefined, { token });
  const accounts = (user: NewUser) => outside.db.users.countDocuments({ ...user });

  test('the user is made on first sight, once, however many requests come first at once', async () => {
    const token = await sign({ sub: 'u1', email: 'Chi@example.com', name: 'Chi' });
    const replies = await Promise.all(Array.from({ length: 10 }, () => meOutside(token)));
    expect(new Set(replies.map(({ body }) => body.result.data.id)).size).toBe(1);
    expect(replies[0]?.body.result.data).toMatchObject({ email: 'chi@example.com', name: 'Chi', role: 'customer' });
    expect(await accounts({ email: 'chi@example.com' })).toBe(1);
  });

  test('an email never takes over an account', async () => {
    await meOutside(await sign({ sub: 'owner', email: 'own@example.com' }));
    const { status, body } = await meOutside(
      await sign({ sub: 'thief', email: 'own@example.com', email_verified: true }),
    );
    expect([status, body.error.data.code]).toEqual([403, 'FORBIDDEN']);
    expect(await outside.db.users.countDocuments({ subject: `${issuer}|thief` })).toBe(0);
  });

  test.each<[string, object, { alg?: string; typ?: string }]>([
    ['the public key used as a secret', { sub: 'x', email: 'x@example.com' }, { alg: 'HS256' }],
    ['a token of another purpose', { sub: 'x', email: 'x@example.com' }, { typ: 'logout+jwt' }],
    ['no email', { sub: 'x' }, {}],
    ['an email that is not verified', { sub: 'x', email: 'x@example.com', email_verified: false }, {}],
  ])('refused: %s', async (_, claims, header) => {
    expect((await meOutside(await sign(claims, header))).status).toBe(401);
    expect(await accounts({ email: 'x@example.com' })).toBe(0);
  });

  test('signing in here is refused', async () => {
    const input = { email: 'z@example.com', password: PASSWORD };
    expect((await post(outside.url, 'auth.login', input)).status).toBe(403);
    expect((await post(outside.url, 'auth.register', { ...input, name: 'Z' })).status).toBe(403);
  });
});
