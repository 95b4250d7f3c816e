import { StartError } from './start-error.ts';

/** Prints the reason and exits with code 1. The caller has closed everything that it started. */
export async function failToStart(error: unknown): Promise<never> {
  // A static import would load the whole program before the database starts.
  const { describeStartFailure } = await import('../../server/process/start-failure.ts');
  console.error(error instanceof StartError ? error.message : describeStartFailure(error));
  process.exit(1);
}
