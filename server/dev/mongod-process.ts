/**
 * One mongod process: started, watched until it listens, stopped. It never outlives the process that started it: a tiny
 * shell waits for the end of a pipe that only we hold open, and kills mongod when we are gone, even by SIGKILL.
 * It runs in a session of its own, so Ctrl-C reaches us first and we decide when the database ends.
 * Called by embedded-mongo only.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createServer, Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from './start-error.ts';

export interface MongodOptions {
  binary: string;
  dbPath: string;
  port: number;
  replicaSet: string;
  /** A throw-away server: failpoints allowed, no diagnostics kept, its folder removed with it. */
  ephemeral: boolean;
}

export interface MongodProcess {
  readonly pid: number;
  /** Resolves once the process is gone, however it ended. */
  readonly exited: Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

const START_TIMEOUT_MS = 30_000;
/** A restart after kill -9 has recovered within a second here; the log is read often, because start-up time is waited for. */
const POLL_MS = 20;

export class PortTakenError extends StartError {
  constructor(port: number) {
    super(`Port ${port} on 127.0.0.1 is taken by another program: stop it, or choose another port.`);
  }
}

/**
 * Waits for mongod to run, then to die with us. The second argument is a folder to remove afterwards, or empty.
 * SIGTERM lets a kept database close cleanly; SIGKILL follows after 10 s.
 */
const WATCHER_SCRIPT = `
  read -r _
  if [ -n "$2" ]; then kill -KILL "$1"; rm -rf -- "$2"; exit; fi
  kill -TERM "$1"
  for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 1; kill -0 "$1" || exit; done
  kill -KILL "$1"
`;

/** Resolves once mongod listens on 127.0.0.1. Throws StartError for a port taken and for a folder in use. */
export async function startMongod(options: MongodOptions): Promise<MongodProcess> {
  if (!(await isFree(options.port))) throw new PortTakenError(options.port);
  await mkdir(options.dbPath, { recursive: true });
  // Named mongod.log only once it runs: a second mongod on a folder in use must not empty the log of the first.
  const logPath = join(options.dbPath, `starting-${process.pid}-${options.port}.log`);
  const logFile = openSync(logPath, 'w');
  const child = spawn(options.binary, toArguments(options), { detached: true, stdio: ['ignore', logFile, logFile] });
  closeSync(logFile);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  const { pid } = child;
  if (pid === undefined) throw new StartError(`mongod at ${options.binary} could not be started.`);
  child.unref();
  dieWithUs(pid, options.ephemeral ? options.dbPath : '', exited);
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
    // Whoever waits for the end now must live to see it.
    child.ref();
    child.kill(signal);
  };
  return { pid, exited, kill };
}

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}

function toArguments({ dbPath, port, replicaSet, ephemeral }: MongodOptions): string[] {
  const parameters = {
    // A client that dies inside a transaction blocks others until the server ends it: 60 s by default.
    transactionLifetimeLimitSeconds: '5',
    ...(ephemeral ? { enableTestCommands: '1', diagnosticDataCollectionEnabled: 'false' } : {}),
  };
  return [
    ...['--dbpath', dbPath, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', replicaSet],
    ...['--quiet', '--nounixsocket', '--wiredTigerCacheSizeGB', '0.25', '--oplogSize', ephemeral ? '128' : '512'],
    ...Object.entries(parameters).flatMap(([name, value]) => ['--setParameter', `${name}=${value}`]),
  ];
}

function dieWithUs(pid: number, folder: string, exited: Promise<void>): void {
  const args = ['-c', WATCHER_SCRIPT, 'watch-mongod', String(pid), folder];
  const watcher = spawn('/bin/sh', args, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  watcher.once('error', () => undefined);
  watcher.unref();
  // The pipe alone must not keep our process alive.
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

/** Turns the log of a mongod that gave up into one sentence. */
function explain(log: string, { dbPath, port }: MongodOptions): StartError {
  if (log.includes('Address already in use')) return new PortTakenError(port);
  if (log.includes('DBPathInUse')) {
    return new StartError(
      `The database folder ${dbPath} is in use by another MongoDB server: stop the shop that runs from this folder first.`,
    );
  }
  const lines = log.trim().split('\n');
  const reason = lines.findLast((line) => /"s":"[FE]"/.test(line)) ?? lines.at(-1);
  return new StartError(`mongod could not start on ${dbPath}: ${reason || 'it printed nothing'}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
