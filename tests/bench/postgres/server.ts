/**
 * The PostgreSQL server to compare with: BENCH_POSTGRES_URL, or one started from installed binaries in a temporary folder.
 * Its defaults (fsync, synchronous_commit) are as durable as our write concern; the cache is as large as that of mongod.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Pool } from 'pg';

const run = promisify(execFile);
const START_TIMEOUT_MS = 20_000;
const CACHE = '1GB';

export interface PostgresServer {
  url: string;
  version: string;
  /** Empty for a server that we did not start. */
  pids: readonly number[];
  stop(): Promise<void>;
}

/** null without a URL and without binaries: the rows then say "not measured". */
export async function findPostgresServer(): Promise<PostgresServer | null> {
  const given = process.env.BENCH_POSTGRES_URL;
  if (given) return { url: given, version: await readVersion(given), pids: [], stop: async () => undefined };
  const folder = await findBinaries();
  return folder === null ? null : startOwn(folder);
}

/** Debian installs them outside PATH, one folder per version; the newest version wins. */
async function findBinaries(): Promise<string | null> {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const byConfig = await run('pg_config', ['--bindir']).then(
    ({ stdout }) => [stdout.trim()],
    () => [],
  );
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...byConfig,
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return folders.find((each) => existsSync(join(each, 'postgres')) && existsSync(join(each, 'initdb'))) ?? null;
}

async function startOwn(binaries: string): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-postgres-'));
  const user = await unprivilegedUser();
  if (user !== null) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  await run(join(binaries, 'initdb'), ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8'], {
    ...user,
    cwd: folder,
  });
  const port = await findFreePort();
  const settings = { listen_addresses: '127.0.0.1', port, shared_buffers: CACHE, max_wal_size: '4GB' };
  const args = Object.entries({ ...settings, unix_socket_directories: folder }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = spawn(join(binaries, 'postgres'), ['-D', data, ...args], { ...user, cwd: folder, stdio: 'ignore' });
  const url = `postgres://bench@127.0.0.1:${port}/postgres`;
  const stop = async () => {
    const ended = child.exitCode === null ? once(child, 'exit') : null;
    // SIGINT is Postgres's fast shutdown: it ends connections instead of waiting for them.
    child.kill('SIGINT');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  // The server must not outlive this process, however it exits.
  process.once('exit', () => child.kill('SIGQUIT'));
  try {
    await untilAnswering(url);
    return { url, version: await readVersion(url), pids: child.pid === undefined ? [] : [child.pid], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Postgres refuses to run as root. null where this process is not root and can start it itself. */
async function unprivilegedUser(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const idOf = async (flag: '-u' | '-g') =>
    Number((await run('id', [flag, 'postgres']).catch(() => run('id', [flag, 'nobody']))).stdout);
  return { uid: await idOf('-u'), gid: await idOf('-g') };
}

async function untilAnswering(url: string): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await readVersion(url);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(50);
    }
  }
}

async function readVersion(url: string): Promise<string> {
  const pool = new Pool({ connectionString: url, max: 1 });
  try {
    const { rows } = await pool.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? 'unknown';
  } finally {
    await pool.end();
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
