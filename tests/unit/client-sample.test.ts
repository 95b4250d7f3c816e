import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { appRouter } from '../../server/trpc/router.ts';

const SAMPLE = join(import.meta.dirname, '../../client-sdk/sample');

test("the client's sample calls every procedure", async () => {
  const files = ['shopper.ts', 'staff.ts', 'live.ts'];
  const code = (await Promise.all(files.map((file) => readFile(join(SAMPLE, file), 'utf8')))).join('');
  const unused = Object.keys(appRouter._def.procedures).filter((path) => !code.includes(`.${path}.`));
  expect(unused).toEqual([]);
});
