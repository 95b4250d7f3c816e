/** Links in the pages lead to existing files, pictures and headings, and sources name only pages that exist. */
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';
import { listPages, readPage } from '../support/markdown.ts';
import { readTexts } from '../support/source-files.ts';

/** GitHub's rule: lower case, no punctuation, hyphens for spaces. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/** Without code blocks, whose lines may also begin with #. */
const proseOf = (page: string) => readPage(page).replace(/^```[\s\S]*?^```/gm, '');

const anchorsOf = (page: string) =>
  new Set([...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => anchorOf(text)));

/** Links and pictures in Markdown and in HTML. */
const linksOf = (page: string) =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)]
    .map(([, markdown, html]) => markdown ?? html ?? '')
    .filter((link) => !/^(https?|mailto):/.test(link));

function problemOf(page: string, link: string): string | null {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(target)) return `${page}: ${link} leads to no file`;
  if (anchor !== undefined && !anchorsOf(target).has(anchor)) return `${page}: ${link} leads to no heading`;
  return null;
}

test('every relative link of a page leads to a file and to a heading of it', () => {
  const links = listPages().flatMap((page) => linksOf(page).map((link) => [page, link] as const));
  expect(links.length).toBeGreaterThan(20);
  expect(links.map(([page, link]) => problemOf(page, link)).filter((problem) => problem !== null)).toEqual([]);
});

test('a link that leads nowhere is noticed', () => {
  expect(problemOf('README.md', 'docs/no-such-page.md')).toBe('README.md: docs/no-such-page.md leads to no file');
  expect(problemOf('README.md', 'docs/glossary.md#no-such-heading')).not.toBeNull();
  expect(problemOf('README.md', 'docs/glossary.md#error-codes')).toBeNull();
});

test('every page that a source names exists', () => {
  const named = readTexts(['models', 'jobs', 'server', 'dev', 'tests', 'client-sdk']).flatMap(({ path, text }) =>
    [...text.matchAll(/\bdocs\/([\w-]+\.md)\b/g)].map(([page]) => [path, page] as const),
  );
  expect(named.length).toBeGreaterThan(5);
  const missing = named.filter(([path, page]) => path !== 'tests/unit/docs-links.test.ts' && !existsSync(page));
  expect(missing).toEqual([]);
});
