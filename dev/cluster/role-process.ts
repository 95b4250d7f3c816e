import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RoleReport, RoleSettings } from './role-entry.ts';

const ENTRY = fileURLToPath(new URL('role-entry.ts', import.meta.url));
/** Loading and connecting take two seconds on a small machine; an election adds to that. */
const START_TIMEOUT_MS = 30_000;

export interface RoleProcess {
  readonly name: string;
  readonly pid: number;
  /** The address of a web; null for a worker. */
  readonly url: string | null;
  /** The address of its health checks and metrics. */
  readonly opsUrl: string;
  /** Resolves to the exit code, or to null after a fatal signal. */
  readonly exited: Promise<number | null>;
  /** Milliseconds from the first signal to the exit; null if it exited without one. */
  readonly stopMs: Promise<number | null>;
  /** Returns before the process has exited; await `exited`. */
  signal(signal: NodeJS.Signals): void;
}

export interface RoleOptions {
  name: string;
  /** Another entry point may have more settings. */
  settings: RoleSettings & Record<string, unknown>;
  /** Missing: the log is discarded. */
  logFile?: string;
  /** Another entry point of the same program, for tests with crash points. */
  entry?: string;
}

/** Resolves once the role runs; rejects with the error that the process reports. */
export async function startRole({ name, settings, logFile, entry = ENTRY }: RoleOptions): Promise<RoleProcess> {
  const output = logFile === undefined ? 'ignore' : openSync(logFile, 'a');
  // A compiled entry point starts faster without the loader.
  const execArgv = entry.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = fork(entry, [], { execArgv, stdio: ['ignore', output, output, 'ipc'] });
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
  child.send(settings);
  const report = await firstReport(child, exited);
  if ('error' in report) throw new Error(`${name} could not start: ${report.error}`);
  let signalledAt: number | null = null;
  return {
    name,
    pid: child.pid ?? -1,
    url: report.url,
    opsUrl: report.opsUrl,
    exited,
    stopMs: exited.then(() => (signalledAt === null ? null : performance.now() - signalledAt)),
    signal: (signal) => {
      signalledAt ??= performance.now();
      child.kill(signal);
    },
  };
}

async function firstReport(child: ChildProcess, exited: Promise<number | null>): Promise<RoleReport> {
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  const message = once(child, 'message', { signal: timeout }).then(
    ([report]: RoleReport[]) => report ?? { error: 'it sent no report' },
    () => ({ error: `it sent no report within ${START_TIMEOUT_MS / 1000} s` }),
  );
  const exit = exited.then((code) => ({ error: `it exited with code ${code}` }));
  const report = await Promise.race([message, exit]);
  if ('error' in report) child.kill('SIGKILL');
  return report;
}
