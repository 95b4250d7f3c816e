import { expect, test } from '@jest/globals';
import { STAFF_ROLES } from '../../models/contract/permissions.ts';
import { isRenewalDue, lifetimeOf, tokenEnd } from '../../server/auth/session-times.ts';

const HOUR_MS = 3_600_000;
const LIFETIME_MS = 12 * HOUR_MS;
const at = (hours: number) => new Date(Date.UTC(2026, 0, 1) + hours * HOUR_MS);

test('staff have the lifetime of staff, whatever their role, and customers their own', () => {
  const lifetimes = { customerMs: 2, staffMs: 1 };
  expect(STAFF_ROLES.map((role) => lifetimeOf(role, lifetimes))).toEqual([1, 1, 1, 1]);
  expect(lifetimeOf('customer', lifetimes)).toBe(2);
});

test.each([
  ['a lifetime after it was issued', 0, 0, 12],
  ['a lifetime after it was issued, when the session is older', 0, 100, 112],
  ['twelve lifetimes after the sign-in at the latest', 0, 140, 144],
  ['before it was issued, when the session had ended then', 0, 150, 144],
])('a token ends %s', (_what, startedAt, issuedAt, end) => {
  expect(tokenEnd({ startedAt: at(startedAt), issuedAt: at(issuedAt) }, LIFETIME_MS)).toEqual(at(end));
});

test.each([
  ['a young token', 0, 0, 0.5, false],
  ['one of which a 24th of its life has passed', 0, 0, 0.51, true],
  ['one that lasts to the end of its session', 0, 133, 140, false],
  ['one near the end of its session, if another lasts longer', 0, 131, 140, true],
])('%s is renewed or not', (_what, startedAt, issuedAt, now, due) => {
  expect(isRenewalDue({ startedAt: at(startedAt), issuedAt: at(issuedAt) }, LIFETIME_MS, at(now))).toBe(due);
});

test('a session that is renewed at each chance ends after twelve lifetimes', () => {
  let token = { startedAt: at(0), issuedAt: at(0) };
  let hours = 0;
  for (; at(hours) < tokenEnd(token, LIFETIME_MS) && hours < 1_000; hours += 1)
    if (isRenewalDue(token, LIFETIME_MS, at(hours))) token = { ...token, issuedAt: at(hours) };
  expect(hours).toBe(144);
});
