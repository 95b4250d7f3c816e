/**
 * Compiles a child process's entry to one JavaScript file, so that many processes start without compiling TypeScript
 * each.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

/** `entry` is a path from the root of the checkout. The file is alone in a folder, which the caller removes. */
export async function compileEntry(entry: string, root = process.cwd()): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'orders-entry-'));
  // Node resolves packages from the file's folder.
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, basename(entry).replace(/\.ts$/, '.mjs'));
  await promisify(execFile)(join(root, 'node_modules/.bin/esbuild'), [
    join(root, entry),
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--packages=external',
    `--outfile=${file}`,
  ]);
  return file;
}
