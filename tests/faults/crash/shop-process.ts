/** The crash matrix's child processes: forked at will, told what to do, and seen to crash. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { eventually } from '../../support/eventually.ts';
import type { Order, Report, ShopSettings } from './shop-entry.ts';

const START_TIMEOUT_MS = 40_000;

export interface ShopProcess {
  /** Starts the shop; gives its address. */
  start(settings: ShopSettings): Promise<string>;
  arm(): void;
  /** Resolves once the tripwire was passed. */
  readonly tripped: Promise<void>;
  /** Resolves once a SIGSTOP has stopped it. */
  paused(): Promise<void>;
  resume(): void;
  /** Resolves once it is gone, however that came. */
  readonly exited: Promise<void>;
  /** What it logged, for a failing test's message. */
  output(): string;
  /** SIGTERM, and SIGKILL for one that does not go. */
  stop(): Promise<void>;
}

export function forkShop(entry: string): ShopProcess {
  const child = fork(entry, [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  const exited = once(child, 'exit').then(() => undefined);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => lines.push(String(data)));
  const tell = (order: Order) => child.send(order);
  return {
    async start(settings) {
      const started = firstReport(child, exited);
      tell({ start: settings });
      const report = await started;
      if (!('url' in report)) throw new Error(`a shop did not start: ${JSON.stringify(report)}\n${lines.join('')}`);
      return report.url;
    },
    arm: () => void tell({ arm: true }),
    tripped: new Promise((resolve) => {
      child.on('message', (report: Report) => {
        if ('tripped' in report) resolve();
      });
      // A kill may be faster than the message.
      child.once('exit', () => resolve());
    }),
    paused: () => eventually('the process to stop', async () => (await stateOf(child)) === 'T').then(() => undefined),
    resume: () => void child.kill('SIGCONT'),
    exited,
    output: () => lines.join(''),
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await exited;
      clearTimeout(late);
    },
  };
}

async function firstReport(child: ChildProcess, exited: Promise<void>): Promise<Report> {
  const message = once(child, 'message', { signal: AbortSignal.timeout(START_TIMEOUT_MS) }).then(
    ([report]: Report[]) => report ?? { error: 'it said nothing' },
    () => ({ error: 'nothing was heard of it' }),
  );
  return Promise.race([message, exited.then(() => ({ error: 'it ended' }))]);
}

/** The kernel's letter for what the process does: T is stopped. */
async function stateOf(child: ChildProcess): Promise<string> {
  const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
}
