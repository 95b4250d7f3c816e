/** Pages of documentation as data: sections, tables and code spans. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Each page for readers, as a path from the root of the checkout. */
export function listPages(): string[] {
  const docs = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', 'client-sdk/README.md', 'dev/paystack-sandbox/README.md', ...docs.map((name) => `docs/${name}`)];
}

export function readPage(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The text between a heading and the next heading of any level. Throws if there is no such heading. */
export function sectionOf(path: string, heading: string): string {
  const [, after] = readPage(path).split(`\n${heading}\n`);
  if (after === undefined) throw new Error(`${path} has no heading ${heading}`);
  return after.split(/\n#+ /)[0] ?? '';
}

/** The cells of each row of a section's tables, headers included. */
export function rowsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
}

export const codeIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
