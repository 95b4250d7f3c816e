/** The program as in production: compiled, in its own process, configured by environment variables alone. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually } from './eventually.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs `npm run build` without the storefront and the client, into dist/. */
export async function buildProgram(): Promise<void> {
  await promisify(execFile)(`${ROOT}node_modules/.bin/tsc`, ['-p', 'tsconfig.build.json'], { cwd: ROOT });
}

export interface Program {
  readonly pid: number;
  /** The output of both streams so far. */
  output(): string;
  /** Its exit code; null if a signal ended it. */
  readonly exited: Promise<number | null>;
  signal(signal: NodeJS.Signals): void;
}

/** Starts a file of dist/ with only these variables. The caller waits for its end or kills it. */
export function startProgram(
  file: 'server/main.js' | 'server/commands/migrate.js',
  env: Record<string, string>,
): Program {
  return startNode([`${ROOT}dist/${file}`], { cwd: ROOT, env });
}

/** Starts Node with only these arguments and variables. The caller waits for its end or kills it. */
export function startNode(
  args: readonly string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Program {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(String(chunk)));
  return {
    pid: child.pid ?? -1,
    output: () => chunks.join(''),
    exited: exitOf(child),
    signal: (signal) => {
      child.kill(signal);
    },
  };
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code]: (number | null)[] = await once(child, 'close');
  return code ?? null;
}

/** Waits until GET returns 200. Rejects with the program's output after half a minute. */
export async function untilAnswers(program: Program, url: string): Promise<void> {
  const look = () =>
    fetch(url).then(
      (reply) => reply.ok,
      () => false,
    );
  await eventually(`${url} to answer`, look, 30_000).catch((error: unknown) => {
    throw new Error(`${String(error)}; it said: ${program.output()}`);
  });
}
