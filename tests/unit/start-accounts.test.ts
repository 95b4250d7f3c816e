/** The accounts that `npm start` prints. */
import { expect, test } from '@jest/globals';
import { describeAccounts } from '../../dev/start/describe-accounts.ts';
import type { Config } from '../../server/config/config.ts';

const own = { auth: { kind: 'own' } } as unknown as Config;
const outside = { auth: { kind: 'jwks', issuer: 'https://issuer.example' } } as Config;

test('passwords are printed only where one can sign in with them', () => {
  expect(describeAccounts(own, 'seeded')).toEqual({
    rows: [
      ['customer', 'ada@example.com', expect.any(String)],
      ['owner', 'tunde@example.com', expect.any(String)],
    ],
  });
  expect(describeAccounts(own, 'foreign')).toEqual({ sentence: expect.stringContaining('no accounts were added') });
  expect(describeAccounts(outside, 'seeded')).toEqual({
    sentence:
      'Accounts are at https://issuer.example: sign in there. An account gets a role of staff by `npm run staff`.',
  });
});
