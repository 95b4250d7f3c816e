/**
 * The schedule of verifications of a pending order: soon, then hourly, one per step, the last at the order's expiry.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextVerify, verifyDueAt } from '../../models/payment/verify-schedule.ts';

const MINUTE_MS = 60_000;
const placed = new Date('2026-03-01T00:00:00Z');
const atMinute = (minutes: number) => new Date(placed.getTime() + minutes * MINUTE_MS);
const minutesOf = (at: Date) => (at.getTime() - placed.getTime()) / MINUTE_MS;

test('the steps are 2, 5, 15 and 60 minutes, then one an hour', () =>
  expect([0, 1, 2, 3, 4, 5, 26].map((step) => minutesOf(verifyDueAt(placed, step)))).toEqual([
    2, 5, 15, 60, 120, 180, 1440,
  ]));

describe('the next verification', () => {
  const order = { createdAt: placed, expiresAt: atMinute(24 * 60), verifyStep: 0 };

  test('is the next step', () => {
    expect(nextVerify(order, atMinute(2))).toEqual({ verifyStep: 1, verifyDueAt: atMinute(5) });
    expect(nextVerify({ ...order, verifyStep: 3 }, atMinute(60))).toEqual({
      verifyStep: 4,
      verifyDueAt: atMinute(120),
    });
  });

  test('skips the steps that have passed', () =>
    expect(nextVerify(order, atMinute(100))).toEqual({ verifyStep: 4, verifyDueAt: atMinute(120) }));

  test('is at the expiry when that comes first', () =>
    expect(nextVerify({ ...order, expiresAt: atMinute(10) }, atMinute(5))).toEqual({
      verifyStep: 2,
      verifyDueAt: atMinute(10),
    }));

  test('is at a reminder that comes first, and the step that was due follows it', () => {
    const atReminder = nextVerify({ ...order, verifyStep: 1 }, atMinute(5), atMinute(12));
    expect(atReminder).toEqual({ verifyStep: 1, verifyDueAt: atMinute(12) });
    const after = nextVerify({ ...order, ...atReminder }, atMinute(12), atMinute(12));
    expect(after).toEqual({ verifyStep: 2, verifyDueAt: atMinute(15) });
    // A reminder in the last step's place is that step.
    expect(nextVerify({ ...order, verifyStep: 2 }, atMinute(15), atMinute(60)).verifyStep).toBe(3);
  });

  test('goes on after the expiry, for an order that is not decided yet', () =>
    expect(nextVerify({ ...order, expiresAt: atMinute(10) }, atMinute(10))).toEqual({
      verifyStep: 2,
      verifyDueAt: atMinute(15),
    }));

  test('is always in the future, at a later step, and never after a future expiry', () =>
    fc.assert(
      fc.property(fc.nat(40), fc.nat(3000), fc.nat(3000), (verifyStep, nowMinutes, expiryMinutes) => {
        const [now, expiresAt] = [atMinute(nowMinutes), atMinute(expiryMinutes)];
        const next = nextVerify({ createdAt: placed, expiresAt, verifyStep }, now);
        const beforeExpiry = expiresAt <= now || next.verifyDueAt <= expiresAt;
        return next.verifyDueAt > now && next.verifyStep > verifyStep && beforeExpiry;
      }),
    ));
});
