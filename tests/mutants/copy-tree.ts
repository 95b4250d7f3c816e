/**
 * Copies of the tree for planting: what git tracks and what it would track, in a temporary folder, with the packages
 * linked. The tree itself is never written. Called by main.ts.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export interface TreeCopy {
  root: string;
  /** A folder beside it, for what running the copy leaves behind. */
  scratch: string;
  /** Removes both. */
  remove(): Promise<void>;
}

/** A copy of the tree at `root`, as it lies there, uncommitted changes included. */
export async function copyTree(root: string): Promise<TreeCopy> {
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  const scratch = await mkdtemp(join(tmpdir(), 'orders-planted-'));
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

/** A file that was deleted and whose deletion is not committed is listed all the same. */
function forgiveMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
