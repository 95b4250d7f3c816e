/** How a command for people ends when it cannot go on: the reason on stderr, exit code 1. */
import { StartError } from './start-error.ts';

/** Whatever was started has been closed by whoever started it. */
export async function failToStart(error: unknown): Promise<never> {
  // Loaded now: it brings the whole program, which a start loads while the database starts.
  const { describeStartFailure } = await import('../../server/process/start-failure.ts');
  console.error(error instanceof StartError ? error.message : describeStartFailure(error));
  process.exit(1);
}
