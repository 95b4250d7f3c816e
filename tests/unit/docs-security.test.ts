import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { codeIn, rowsOf, sectionOf } from '../support/markdown.ts';

/** Source: OWASP ASVS 5.0.0, the requirements of level 1: the number of each part's last one, or its numbers. */
const LEVEL_1 = Object.entries({
  '1.2': [1, 2, 3, 4, 5],
  '1.3': [1, 2],
  '1.5': [1],
  '2.1': [1],
  '2.2': [1, 2],
  '2.3': [1],
  '3.2': [1, 2],
  '3.3': [1],
  '3.4': [1, 2],
  '3.5': [1, 2, 3],
  '4.1': [1],
  '4.4': [1],
  '5.2': [1, 2],
  '5.3': [1, 2],
  '6.1': [1],
  '6.2': [1, 2, 3, 4, 5, 6, 7, 8],
  '6.3': [1, 2],
  '6.4': [1, 2],
  '7.2': [1, 2, 3, 4],
  '7.4': [1, 2],
  '8.1': [1],
  '8.2': [1, 2],
  '8.3': [1],
  '9.1': [1, 2, 3],
  '9.2': [1],
  '10.4': [1, 2, 3, 4, 5],
  '11.3': [1, 2],
  '11.4': [1],
  '12.1': [1],
  '12.2': [1, 2],
  '13.4': [1],
  '14.2': [1],
  '14.3': [1],
  '15.1': [1],
  '15.2': [1],
  '15.3': [1],
}).flatMap(([part, numbers]) => numbers.map((number) => `${part}.${number}`));

const FILES = readdirSync('tests', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));

/** Paths below tests/. `named`: the end of one. */
const filesNamed = (named: string) => FILES.filter((file) => `/tests/${file}`.endsWith(`/${named}`));

describe('the security tables', () => {
  const rows = [
    ...rowsOf(sectionOf('docs/security.md', '## OWASP API Security Top 10, 2023')),
    ...rowsOf(sectionOf('docs/security.md', '## ASVS 5.0, level 1')),
  ];

  test('have all ten items of OWASP, each with what guards it', () => {
    const items = rows.map(([item = '']) => /^API(\d+) /.exec(item)?.[1]).filter((item) => item !== undefined);
    expect(items).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  });

  test('have each requirement of level 1 of ASVS 5.0, met by a row or named as one that does not apply', () => {
    const section = sectionOf('docs/security.md', '## ASVS 5.0, level 1');
    const named = [...section.matchAll(/\b(\d+\.\d+)\.(\d+)(?: to \1\.(\d+))?\b/g)].flatMap(([, part, first, last]) =>
      Array.from(
        { length: Number(last ?? first) - Number(first) + 1 },
        (_, index) => `${part}.${Number(first) + index}`,
      ),
    );
    expect(named.sort()).toEqual([...LEVEL_1].sort());
  });

  test('name for each row a test that exists, and each so that one file is meant', () => {
    for (const [item, ...cells] of rows) {
      if (/^(ASVS|OWASP) /.test(item ?? '')) continue;
      const tests = codeIn(cells.join(' ')).filter((code) => code.endsWith('.test.ts'));
      expect([item, tests.length > 0 || /see API/.test(cells.join(' '))]).toEqual([item, true]);
      for (const named of tests) expect([item, named, filesNamed(named).length]).toEqual([item, named, 1]);
    }
  });

  test('name no test by words that no test of its file begins with', () => {
    const named = rows.flatMap(([item, ...cells]) =>
      [...cells.join(' ').matchAll(/`([\w/.-]+\.test\.ts)`: “([^”]+)”/g)].map(([, file = '', words = '']) => {
        const text = filesNamed(file)
          .map((path) => readFileSync(join('tests', path), 'utf8'))
          .join('');
        return { item, file, words, isThere: text.includes(`test('${words}`) };
      }),
    );
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter(({ isThere }) => !isThere)).toEqual([]);
  });
});
