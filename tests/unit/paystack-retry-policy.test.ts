/** The retry policy: a bounded number within a bounded time, and only for transient failures. */
import { describe, expect, test } from '@jest/globals';
import { GatewayError, type GatewayErrorKind } from '../../models/payment/gateway-reports.ts';
import { parseRetryAfter } from '../../server/paystack/reply.ts';
import { nextDelayMs, withRetries } from '../../server/paystack/retry-policy.ts';

const policy = { attempts: 4, baseMs: 100, capMs: 250 };
const failed = (kind: GatewayErrorKind, retryAfterMs: number | null = null) =>
  new GatewayError(kind, null, 'x', retryAfterMs);

describe('the wait before the next attempt', () => {
  const wait = (error: unknown, attempt = 1, jitter = 0.999, remainingMs = 10_000) =>
    nextDelayMs({ error, attempt, remainingMs, jitter }, policy);

  test('has full jitter: from nothing up to the back-off', () => {
    expect(wait(failed('unavailable'), 1, 0)).toBe(0);
    expect(wait(failed('unavailable'), 1, 0.5)).toBe(50);
  });

  test('doubles with each attempt, up to the cap', () => {
    expect([1, 2, 3].map((attempt) => wait(failed('unavailable'), attempt, 1))).toEqual([100, 200, 250]);
  });

  test('is never shorter than Paystack’s Retry-After', () => {
    expect(wait(failed('rate_limited', 3_000), 1, 0)).toBe(3_000);
  });

  test('is none when Retry-After exceeds the remaining time', () => {
    expect(wait(failed('rate_limited', 3_600_000))).toBeNull();
  });

  test('is none when the attempts are used up', () => {
    expect(wait(failed('unavailable'), 4)).toBeNull();
  });

  test.each([
    ['malformed'],
    ['blocked'],
    ['duplicate_reference'],
    ['unknown_reference'],
    ['already_refunded'],
    ['unauthorized'],
    ['rejected'],
  ] as const)('is none after %s, which would come back the same', (kind) => {
    expect(wait(failed(kind))).toBeNull();
  });

  test('is none after an error that is not the gateway’s', () => {
    expect(wait(new TypeError('bug'))).toBeNull();
  });
});

describe('withRetries', () => {
  const quick = { attempts: 3, baseMs: 1, capMs: 1 };

  test('gives the first success', async () => {
    let made = 0;
    const result = await withRetries(
      async () => {
        made += 1;
        if (made < 3) throw failed('unavailable');
        return 'ok';
      },
      { deadlineMs: 5_000, policy: quick, jitter: () => 0 },
    );
    expect([result, made]).toEqual(['ok', 3]);
  });

  test('throws the last failure once the attempts are used up', async () => {
    let made = 0;
    const run = withRetries(
      () => {
        made += 1;
        return Promise.reject(failed('rate_limited', made));
      },
      { deadlineMs: 5_000, policy: quick, jitter: () => 0 },
    );
    await expect(run).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 3 });
    expect(made).toBe(3);
  });

  test('without a policy tries once, with all the time', async () => {
    const budgets: number[] = [];
    const run = withRetries(
      (budgetMs) => {
        budgets.push(budgetMs);
        return Promise.reject(failed('unavailable'));
      },
      { deadlineMs: 5_000, policy: null, jitter: () => 0 },
    );
    await expect(run).rejects.toMatchObject({ kind: 'unavailable' });
    expect(budgets).toHaveLength(1);
    expect(budgets[0]).toBeGreaterThan(4_900);
  });

  test('leaves time for a second attempt, and gives the last one all that is left', async () => {
    const budgets: number[] = [];
    const run = withRetries(
      (budgetMs) => {
        budgets.push(budgetMs);
        return Promise.reject(failed('unavailable'));
      },
      { deadlineMs: 8_000, policy: { ...quick, attempts: 2 }, jitter: () => 0 },
    );
    await expect(run).rejects.toMatchObject({ kind: 'unavailable' });
    expect(budgets[0]).toBeLessThanOrEqual(4_000);
    expect(budgets[1]).toBeGreaterThan(7_000);
  });
});

describe('Retry-After', () => {
  const clock = { now: () => new Date('2026-01-01T00:00:00Z') };
  test.each([
    ['120', 120_000],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Thu, 01 Jan 2015 00:00:30 GMT', 0],
    ['soon', null],
    ['', null],
    [null, null],
  ])('%p means %p ms', (header, expected) => {
    expect(parseRetryAfter(header, clock)).toBe(expected);
  });
});
