/** Every error code is in the table of docs/api-and-errors.md with the HTTP status of its replies, and no other is. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ERROR_STATUSES } from '../../server/http/error-statuses.ts';

const page = readFileSync(new URL('../../docs/api-and-errors.md', import.meta.url), 'utf8');

/** Rows of tables whose first cell is one code. */
const documented = new Map(
  [...page.matchAll(/^\|\s*`([A-Z][A-Z_]+)`\s*\|(.*)$/gm)]
    .map(([, code = '', rest = '']) => [code, rest] as const)
    .filter(([, rest]) => /^\s*\d{3}\s*\|/.test(rest)),
);

test.each(Object.entries(ERROR_STATUSES))('%s is documented with its status and with what to do', (code, { http }) => {
  const cells = (documented.get(code) ?? '').split('|').map((cell) => cell.trim());
  expect(cells[0]).toBe(String(http));
  expect(cells.slice(1).join(' ').length).toBeGreaterThan(20);
});

test('no code is documented that does not exist', () => {
  expect([...documented.keys()].filter((code) => !(code in ERROR_STATUSES))).toEqual([]);
});
