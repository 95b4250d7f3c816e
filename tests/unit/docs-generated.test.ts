/** The tables in docs/ that follow from code equal the output of `npm run docs`. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { generatedBlocks, readBlock } from '../../dev/docs/generated-blocks.ts';
import { PROCEDURE_NOTES } from '../../dev/docs/procedure-notes.ts';
import { allProcedures } from '../../dev/docs/procedures.ts';
import { listPages, readPage } from '../support/markdown.ts';

test.each(generatedBlocks().map((block) => [`${block.file}, ${block.name}`, block] as const))(
  '%s is as npm run docs writes it',
  (_, block) => {
    expect(readBlock(block)).toBe(block.text);
  },
);

test('every procedure has a note, and every note a procedure', () => {
  expect(
    allProcedures()
      .map(({ path }) => path)
      .sort(),
  ).toEqual(Object.keys(PROCEDURE_NOTES).sort());
});

test('every command that a page names is one of package.json', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync('package.json', 'utf8')));
  const named = new Set(
    listPages().flatMap((page) => [...readPage(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)),
  );
  expect(named.size).toBeGreaterThan(10);
  expect([...named].filter((name) => !(name in scripts))).toEqual([]);
});
