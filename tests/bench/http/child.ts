import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Child {
  /** 'none' for one that does not listen. */
  url: string;
  pid: number;
  process: ChildProcess;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

/**
 * Forks `entry`, a file relative to `base`, and resolves when it has sent its URL. `flags` are options of Node. The
 * child's stdout is discarded; its stderr is shared.
 */
export async function startChild(
  entry: string,
  base: string,
  env: Record<string, string>,
  flags: readonly string[] = [],
): Promise<Child> {
  const child = fork(fileURLToPath(new URL(entry, base)), {
    execArgv: [...flags, '--import', 'tsx'],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  const failed = gone.then(() => Promise.reject(new Error(`${entry} ended before it listened`)));
  failed.catch(() => undefined);
  const [message] = await Promise.race([
    once(child, 'message', { signal: AbortSignal.timeout(START_TIMEOUT_MS) }),
    failed,
  ]);
  const url: unknown = message?.url;
  if (typeof url !== 'string' || child.pid === undefined) throw new Error(`${entry} sent no URL`);
  return {
    url,
    pid: child.pid,
    process: child,
    async stop() {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}
