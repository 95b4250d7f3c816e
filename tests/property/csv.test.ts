/** Texts of every kind go out in a CSV and come in as they were, by the server's lines and the desk's parser. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromCsv, toCsv } from '../../client-sdk/desk/src/data/csv.ts';
import { csvLine } from '../../server/rest/csv.ts';
import { randomRuns } from '../support/property-runs.ts';

const CRAFTED = ["'", '=', '+', '-', '@', '\t', '\r', '\n', ',', ';', '"', ' ', 'a', '1', '\uFEFF', 'ọ', '👩'];
const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom(...CRAFTED), maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 });
const NAMES = ['one', 'two', 'three'];

test('what goes out comes in unchanged, and no cell of it is computed', () => {
  fc.assert(
    fc.property(table, (rows) => {
      const ofServer = `\uFEFF${[NAMES, ...rows].map(csvLine).join('')}`;
      expect(ofServer).toBe(toCsv([NAMES, ...rows]));
      expect(fromCsv(ofServer)).toEqual([NAMES, ...rows]);
      for (const one of rows.flat()) expect(csvLine([one])).not.toMatch(/^"?[=+\-@\t\r](?!\n$)/);
    }),
    randomRuns(300),
  );
});
