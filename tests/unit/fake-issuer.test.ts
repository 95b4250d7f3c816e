/** The fake issuer judges as a real one does, or the tests of the sign-in would prove nothing. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FakeIssuer, startFakeIssuer } from '../../dev/issuer/issuer.ts';

const BACK = 'http://shop.example/signed-in';
const VERIFIER = 'v'.repeat(43);

let issuer: FakeIssuer;
beforeAll(async () => {
  issuer = await startFakeIssuer();
});
afterAll(() => issuer.close());

async function codeFor(verifier: string): Promise<string> {
  const query = new URLSearchParams({
    client_id: issuer.clientId,
    redirect_uri: BACK,
    response_type: 'code',
    scope: 'openid',
    state: 'state',
    nonce: 'nonce',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const body = new URLSearchParams({ email: 'ada@example.com', name: 'Ada' });
  const reply = await fetch(`${issuer.url}/authorize?${query}`, { method: 'POST', body, redirect: 'manual' });
  return new URL(reply.headers.get('location') ?? '').searchParams.get('code') ?? '';
}

async function exchange(code: string, fields: Record<string, string> = {}): Promise<number> {
  const own = {
    grant_type: 'authorization_code',
    client_id: issuer.clientId,
    redirect_uri: BACK,
    code_verifier: VERIFIER,
  };
  const body = new URLSearchParams({ ...own, code, ...fields });
  return (await fetch(`${issuer.url}/token`, { method: 'POST', body })).status;
}

test('a code opens once, for its verifier and address alone', async () => {
  expect(await exchange(await codeFor(VERIFIER), { code_verifier: 'w'.repeat(43) })).toBe(400);
  expect(await exchange(await codeFor(VERIFIER), { code_verifier: '' })).toBe(400);
  expect(await exchange(await codeFor(VERIFIER), { redirect_uri: 'http://thief.example/' })).toBe(400);
  const code = await codeFor(VERIFIER);
  expect([await exchange(code), await exchange(code)]).toEqual([200, 400]);
});
