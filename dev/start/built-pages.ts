import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_FOLDER, readMachineEnvironment } from './environment.ts';

const CLIENT = join(PROJECT_FOLDER, 'client-sdk');
/** Built into both apps. */
const SHARED = ['src', 'parts', 'build'];
const BUILD_TIMEOUT_MS = 120_000;
const NOT_SOURCES = new Set(['node_modules', 'dist']);

interface App {
  name: string;
  /** Below CLIENT. */
  folder: string;
  /** The build writes this file last, or among the last; below the app's folder. */
  lastFile: string;
  /** How the shop goes on when it cannot be built. */
  without: string;
}

const STOREFRONT: App = {
  name: 'storefront',
  folder: 'storefront',
  lastFile: 'dist/.server/server.js',
  without: 'the API runs without it',
};
const DESK: App = { name: 'desk', folder: 'desk', lastFile: 'dist/index.html', without: 'the shop runs without it' };

export interface BuiltPages {
  storefrontDir: string | null;
  deskDir: string | null;
}

/** Builds storefront and desk if they are missing or older than their sources. Resolves to their folders, null without one; never rejects. */
export async function ensurePages(log: (line: string) => void): Promise<BuiltPages> {
  const [storefrontDir, deskDir] = await Promise.all([ensureApp(STOREFRONT, log), ensureApp(DESK, log)]);
  return { storefrontDir, deskDir };
}

async function ensureApp(app: App, log: (line: string) => void): Promise<string | null> {
  const folder = join(CLIENT, app.folder);
  const built = join(folder, 'dist');
  if (!existsSync(join(folder, 'index.html'))) return null;
  try {
    const last = join(folder, app.lastFile);
    const builtAt = existsSync(last) ? (await stat(last)).mtimeMs : 0;
    const changes = await Promise.all([...SHARED, app.folder].map((part) => newestChange(join(CLIENT, part))));
    if (builtAt > Math.max(...changes)) return built;
    log(`Building the ${app.name}; later starts reuse the build.`);
    await build(folder);
    return built;
  } catch (error) {
    log(`The ${app.name} could not be built (${reasonOf(error)}); ${app.without}.`);
    return null;
  }
}

async function build(folder: string): Promise<void> {
  const vite = createRequire(join(folder, 'package.json')).resolve('vite/package.json');
  const command = join(vite, '../bin/vite.js');
  await promisify(execFile)(process.execPath, [command, 'build', '--logLevel', 'warn'], {
    cwd: folder,
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
