/**
 * Checkouts that hold stock wait in line. Once they waited for as long as the line was: those whose callers had been
 * answered 503 long before still had their turn, and held stock that nobody was going to pay for.
 */
import { expect, test } from '@jest/globals';
import { Bulkhead } from '../../models/bulkhead.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** A turnstile for one, with somebody inside until he is let go. */
function occupied(longest: number): { turnstile: Bulkhead; leave: () => void; gone: Promise<void> } {
  const turnstile = new Bulkhead(1, longest);
  let leave: () => void = () => undefined;
  const inside = new Promise<void>((resolve) => {
    leave = resolve;
  });
  return { turnstile, leave: () => leave(), gone: turnstile.run(() => inside, NEVER) };
}

test('whose turn comes too late is turned away, does no work, and holds nobody up', async () => {
  const { turnstile, leave, gone } = occupied(10);
  const done: string[] = [];
  const visit = (name: string, giveUpAt: number) =>
    turnstile.run(async () => {
      done.push(name);
    }, giveUpAt);
  const late = visit('late', performance.now() - 1);
  const inTime = visit('in time', NEVER);
  leave();
  await expect(late).rejects.toMatchObject({ code: 'OVERLOADED', details: { retryAfterMs: expect.any(Number) } });
  await Promise.all([gone, inTime]);
  expect(done).toEqual(['in time']);
});

test('who comes to a line that is too long is turned away at once, and the line goes on', async () => {
  const { turnstile, leave, gone } = occupied(1);
  const waiting = turnstile.run(async () => 'served', NEVER);
  await expect(turnstile.run(async () => 'served', NEVER)).rejects.toMatchObject({ code: 'OVERLOADED' });
  leave();
  await gone;
  expect(await waiting).toBe('served');
  expect(await turnstile.run(async () => 'served', NEVER)).toBe('served');
});
