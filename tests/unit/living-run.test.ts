/** Wake-ups reach a settlement run in memory while it lives, and none is lost when it ends. */
import { expect, test } from '@jest/globals';
import { LivingRun } from '../../jobs/agenda/living-run.ts';

const LONG_MS = 60_000;
const going = new AbortController().signal;
const soon = () => performance.now();

/** A living run whose deletions of waiting wake-ups are counted. */
function living(lingerMs = LONG_MS) {
  const count = { deletions: 0 };
  const run = new LivingRun(async () => {
    count.deletions += 1;
  }, lingerMs);
  return { run, count };
}

test('without a run every wake-up must be stored', async () => {
  const { run } = living();
  expect([run.announce(), run.announceStored()]).toEqual([false, false]);
  await run.run(going, async () => undefined);
  expect(run.announce()).toBe(false);
});

test('a wake-up after the last read goes on with the run, and one before it does not', async () => {
  const { run } = living(5);
  const seen: boolean[] = [];
  await run.run(going, async (work) => {
    run.announce();
    await work?.beforeRead();
    seen.push((await work?.next(soon(), false)) === true);
    await work?.beforeRead();
    run.announce();
    seen.push((await work?.next(soon(), false)) === true);
  });
  expect(seen).toEqual([false, true]);
});

test('a wake-up ends the wait for it at once', async () => {
  const { run } = living();
  const startedAt = performance.now();
  await run.run(going, async (work) => {
    const more = work?.next(soon(), false);
    run.announce();
    expect(await more).toBe(true);
  });
  expect(performance.now() - startedAt).toBeLessThan(LONG_MS / 2);
});

test('a busy run waits until no more wake-ups come, up to a bound', async () => {
  const { run } = living();
  const startedAt = performance.now();
  await run.run(going, async (work) => {
    run.announce();
    let hasBegun = false;
    const next = work?.next(soon(), true).then(() => {
      hasBegun = true;
    });
    await new Promise<void>((resolve) => {
      // One in each turn of the event loop, so that no two looks find the same number.
      const another = () => {
        if (hasBegun || performance.now() > startedAt + 2_000) return resolve();
        run.announce();
        setImmediate(another);
      };
      another();
    });
    expect(hasBegun).toBe(true);
    // Much longer than it waits for a next one.
    expect(performance.now() - startedAt).toBeGreaterThan(10);
    await next;
  });
});

test('the next batch begins no earlier than it may', async () => {
  const { run } = living();
  await run.run(going, async (work) => {
    run.announce();
    const earliest = performance.now() + 40;
    expect(await work?.next(earliest, false)).toBe(true);
    // Timers may fire a millisecond early.
    expect(performance.now()).toBeGreaterThan(earliest - 2);
  });
});

test('a run ends after the linger, or at once when the process stops', async () => {
  const { run: short } = living(5);
  expect((await short.run(going, async (work) => work?.next(soon(), false))).result).toBe(false);
  const lingerMs = 2_000;
  const { run } = living(lingerMs);
  const stopping = new AbortController();
  const startedAt = performance.now();
  const ending = run.run(stopping.signal, async (work) => work?.next(soon(), false));
  stopping.abort();
  expect(await ending).toEqual({ result: false, isWorkLeft: false });
  expect(performance.now() - startedAt).toBeLessThan(lingerMs / 2);
  run.announce();
  expect((await run.run(stopping.signal, async (work) => work?.next(soon(), false))).result).toBe(false);
});

test('what a run was told and has not read is left for a stored wake-up', async () => {
  const { run } = living();
  const told = await run.run(going, async (work) => {
    await work?.beforeRead();
    run.announce();
  });
  expect(told.isWorkLeft).toBe(true);
  const read = await run.run(going, async (work) => {
    run.announce();
    await work?.beforeRead();
  });
  expect(read.isWorkLeft).toBe(false);
});

test('wake-ups that wait in the database are deleted before the read, once, and only when some wait', async () => {
  const { run, count } = living();
  await run.run(going, async (work) => {
    run.announce();
    await work?.beforeRead();
    expect(count.deletions).toBe(0);
    run.announceStored();
    expect(await work?.next(soon(), false)).toBe(true);
    await work?.beforeRead();
    await work?.beforeRead();
  });
  expect(count.deletions).toBe(1);
});

test('a second run beside a living one is told nothing and ends by itself', async () => {
  const { run } = living(5);
  await run.run(going, async (work) => {
    const second = await run.run(going, async (none) => none === undefined);
    expect(second).toEqual({ result: true, isWorkLeft: false });
    run.announce();
    expect(await work?.next(soon(), false)).toBe(true);
  });
});
