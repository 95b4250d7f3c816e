import { expect, test } from '@jest/globals';
import { AcceptedPasswords } from '../../server/auth/accepted-passwords.ts';

const HASH = '$argon2id$v=19$the hash of an account';

test('an accepted password is accepted again for the same hash, and for no other password or hash', () => {
  const accepted = new AcceptedPasswords();
  accepted.add(HASH, 'correct horse');
  expect(accepted.has(HASH, 'correct horse')).toBe(true);
  expect(accepted.has(HASH, 'correct')).toBe(false);
  expect(accepted.has(`${HASH} after a change`, 'correct horse')).toBe(false);
});

test('the keys hold neither the password nor the hash, and differ between processes', () => {
  const keys = [new AcceptedPasswords(), new AcceptedPasswords()].map((accepted) => {
    accepted.add(HASH, 'correct horse');
    return accepted.keys();
  });
  expect(keys.flat()).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)]);
  expect(keys[0]).not.toEqual(keys[1]);
});

test('the longest unused of too many is dropped', () => {
  const accepted = new AcceptedPasswords(2);
  for (const password of ['a', 'b', 'c']) accepted.add(HASH, password);
  expect(['a', 'b', 'c'].map((password) => accepted.has(HASH, password))).toEqual([false, true, true]);
});
