import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compileEntry } from '../../support/compile-entry.ts';
import { OLDER_LAYOUTS } from './older-layouts.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ENTRY = 'tests/bench/against/side-process.ts';
const run = promisify(execFile);

/** Compiles this tree's side-process.ts. The file is alone in a folder, which the caller removes. */
export function buildOwnSide(): Promise<string> {
  return compileEntry(ENTRY, ROOT);
}

/**
 * Compiles the shop of an older revision with its own side-process.ts, or with this tree's one adapted to it. It uses the
 * packages that are installed here.
 */
export async function buildSideOf(revision: string): Promise<string> {
  const { stdout } = await run('git', ['rev-parse', '--verify', `${revision}^{commit}`], { cwd: ROOT });
  const tree = await mkdtemp(join(tmpdir(), 'orders-tree-'));
  try {
    await run('sh', ['-c', 'git archive "$1" | tar -x -C "$2"', 'sh', stdout.trim(), tree], { cwd: ROOT });
    await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
    await mkdir(join(tree, 'tests/bench/against'), { recursive: true });
    if (!(await exists(join(tree, ENTRY)))) await writeFile(join(tree, ENTRY), await adaptedTo(tree));
    const file = await compileEntry(ENTRY, tree);
    await rm(join(dirname(file), 'node_modules'));
    await symlink(join(ROOT, 'node_modules'), join(dirname(file), 'node_modules'));
    return file;
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

async function adaptedTo(tree: string): Promise<string> {
  let text = await readFile(join(ROOT, ENTRY), 'utf8');
  for (const { has, replace } of OLDER_LAYOUTS) {
    if (!(await exists(join(tree, has)))) continue;
    for (const [find, by] of replace) text = replaceOnce(text, find, by);
  }
  return text;
}

function replaceOnce(text: string, find: string, by: string): string {
  if (text.split(find).length !== 2) throw new Error(`side-process.ts has not exactly one: ${find}`);
  return text.replace(find, () => by);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
