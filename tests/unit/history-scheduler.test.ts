import { expect, test } from '@jest/globals';
import { MovedClock } from '../../dev/history/moved-clock.ts';
import { runStories, type Story } from '../../dev/history/scheduler.ts';

const timeline = (clock: MovedClock, steps: number[], signal = new AbortController().signal) => ({
  clock,
  endAt: 1_000,
  stepMs: 10,
  signal,
  afterStep: async (at: number) => {
    steps.push(at);
  },
});

test('stories go on in the order of their times, those of one step beside each other, and none after the end', async () => {
  const clock = new MovedClock();
  const lines: string[] = [];
  const steps: number[] = [];
  async function* story(name: string, ...times: number[]): Story {
    for (const time of times) {
      yield time;
      lines.push(`${name} ${time} at ${clock.now().getTime()}`);
    }
  }
  await runStories([story('late', 50, 1_001), story('early', 5, 12, 40), story('none')], timeline(clock, steps));
  // 12 is within the step that begins at 5, and 50 within the one that begins at 40.
  expect([...lines].sort()).toEqual(['early 12 at 5', 'early 40 at 40', 'early 5 at 5', 'late 50 at 40']);
  expect(lines.slice(0, 2)).toEqual(['early 5 at 5', 'early 12 at 5']);
  expect(steps).toEqual([15, 50]);
  expect(clock.now().getTime()).toBe(50);
});

test('a signal ends the playing after the step that runs', async () => {
  const clock = new MovedClock();
  const steps: number[] = [];
  const stop = new AbortController();
  async function* story(): Story {
    for (let time = 100; ; time += 100) {
      yield time;
      if (time === 300) stop.abort();
    }
  }
  await runStories([story()], timeline(clock, steps, stop.signal));
  expect(steps).toEqual([110, 210, 310]);
});

test('a story that fails ends the playing with its error', async () => {
  async function* story(): Story {
    yield 1;
    throw new Error('out of stock');
  }
  await expect(runStories([story()], timeline(new MovedClock(), []))).rejects.toThrow('out of stock');
});

test('a clock that was let go is the machine’s', () => {
  const clock = new MovedClock();
  clock.moveTo(5);
  expect(clock.now().getTime()).toBe(5);
  clock.letGo();
  expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(1_000);
});
