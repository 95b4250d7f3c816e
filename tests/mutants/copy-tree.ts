/** Copies of the tree in temporary folders, because mutants must never change the tree itself. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export interface TreeCopy {
  root: string;
  /** A folder beside it for results and caches of test runs. */
  scratch: string;
  /** Removes both. */
  remove(): Promise<void>;
}

/** Copies all files that git does not ignore, uncommitted changes included, and links node_modules. */
export async function copyTree(root: string): Promise<TreeCopy> {
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  const scratch = await mkdtemp(join(tmpdir(), 'orders-mutant-'));
  const target = join(scratch, 'tree');
  const remove = () => rm(scratch, { recursive: true, force: true });
  try {
    for (const file of stdout.split('\0').filter((name) => name !== '')) {
      await mkdir(dirname(join(target, file)), { recursive: true });
      await cp(join(root, file), join(target, file)).catch(forgiveMissing);
    }
    await symlink(join(root, 'node_modules'), join(target, 'node_modules'));
  } catch (error) {
    await remove();
    throw error;
  }
  return { root: target, scratch, remove };
}

/** git also lists a file whose deletion is not committed yet. */
function forgiveMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
