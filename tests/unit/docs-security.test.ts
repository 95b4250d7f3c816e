import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { codeIn, rowsOf, sectionOf } from '../support/markdown.ts';

describe('the security tables', () => {
  const files = new Set(
    readdirSync('tests', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => basename(file)),
  );
  const rows = [
    ...rowsOf(sectionOf('docs/security.md', '## OWASP API Security Top 10, 2023')),
    ...rowsOf(sectionOf('docs/security.md', '## ASVS 5.0')),
  ];

  test('have all ten items of OWASP, each with what guards it', () => {
    const items = rows.map(([item = '']) => /^API(\d+) /.exec(item)?.[1]).filter((item) => item !== undefined);
    expect(items).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  });

  test('name for each row a test that exists', () => {
    for (const [item, ...cells] of rows) {
      if (/^(ASVS|OWASP) /.test(item ?? '')) continue;
      const tests = codeIn(cells.join(' ')).filter((code) => code.endsWith('.test.ts'));
      expect([item, tests.length > 0 || /see API/.test(cells.join(' '))]).toEqual([item, true]);
      for (const named of tests) expect([item, named, files.has(basename(named))]).toEqual([item, named, true]);
    }
  });
});
