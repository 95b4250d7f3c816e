/** How a command for people ends when it cannot go on: the reason on stderr, exit code 1. */
import { describeStartFailure } from '../start-failure.ts';
import { StartError } from './start-error.ts';

/** Whatever was started has been closed by whoever started it. */
export function failToStart(error: unknown): never {
  console.error(error instanceof StartError ? error.message : describeStartFailure(error));
  process.exit(1);
}
