/** The rules of plain English hold for every comment and page, and each rule is shown to catch an example. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseSource, readSources } from '../support/source-files.ts';
import { findComments, findProse, findReplacedNames, type Passage, SENTENCE_RULES } from '../support/word-rules.ts';

const sources = readSources(['models', 'jobs', 'server', 'client-sdk', 'dev', 'tests']);
const pages = ['README.md', 'client-sdk/README.md', 'dev/paystack-sandbox/README.md', ...pagesIn('docs')];
const passages: Passage[] = [
  ...sources.flatMap(findComments),
  ...pages.flatMap((path) => findProse(path, readFileSync(path, 'utf8'))),
];

function pagesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

const violationsIn = (rule: (typeof SENTENCE_RULES)[number], where: readonly Passage[]) =>
  where.flatMap(({ path, line, text }) => rule.violations(text).map((found) => `${path}:${line}: ${found}`));

test('there are comments and pages to check', () => {
  expect(passages.filter(({ path }) => path.endsWith('.ts')).length).toBeGreaterThan(500);
  expect(passages.filter(({ path }) => path.endsWith('.tsx')).length).toBeGreaterThan(20);
  expect(passages.filter(({ path }) => path.endsWith('.md')).length).toBeGreaterThan(50);
});

describe('in comments and pages,', () => {
  test.each(SENTENCE_RULES)('$name', (rule) => {
    expect(violationsIn(rule, passages)).toEqual([]);
  });
});

test('no identifier is one that the glossary replaces', () => {
  const found = sources.flatMap((file) =>
    findReplacedNames(file).map(({ line, text }) => `${file.path}:${line}: ${text}`),
  );
  expect(found).toEqual([]);
});

/** The first words of a rule’s name, and a comment that breaks it. */
const EXAMPLES: readonly (readonly [rule: string, source: string])[] = [
  ['no sentence begins', '// Reads the order. Who has read no order cannot blame one.'],
  ['no sentence begins', '/** What is served must be recognised. */'],
  ['comments use no pronoun of one gender', '/** Gives everybody who comes the answer that is his. */'],
  ['no code', '// The job asks Paystack.'],
  ['no comment lists', '/** Stores the event. Called by the webhook route. */'],
  ['the terms', '// A twin of the refund.'],
  ['no sentence has', `// ${'word '.repeat(26)}.`],
];

describe('an example is caught:', () => {
  test.each(EXAMPLES)('%s … in %s', (beginning, source) => {
    const rules = SENTENCE_RULES.filter(({ name }) => name.startsWith(beginning));
    expect(rules).toHaveLength(1);
    const comments = findComments(parseSource('models/a.ts', `${source}\nexport const a = 1;`));
    expect(rules.flatMap((rule) => violationsIn(rule, comments))).toHaveLength(1);
  });

  test('every rule has one', () => {
    const without = SENTENCE_RULES.filter(({ name }) => !EXAMPLES.some(([beginning]) => name.startsWith(beginning)));
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  test('a replaced identifier is found', () => {
    expect(findReplacedNames(parseSource('models/a.ts', 'const goods = 1;\nexport const b = goods;'))).toEqual([
      { line: 1, text: 'goods' },
    ]);
  });
});

test('comments are found in JSX, after statements and in runs of lines, and strings are none', () => {
  const source = `// One.\n// Two.\nconst a = 'no // comment'; // Three.\nexport const B = () => <p>{/* Four. */} http://x</p>;`;
  expect(findComments(parseSource('client-sdk/a.tsx', source)).map(({ line, text }) => [line, text])).toEqual([
    [1, 'One.\nTwo.'],
    [3, 'Three.'],
    [4, 'Four.'],
  ]);
});
