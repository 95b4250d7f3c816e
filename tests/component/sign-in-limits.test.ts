import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateKeyPair, SignJWT } from 'jose';
import { get, post } from '../support/raw-trpc.ts';
import { fakeClock, PASSWORD, startTestApp, type TestApp } from '../support/test-app.ts';

describe('known and unknown emails', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    await app.signUp({ email: 'known@example.com' });
  });
  afterAll(() => app.stop());

  const timed = async (procedure: string, input: object) => {
    const startedAt = performance.now();
    await post(app.url, procedure, input);
    return performance.now() - startedAt;
  };
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

  /** Alternates the two, so that a slow machine slows both. */
  async function compare(procedure: string, known: () => object, unknown: () => object): Promise<number> {
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let round = 0; round < 15; round += 1) {
      times.known.push(await timed(procedure, known()));
      times.unknown.push(await timed(procedure, unknown()));
    }
    return median(times.known) / median(times.unknown);
  }

  test.each([
    ['auth.login', { password: 'not her password' }],
    ['auth.register', { password: PASSWORD, name: 'Somebody' }],
  ])(
    '%s takes as long for a known email as for an unknown one, because the hash is computed for both',
    async (procedure, rest) => {
      let emails = 0;
      const ratio = await compare(
        procedure,
        () => ({ email: 'known@example.com', ...rest }),
        () => {
          emails += 1;
          return { email: `unknown${emails}@example.com`, ...rest };
        },
      );
      // Without the hash, the reply for an unknown email would be some twenty times faster.
      expect(ratio).toBeGreaterThan(0.4);
      expect(ratio).toBeLessThan(2.5);
    },
  );
});

describe('registrations', () => {
  test('are limited per address, and another address can still register', async () => {
    const app = await startTestApp({
      env: { SIGN_INS_PER_MINUTE: '3', TRUST_PROXY: '1' },
      context: { clock: fakeClock() },
    });
    try {
      const register = async (n: number, ip: string) => {
        const input = { email: `many${n}@example.com`, password: PASSWORD, name: 'Many' };
        const { status, body } = await post(app.url, 'auth.register', input, { headers: { 'x-forwarded-for': ip } });
        return [status, body.error?.message];
      };
      const replies = [];
      for (let n = 0; n < 5; n += 1) replies.push(await register(n, '203.0.113.7'));
      expect(replies.map(([status]) => status)).toEqual([200, 200, 200, 429, 429]);
      // The next visitor of a café reads it without having done anything.
      expect(replies[3]?.[1]).toMatch(
        /^Too many accounts were made from your network; try again in (a minute|\d+ seconds)\.$/,
      );
      expect(await register(9, '198.51.100.1')).toEqual([200, undefined]);
    } finally {
      await app.stop();
    }
  });

  test('registrations of one email from many addresses are delayed and never refused, and other emails are not delayed', async () => {
    const app = await startTestApp({
      env: { SIGN_INS_PER_MINUTE: '2', TRUST_PROXY: '1' },
      context: { clock: fakeClock() },
    });
    try {
      const register = async (email: string, n: number) => {
        const headers = { 'x-forwarded-for': `203.0.113.${n}` };
        const startedAt = performance.now();
        const { status } = await post(
          app.url,
          'auth.register',
          { email, password: PASSWORD, name: 'Ada' },
          { headers },
        );
        return { status, tookMs: performance.now() - startedAt };
      };
      for (let n = 0; n < 2; n += 1) await register('wanted@example.com', n);
      await Promise.all(Array.from({ length: 4 }, (_, n) => register('wanted@example.com', 10 + n)));
      const wanted = await register('wanted@example.com', 200);
      expect(wanted.status).toBe(400);
      // At least two attempts beyond the limit came before it, and each adds a quarter of a second.
      expect(wanted.tookMs).toBeGreaterThan(450);
      expect((await register('other@example.com', 201)).status).toBe(200);
    } finally {
      await app.stop();
    }
  });

  test('forwarding headers of a client do not change its address if no proxy is configured', async () => {
    const app = await startTestApp({ env: { SIGN_INS_PER_MINUTE: '2' }, context: { clock: fakeClock() } });
    try {
      const guess = async (n: number) => {
        const headers = {
          'x-forwarded-for': `203.0.113.${n}`,
          forwarded: `for=203.0.113.${n}`,
          'x-real-ip': `203.0.113.${n}`,
        };
        return (await post(app.url, 'auth.login', { email: `a${n}@example.com`, password: 'guess' }, { headers }))
          .status;
      };
      expect([await guess(1), await guess(2), await guess(3)]).toEqual([401, 401, 429]);
    } finally {
      await app.stop();
    }
  });
});

describe("an outside issuer's keys that cannot be fetched", () => {
  test.each([
    ['no server listens', null],
    [
      'it answers 500',
      (res: { statusCode: number; end(body: string): void }) => {
        res.statusCode = 500;
        res.end('');
      },
    ],
    ['it answers no keys', (res: { end(body: string): void }) => res.end('<html>')],
  ])(
    'because %s: a token gets 503 and a time to retry, never access, and calls without a token are answered as usual',
    async (_, answer) => {
      const keys = createServer((_req, res) => answer?.(res));
      await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
      const { port } = keys.address() as AddressInfo;
      if (answer === null) await new Promise((resolve) => keys.close(resolve));
      const auth = {
        kind: 'jwks',
        url: `http://127.0.0.1:${port}/keys`,
        issuer: 'https://id.example',
        audience: 'orders-api',
        clientId: null,
      } as const;
      const app = await startTestApp({ config: { auth } });
      try {
        const { privateKey } = await generateKeyPair('ES256');
        const token = await new SignJWT({ email: 'x@example.com' })
          .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
          .setSubject('x')
          .setIssuer(auth.issuer)
          .setAudience(auth.audience)
          .setExpirationTime('5m')
          .sign(privateKey);
        const reply = await get(app.url, 'auth.me', undefined, { token });
        expect([reply.status, reply.body.error.data.code]).toEqual([503, 'OVERLOADED']);
        expect(JSON.stringify(reply.body)).not.toMatch(/127\.0\.0\.1|ECONN|jwks/i);
        expect((await get(app.url, 'auth.me')).status).toBe(401);
        expect((await get(app.url, 'catalog.products', {})).status).toBe(200);
        expect(await app.db.users.countDocuments()).toBe(0);
      } finally {
        await app.stop();
        keys.closeAllConnections();
        keys.close();
      }
    },
  );
});
