/** Concurrent callers share one call. Its result is cached for the ttl, a failure is not. */
import { expect, test } from '@jest/globals';
import { SingleFlight } from '../../jobs/concurrency/single-flight.ts';
import { fakeClock } from '../support/test-app.ts';

/** A call that stays pending until released, and the number of its starts. */
function gated() {
  let begun = 0;
  let settle: { give(value: string): void; fail(error: Error): void } = { give: () => {}, fail: () => {} };
  const call = () => {
    begun += 1;
    return new Promise<string>((give, fail) => {
      settle = { give, fail };
    });
  };
  return { call, begun: () => begun, give: (value: string) => settle.give(value), fail: (e: Error) => settle.fail(e) };
}

test('concurrent callers share one call, and its value is reused within the ttl', async () => {
  const coalescer = new SingleFlight<string>(1_000, fakeClock());
  const { call, begun, give } = gated();
  const crowd = Array.from({ length: 100 }, () => coalescer.get('a', call));
  give('yes');
  expect(new Set(await Promise.all(crowd))).toEqual(new Set(['yes']));
  expect(await coalescer.get('a', call)).toBe('yes');
  expect(begun()).toBe(1);
});

test('each key is a question of its own', async () => {
  const coalescer = new SingleFlight<string>(1_000, fakeClock());
  const answers = ['a', 'b'].map((key) => coalescer.get(key, async () => key));
  expect(await Promise.all(answers)).toEqual(['a', 'b']);
});

test('a failure rejects the callers that waited for it, and no later ones', async () => {
  const coalescer = new SingleFlight<string>(1_000, fakeClock());
  const { call, begun, give, fail } = gated();
  const crowd = Array.from({ length: 3 }, () => coalescer.get('a', call));
  fail(new Error('no answer'));
  const outcomes = await Promise.allSettled(crowd);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  const later = coalescer.get('a', call);
  give('yes');
  await expect(later).resolves.toBe('yes');
  expect(begun()).toBe(2);
});

test('an answer serves for its time by the clock, from when it came, and no longer', async () => {
  const clock = fakeClock();
  const coalescer = new SingleFlight<string>(1_000, clock);
  const { call, begun, give } = gated();
  const first = coalescer.get('a', call);
  clock.advance(60_000);
  const late = coalescer.get('a', call);
  give('yes');
  expect(await Promise.all([first, late])).toEqual(['yes', 'yes']);
  clock.advance(999);
  expect(await coalescer.get('a', call)).toBe('yes');
  expect(begun()).toBe(1);
  clock.advance(1);
  const next = coalescer.get('a', call);
  give('no');
  expect(await next).toBe('no');
  expect(begun()).toBe(2);
});

test('an answer that the clock dates after now is not reused', async () => {
  const clock = fakeClock();
  const coalescer = new SingleFlight<number>(1_000, clock);
  expect(await coalescer.get('a', async () => 1)).toBe(1);
  clock.advance(-1);
  expect(await coalescer.get('a', async () => 2)).toBe(2);
});

test('each key expires by its own time', async () => {
  const clock = fakeClock();
  const coalescer = new SingleFlight<string>(1_000, clock);
  const ask = (answer: string) => coalescer.get(answer[0] ?? '', async () => answer);
  await ask('a1');
  clock.advance(500);
  await ask('b1');
  clock.advance(500);
  expect([await ask('a2'), await ask('b2')]).toEqual(['a2', 'b1']);
});
