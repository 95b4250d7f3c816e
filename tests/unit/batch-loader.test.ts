/**
 * Loads of one event-loop tick share one command, each caller gets its own value, and no value is older than its load.
 */
import { expect, test } from '@jest/globals';
import { anyOf, batchLoader } from '../../models/db/batching/batch-loader.ts';

/** Each source needs an identity and nothing more. */
const newSource = () => ({});

function countedLoader(answerTo: (key: number) => number = (key) => key * 2) {
  const batches: number[][] = [];
  const load = batchLoader(async (_source: object, keys: readonly number[]) => {
    batches.push([...keys]);
    return keys.map(answerTo);
  });
  return { load, batches };
}

test('loads of one tick share one command, and each caller gets its own value', async () => {
  const source = newSource();
  const { load, batches } = countedLoader();
  expect(await Promise.all([1, 2, 2, 3].map((key) => load(source, key)))).toEqual([2, 4, 4, 6]);
  expect(batches).toEqual([[1, 2, 2, 3]]);
});

test('a load made after the command was sent goes with the next command, never gets an older value', async () => {
  const source = newSource();
  let stored = 1;
  let later: Promise<number> | undefined;
  const load = batchLoader(async (_source: object, keys: readonly string[]) => {
    const read = stored;
    if (stored === 1) {
      stored = 2;
      later = load(source, 'it');
    }
    return keys.map(() => read);
  });
  expect(await load(source, 'it')).toBe(1);
  expect(await later).toBe(2);
});

test('many loads go with several commands of 200 at most', async () => {
  const source = newSource();
  const { load, batches } = countedLoader();
  const keys = Array.from({ length: 450 }, (_, index) => index);
  expect(await Promise.all(keys.map((key) => load(source, key)))).toEqual(keys.map((key) => key * 2));
  expect(batches.map((batch) => batch.length)).toEqual([200, 200, 50]);
});

test('loads from two databases never share a command', async () => {
  const { load, batches } = countedLoader();
  await Promise.all([load(newSource(), 1), load(newSource(), 2)]);
  expect(batches).toEqual([[1], [2]]);
});

test('a command that fails fails every load of its batch, and the next tick sends another', async () => {
  const source = newSource();
  let fails = true;
  const load = batchLoader(async (_source: object, keys: readonly number[]) => {
    if (fails) throw new Error('no server');
    return keys.map(() => 'fine');
  });
  const outcomes = await Promise.allSettled([load(source, 1), load(source, 2)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await load(source, 1)).toBe('fine');
});

test('a load is sent with the others of its tick, microtasks and nextTick callbacks included, and not later', async () => {
  const source = newSource();
  const { load, batches } = countedLoader();
  const first = load(source, 1);
  // Microtasks and nextTick callbacks run before the batch is sent.
  const second = Promise.resolve().then(() => load(source, 2));
  const third = new Promise<number>((resolve) => process.nextTick(() => resolve(load(source, 3))));
  await Promise.all([first, second, third]);
  await load(source, 4);
  expect(batches).toEqual([[1, 2, 3], [4]]);
});

test('after a batch of more than one, the next waits for more calls; after a lone load it is sent at once', async () => {
  const source = newSource();
  const { load, batches } = countedLoader();
  await Promise.all([load(source, 1), load(source, 2)]);
  const third = load(source, 3);
  const fourth = new Promise((resolve) => setImmediate(() => setImmediate(() => resolve(load(source, 4)))));
  await Promise.all([third, fourth]);
  await load(source, 5);
  const sixth = load(source, 6);
  const seventh = new Promise((resolve) => setImmediate(() => setImmediate(() => resolve(load(source, 7)))));
  await Promise.all([sixth, seventh]);
  expect(batches).toEqual([[1, 2], [3, 4], [5], [6], [7]]);
});

test('a busy loader collects as long as calls keep coming, up to a bound', async () => {
  const source = newSource();
  const { load, batches } = countedLoader();
  await Promise.all([load(source, 1), load(source, 2)]);
  let isAnswered = false;
  const first = load(source, 3).then(() => {
    isAnswered = true;
  });
  const startedAt = performance.now();
  const others: Promise<number>[] = [];
  // One more in each turn of the event loop, so that no two looks at the batch find the same number.
  await new Promise<void>((resolve) => {
    const another = () => {
      if (isAnswered || performance.now() > startedAt + 2_000) return resolve();
      others.push(load(source, others.length));
      setImmediate(another);
    };
    another();
  });
  const tookMs = performance.now() - startedAt;
  expect(isAnswered).toBe(true);
  // Much longer than it waits for a next call.
  expect(tookMs).toBeGreaterThan(10);
  await Promise.all([first, ...others]);
  expect(Math.max(...batches.map((keys) => keys.length))).toBeGreaterThan(10);
});

test('an error in the place of a value rejects that load alone', async () => {
  const load = batchLoader(async (_source: object, keys: readonly number[]) =>
    keys.map((key) => (key === 2 ? new Error('this one') : key)),
  );
  const source = newSource();
  const outcomes = await Promise.allSettled([1, 2, 3].map((key) => load(source, key)));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('a single value stays a plain filter', () => {
  expect(anyOf(['a'])).toBe('a');
  expect(anyOf(['a', 'b'])).toEqual({ $in: ['a', 'b'] });
});
