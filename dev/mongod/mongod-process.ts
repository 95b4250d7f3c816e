/**
 * One mongod process: started, watched until it listens, stopped. It never outlives the process that started it: a tiny
 * shell waits for the end of a pipe that only we hold open, and kills mongod when we are gone, even by SIGKILL.
 * It runs in a session of its own, so Ctrl-C reaches us first and we decide when the database ends.
 * Called by embedded-mongo only. On Linux and macOS.
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
  /** Null starts a standalone one, for tests of its refusal. */
  replicaSet: string | null;
  /** Of a throw-away server: removed when we die before stopping it. Such a server allows failpoints. Null keeps the data. */
  temporaryFolder: string | null;
  /** A key file turns authentication on; unless given, everybody on this machine may do everything. */
  keyFile?: string;
}

export interface MongodProcess {
  readonly pid: number;
  /** Resolves once the process is gone, however it ended. */
  readonly exited: Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

const START_TIMEOUT_MS = 30_000;
/** The log is read often, because start-up time is waited for. */
const POLL_MS = 20;

export class PortTakenError extends StartError {
  constructor(port: number) {
    super(`Port ${port} on 127.0.0.1 is taken by another program: stop it, or choose another port.`);
  }
}

/**
 * Waits until we are gone ($1 is mongod's process, $2 a folder to remove, or empty). Kills outright even where the data
 * is kept: what was acknowledged is in the journal, and whoever starts the shop again at once finds folder and port free.
 */
const WATCHER_SCRIPT = `
  read -r _
  kill -KILL "$1"
  if [ -n "$2" ]; then rm -rf -- "$2"; fi
`;

/** Resolves once mongod listens on 127.0.0.1. Throws StartError for a port taken and for a folder in use. */
export async function startMongod(options: MongodOptions): Promise<MongodProcess> {
  if (!(await isPortFree(options.port))) throw new PortTakenError(options.port);
  await mkdir(options.dbPath, { recursive: true });
  // Named mongod.log only once it runs: a second mongod on a folder in use must not empty the log of the first.
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
  dieWithUs(pid, options.temporaryFolder ?? '', exited);
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

function toArguments({ dbPath, port, replicaSet, temporaryFolder, keyFile }: MongodOptions): string[] {
  const ephemeral = temporaryFolder !== null;
  const parameters = {
    // A client that dies inside a transaction blocks others until the server ends it: 60 s by default.
    transactionLifetimeLimitSeconds: '5',
    ...(ephemeral ? { enableTestCommands: '1', diagnosticDataCollectionEnabled: 'false' } : {}),
  };
  return [
    ...['--dbpath', dbPath, '--port', String(port), '--bind_ip', '127.0.0.1'],
    ...(replicaSet === null ? [] : ['--replSet', replicaSet, '--oplogSize', ephemeral ? '128' : '512']),
    ...(keyFile === undefined ? [] : ['--keyFile', keyFile]),
    ...['--quiet', '--nounixsocket', '--wiredTigerCacheSizeGB', '0.25'],
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
  return new StartError(`mongod could not start on ${dbPath}: ${lastComplaint(log) || 'it printed nothing'}`);
}

/** mongod logs a JSON object a line, `s` its severity; a binary that cannot run at all complains in plain text. */
function lastComplaint(log: string): string {
  const lines = log.trim().split('\n');
  const complaint = lines.findLast((line) => /"s":"[FE]"/.test(line));
  if (complaint === undefined) return lines.at(-1) ?? '';
  const { msg, attr } = JSON.parse(complaint);
  return `${msg} ${JSON.stringify(attr?.error ?? attr ?? '')}`;
}
