/**
 * docs/invariants.md lists every id of an invariant, a crash point or a fault that sources, tests or the audit name.
 */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from '@jest/globals';
import { AUDIT_CHECKS } from '../../models/audit/audit.ts';
import { ANSWER_POINTS, CRASH_POINTS, PAYOUT_POINT } from '../faults/crash/points.ts';
import { codeIn, rowsOf, sectionOf } from '../support/markdown.ts';
import { readTexts } from '../support/source-files.ts';

const PAGE = 'docs/invariants.md';
const TABLES = ['## Invariants', '## Crash points', '## Faults'].map((heading) => rowsOf(sectionOf(PAGE, heading)));
const ROWS = TABLES.flatMap(([, ...rows]) => rows);
const DOCUMENTED = ROWS.flatMap(([ids = '']) => ids.split(', '));

const ID = String.raw`[A-Z]\d{1,2}`;
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/.*/g;

/** `Q1–Q3` includes the ids in between. */
function expand(text: string): string[] {
  return [...text.matchAll(new RegExp(String.raw`\b(${ID})(?:–(${ID}))?\b`, 'g'))].flatMap(
    ([, first = '', last = first]) => {
      const [from, to] = [Number(first.slice(1)), Number(last.slice(1))];
      return Array.from({ length: to - from + 1 }, (_, index) => `${first[0]}${from + index}`);
    },
  );
}

const SOURCES = readTexts(['models', 'jobs', 'server', 'dev', 'tests']).filter(
  ({ path }) => path !== 'tests/unit/docs-invariants.test.ts',
);

/**
 * Invariants and crash points in all text; faults in the comments of tests only, because their letters mean other
 * things elsewhere.
 */
const NAMED = SOURCES.flatMap(({ path, text }) => {
  const comments = path.startsWith('tests/') ? [...text.matchAll(COMMENT)].map(([comment]) => comment).join('\n') : '';
  return [
    ...expand(text).filter((id) => /^[IK]/.test(id)),
    ...expand(comments).filter((id) => /^[ACDEGPQRSW]/.test(id)),
  ].map((id) => [id, path] as const);
});

test('an id that a source names is in the tables', () => {
  expect(NAMED.length).toBeGreaterThan(100);
  expect(NAMED.filter(([id]) => !DOCUMENTED.includes(id))).toEqual([]);
});

test('every crash point and every id that the audit prints is in the tables', () => {
  const printed = [...CRASH_POINTS, ...ANSWER_POINTS, PAYOUT_POINT, ...AUDIT_CHECKS].map(({ id }) => id);
  expect(printed.filter((id) => !DOCUMENTED.includes(id))).toEqual([]);
});

test('no id is in the tables twice', () => {
  expect(DOCUMENTED.filter((id, index) => DOCUMENTED.indexOf(id) !== index)).toEqual([]);
});

test('an invariant is marked as read by the audit exactly if a check of the audit has its id', () => {
  const marked = TABLES[0]?.slice(1).filter(([, , read = '']) => read.startsWith('yes')) ?? [];
  const read = new Set<string>(AUDIT_CHECKS.map(({ id }) => id));
  expect(marked.map(([id]) => id).sort()).toEqual([...read].sort());
});

test('every invariant and every fault names a test that shows it, and each of these exists', () => {
  const files = new Set(
    readdirSync('tests', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => basename(file)),
  );
  const [invariants = [], , faults = []] = TABLES;
  for (const [id, ...cells] of [...invariants.slice(1), ...faults.slice(1)]) {
    const tests = codeIn(cells.at(-1) ?? '');
    expect([id, tests.length > 0]).toEqual([id, true]);
    for (const named of tests) expect([id, named, files.has(named)]).toEqual([id, named, true]);
  }
});
