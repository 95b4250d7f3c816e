import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_FOLDER, readMachineEnvironment } from './environment.ts';

const STOREFRONT = join(PROJECT_FOLDER, 'client-sdk/storefront');
const BUILT = join(STOREFRONT, 'dist');
/** The build writes this file last. */
const RENDERER = join(BUILT, '.server/server.js');
const BUILD_TIMEOUT_MS = 120_000;
const NOT_SOURCES = new Set(['node_modules', 'dist']);

/** Builds the storefront if it is missing or older than its sources. Resolves to its folder, or to null without one; never rejects. */
export async function ensureStorefront(log: (line: string) => void): Promise<string | null> {
  if (!existsSync(join(STOREFRONT, 'index.html'))) return null;
  try {
    const builtAt = existsSync(RENDERER) ? (await stat(RENDERER)).mtimeMs : 0;
    if (builtAt > (await newestChange(dirname(STOREFRONT)))) return BUILT;
    log('Building the storefront; later starts reuse the build.');
    await build();
    return BUILT;
  } catch (error) {
    log(`The storefront could not be built (${reasonOf(error)}); the API runs without it.`);
    return null;
  }
}

async function build(): Promise<void> {
  const vite = createRequire(join(STOREFRONT, 'package.json')).resolve('vite/package.json');
  const command = join(dirname(vite), 'bin/vite.js');
  await promisify(execFile)(process.execPath, [command, 'build', '--logLevel', 'warn'], {
    cwd: STOREFRONT,
    // React reads NODE_ENV at build time, and this process may run as a test or in development.
    env: { ...readMachineEnvironment(), NODE_ENV: 'production' },
    timeout: BUILD_TIMEOUT_MS,
  });
}

/** The newest modification time below this folder in ms, apart from installed and built files. */
async function newestChange(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true });
  const times = await Promise.all(
    entries
      .filter(({ name }) => !NOT_SOURCES.has(name))
      .map(async (entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? newestChange(path) : (await stat(path)).mtimeMs;
      }),
  );
  return Math.max(0, ...times);
}

function reasonOf(error: unknown): string {
  const stderr = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr).trim() : '';
  const text = stderr || (error instanceof Error ? error.message : String(error));
  return (text.split('\n')[0] ?? '').slice(0, 300);
}
