/** A web or worker as a child process that can be watched, signalled and started again. Used by cluster.ts and by fault tests. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RoleReport, RoleSettings } from './role-entry.ts';

const ENTRY = fileURLToPath(new URL('role-entry.ts', import.meta.url));
/** Loading and connecting take two seconds on a small machine; an election may come on top. */
const START_TIMEOUT_MS = 30_000;

export interface RoleProcess {
  readonly name: string;
  readonly pid: number;
  /** Where a web listens; null for a worker. */
  readonly url: string | null;
  /** Resolves with the exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** How long it took from the first signal to the exit, ms; null when it ended by itself. */
  readonly stopMs: Promise<number | null>;
  /** Resolves at once; wait for `exited` to know that it is gone. */
  signal(signal: NodeJS.Signals): void;
}

export interface RoleOptions {
  name: string;
  /** For the usual entry; another entry may take more. */
  settings: RoleSettings & Record<string, unknown>;
  /** Where its log goes; nowhere when absent. */
  logFile?: string;
  /** Another entry around the same program, for tests that place crash points. */
  entry?: string;
}

/** Resolves once the process has its role up; rejects with its own words when it cannot. */
export async function startRole({ name, settings, logFile, entry = ENTRY }: RoleOptions): Promise<RoleProcess> {
  const output = logFile === undefined ? 'ignore' : openSync(logFile, 'a');
  // An entry that was compiled already starts faster without the loader.
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
    ([report]: RoleReport[]) => report ?? { error: 'it said nothing' },
    () => ({ error: `nothing was heard of it in ${START_TIMEOUT_MS / 1000} s` }),
  );
  const gone = exited.then((code) => ({ error: `it ended with code ${code}` }));
  const report = await Promise.race([message, gone]);
  if ('error' in report) child.kill('SIGKILL');
  return report;
}
