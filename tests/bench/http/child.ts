import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileEntry } from '../../support/compile-entry.ts';

export interface Child {
  /** 'none' for one that does not listen. */
  url: string;
  pid: number;
  process: ChildProcess;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Compiles `entry`, a file relative to `base`, forks it and resolves when it has sent its URL. `flags` are options of Node.
 * The child's stdout is discarded; its stderr is shared.
 */
export async function startChild(
  entry: string,
  base: string,
  env: Record<string, string>,
  flags: readonly string[] = [],
): Promise<Child> {
  const file = await compileEntry(relative(ROOT, fileURLToPath(new URL(entry, base))), ROOT);
  const child = await startCompiled(file, env, flags);
  return {
    ...child,
    async stop() {
      await child.stop();
      await rm(dirname(file), { recursive: true, force: true });
    },
  };
}

/** As startChild, for a compiled file. `message` is what the child sent first. */
export async function startCompiled(
  file: string,
  env: Record<string, string>,
  flags: readonly string[] = [],
): Promise<Child & { message: unknown }> {
  const child = fork(file, {
    execArgv: [...flags],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  const failed = gone.then(() => Promise.reject(new Error(`${file} ended before it listened`)));
  failed.catch(() => undefined);
  const [message] = await Promise.race([
    once(child, 'message', { signal: AbortSignal.timeout(START_TIMEOUT_MS) }),
    failed,
  ]);
  const url: unknown = message?.url;
  if (typeof url !== 'string' || child.pid === undefined) throw new Error(`${file} sent no URL`);
  return {
    url,
    pid: child.pid,
    process: child,
    message,
    async stop() {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}
