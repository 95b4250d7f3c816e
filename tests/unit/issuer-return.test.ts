/** The return from an outside issuer: only the answer to this browser's own sign-in becomes a token. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Begun, exchangeReturn } from '../../client-sdk/parts/data/issuer-return.ts';
import { type FakeIssuer, startFakeIssuer } from '../../dev/issuer/issuer.ts';

const BACK = 'http://shop.example/signed-in';
const BEGUN: Begun = { state: 'own-state', nonce: 'own-nonce', verifier: 'v'.repeat(43), next: '/orders' };

let issuer: FakeIssuer;
beforeAll(async () => {
  issuer = await startFakeIssuer();
});
afterAll(() => issuer.close());

/** The address to which the issuer sends the browser back after a sign-in. */
async function returnOf(change: Partial<Begun> = {}): Promise<URL> {
  const { state, nonce, verifier } = { ...BEGUN, ...change };
  const query = new URLSearchParams({
    client_id: issuer.clientId,
    redirect_uri: BACK,
    response_type: 'code',
    scope: 'openid',
    audience: 'orders-api',
    state,
    nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const body = new URLSearchParams({ email: 'ada@example.com', name: 'Ada' });
  const reply = await fetch(`${issuer.url}/authorize?${query}`, { method: 'POST', body, redirect: 'manual' });
  return new URL(reply.headers.get('location') ?? '');
}

const exchange = (address: URL) =>
  exchangeReturn({ issuer: issuer.url, clientId: issuer.clientId }, address, BEGUN, BACK);

test('a code with the state and the nonce of this sign-in becomes a token', async () => {
  expect(await exchange(await returnOf())).toEqual({ token: expect.any(String), seconds: expect.any(Number) });
});

test.each<[string, (address: URL) => void]>([
  ['another state', (address) => address.searchParams.set('state', 'guessed')],
  ['no state', (address) => address.searchParams.delete('state')],
])('%s is refused before the code is sent', async (_, change) => {
  const address = await returnOf();
  change(address);
  const before = issuer.exchanges.length;
  await expect(exchange(address)).rejects.toThrow();
  expect(issuer.exchanges).toHaveLength(before);
});

test('the token of another sign-in, whose nonce is another one, is refused', async () => {
  await expect(exchange(await returnOf({ nonce: 'of another' }))).rejects.toThrow();
  expect(issuer.exchanges.at(-1)).toMatchObject({ status: 200 });
});
