import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { eventually } from '../../support/eventually.ts';
import type { Order, Report, ShopSettings } from './shop-entry.ts';

const START_TIMEOUT_MS = 40_000;

export interface ShopProcess {
  /** Resolves with the URL of the server. */
  start(settings: ShopSettings): Promise<string>;
  arm(): void;
  /** Resolves at the last moment of the crash point. */
  readonly tripped: Promise<void>;
  /** Resolves when a SIGSTOP has stopped the process. */
  paused(): Promise<void>;
  resume(): void;
  /** Resolves when the process has exited, for any reason. */
  readonly exited: Promise<void>;
  /** Its stdout and stderr, for the message of a failing test. */
  output(): string;
  /** SIGTERM, and SIGKILL after a timeout. */
  stop(): Promise<void>;
}

export function forkShop(entry: string): ShopProcess {
  const child = fork(entry, [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  const exited = once(child, 'exit').then(() => undefined);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => lines.push(String(data)));
  const send = (order: Order) => child.send(order);
  return {
    async start(settings) {
      const started = firstReport(child, exited);
      send({ start: settings });
      const report = await started;
      if (!('url' in report)) throw new Error(`a shop did not start: ${JSON.stringify(report)}\n${lines.join('')}`);
      return report.url;
    },
    arm: () => void send({ arm: true }),
    tripped: new Promise((resolve) => {
      child.on('message', (report: Report) => {
        if ('tripped' in report) resolve();
      });
      // SIGKILL may end the process before it sends the message.
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
    ([report]: Report[]) => report ?? { error: 'an empty message' },
    () => ({ error: 'no message arrived in time' }),
  );
  return Promise.race([message, exited.then(() => ({ error: 'the process exited' }))]);
}

/** The process state in /proc/PID/stat; T is stopped. */
async function stateOf(child: ChildProcess): Promise<string> {
  const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
}
