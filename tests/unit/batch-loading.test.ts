/** Who asks in one turn of the event loop is answered by one command, each his own; nobody by an older one. */
import { expect, test } from '@jest/globals';
import { anyOf, gather } from '../../models/db/batch-loader.ts';
import type { Database } from '../../models/db/database.ts';

/** gather only tells one database from another. */
const someDatabase = () => ({}) as unknown as Database;

function counted(answer: (asked: number) => number = (asked) => asked * 2) {
  const commands: number[][] = [];
  const ask = gather(async (_db, asked: readonly number[]) => {
    commands.push([...asked]);
    return answer;
  });
  return { ask, commands };
}

test('all who ask in one turn are answered by one command, each his own', async () => {
  const db = someDatabase();
  const { ask, commands } = counted();
  expect(await Promise.all([1, 2, 2, 3].map((asked) => ask(db, asked)))).toEqual([2, 4, 4, 6]);
  expect(commands).toEqual([[1, 2, 2, 3]]);
});

test('who asks once the command is sent is answered by the next one, never by an older one', async () => {
  const db = someDatabase();
  let truth = 1;
  let later: Promise<number> | undefined;
  const ask = gather(async (_db, _asked: readonly string[]) => {
    const read = truth;
    if (truth === 1) {
      truth = 2;
      later = ask(db, 'it');
    }
    return () => read;
  });
  expect(await ask(db, 'it')).toBe(1);
  expect(await later).toBe(2);
});

test('a crowd is answered by several commands of 200 at most', async () => {
  const db = someDatabase();
  const { ask, commands } = counted();
  const crowd = Array.from({ length: 450 }, (_, index) => index);
  expect(await Promise.all(crowd.map((asked) => ask(db, asked)))).toEqual(crowd.map((asked) => asked * 2));
  expect(commands.map((asked) => asked.length)).toEqual([200, 200, 50]);
});

test('two databases are never asked together', async () => {
  const { ask, commands } = counted();
  await Promise.all([ask(someDatabase(), 1), ask(someDatabase(), 2)]);
  expect(commands).toEqual([[1], [2]]);
});

test('a command that fails fails all of its turn, and the next turn asks anew', async () => {
  const db = someDatabase();
  let fails = true;
  const ask = gather(async (_db, _asked: readonly number[]) => {
    if (fails) throw new Error('no server');
    return () => 'fine';
  });
  const outcomes = await Promise.allSettled([ask(db, 1), ask(db, 2)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await ask(db, 1)).toBe('fine');
});

test('one value alone is asked for plainly', () => {
  expect(anyOf(['a'])).toBe('a');
  expect(anyOf(['a', 'b'])).toEqual({ $in: ['a', 'b'] });
});
