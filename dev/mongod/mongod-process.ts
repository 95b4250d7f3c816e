/**
 * One mongod process, on Linux and macOS. It never outlives its parent: a shell waits for the end of a pipe from the parent
 * and then kills mongod. The pipe also ends after SIGKILL. mongod has a session of its own, so that Ctrl-C reaches the parent alone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isPortFree } from '../start/ports.ts';
import { StartError } from '../start/start-error.ts';

export interface MongodOptions {
  binary: string;
  dbPath: string;
  port: number;
  /** Null starts a standalone server, which the program refuses to use. */
  replicaSet: string | null;
  /** Removed if the parent dies before stopping the server, which then also allows failpoints. Null keeps the data. */
  temporaryFolder: string | null;
  /** Of WiredTiger, in GB; missing: 0.25. A year of orders does not fit into that, and its pages are written and read again. */
  cacheGb?: number;
  /** Turns authentication on; without it, every local client has full access. */
  keyFile?: string;
}

export interface MongodProcess {
  readonly pid: number;
  /** Resolves once the process has exited, for whatever reason. */
  readonly exited: Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

const START_TIMEOUT_MS = 30_000;
/** Short, because the user waits for the start. */
const POLL_MS = 20;

export class PortTakenError extends StartError {
  constructor(port: number) {
    super(`Port ${port} on 127.0.0.1 is taken by another program: stop it, or choose another port.`);
  }
}

/**
 * Arguments: mongod's process id, and a folder to remove or an empty string. SIGKILL is safe for kept data, because
 * acknowledged writes are in the journal, and it frees the folder and the port at once.
 */
const WATCHER_SCRIPT = `
  read -r _
  kill -KILL "$1"
  if [ -n "$2" ]; then rm -rf -- "$2"; fi
`;

/** Resolves once mongod listens on 127.0.0.1. Throws StartError if the port is taken or the folder is in use. */
export async function startMongod(options: MongodOptions): Promise<MongodProcess> {
  if (!(await isPortFree(options.port))) throw new PortTakenError(options.port);
  await mkdir(options.dbPath, { recursive: true });
  // Renamed to mongod.log once it listens, so that a second mongod on the folder does not truncate the first one's log.
  const logPath = join(options.dbPath, `starting-${process.pid}-${options.port}.log`);
  const logFile = openSync(logPath, 'w');
  const child = spawn(options.binary, toArguments(options), { detached: true, stdio: ['ignore', logFile, logFile] });
  closeSync(logFile);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  const { pid } = child;
  if (pid === undefined) {
    await rm(logPath, { force: true });
    throw new StartError(`mongod at ${options.binary} could not be started.`);
  }
  child.unref();
  killWithParent(pid, options.temporaryFolder ?? '', exited);
  try {
    await untilListening(child, logPath, options);
  } catch (error) {
    child.kill('SIGKILL');
    await exited;
    await rm(logPath, { force: true });
    throw error;
  }
  await rename(logPath, join(options.dbPath, 'mongod.log'));
  const kill = (signal: NodeJS.Signals) => {
    // The caller awaits `exited`, so this process must not end before.
    child.ref();
    child.kill(signal);
  };
  return { pid, exited, kill };
}

function toArguments({ dbPath, port, replicaSet, temporaryFolder, cacheGb = 0.25, keyFile }: MongodOptions): string[] {
  const ephemeral = temporaryFolder !== null;
  const parameters = {
    // The transaction of a dead client blocks others for this long; the default is 60 s.
    transactionLifetimeLimitSeconds: '5',
    ...(ephemeral ? { enableTestCommands: '1', diagnosticDataCollectionEnabled: 'false' } : {}),
  };
  return [
    ...['--dbpath', dbPath, '--port', String(port), '--bind_ip', '127.0.0.1'],
    ...(replicaSet === null ? [] : ['--replSet', replicaSet, '--oplogSize', ephemeral ? '128' : '512']),
    ...(keyFile === undefined ? [] : ['--keyFile', keyFile]),
    ...['--quiet', '--nounixsocket', '--wiredTigerCacheSizeGB', String(cacheGb)],
    ...Object.entries(parameters).flatMap(([name, value]) => ['--setParameter', `${name}=${value}`]),
  ];
}

function killWithParent(pid: number, folder: string, exited: Promise<void>): void {
  const args = ['-c', WATCHER_SCRIPT, 'watch-mongod', String(pid), folder];
  const watcher = spawn('/bin/sh', args, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  watcher.once('error', () => undefined);
  watcher.unref();
  // An open pipe would keep this process alive.
  if (watcher.stdin instanceof Socket) watcher.stdin.unref();
  void exited.then(() => watcher.kill('SIGKILL'));
}

async function untilListening(child: ChildProcess, logPath: string, options: MongodOptions): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const ended = child.exitCode !== null || child.signalCode !== null;
    const log = await readFile(logPath, 'utf8');
    if (log.includes('Waiting for connections')) return;
    if (ended) throw explain(log, options);
    await delay(POLL_MS);
  }
  throw new StartError(`mongod did not listen on port ${options.port} within ${START_TIMEOUT_MS / 1000} s.`);
}

function explain(log: string, { dbPath, port }: MongodOptions): StartError {
  if (log.includes('Address already in use')) return new PortTakenError(port);
  if (log.includes('DBPathInUse')) {
    return new StartError(
      `The database folder ${dbPath} is in use by another MongoDB server: stop the shop that runs from this folder first.`,
    );
  }
  return new StartError(`mongod could not start on ${dbPath}: ${lastError(log) || 'it printed nothing'}`);
}

/** mongod logs one JSON object per line with the severity in `s`; a binary that cannot run prints plain text. */
function lastError(log: string): string {
  const lines = log.trim().split('\n');
  const entry = lines.findLast((line) => /"s":"[FE]"/.test(line));
  if (entry === undefined) return lines.at(-1) ?? '';
  const { msg, attr } = JSON.parse(entry);
  return `${msg} ${JSON.stringify(attr?.error ?? attr ?? '')}`;
}
