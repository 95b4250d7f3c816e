/**
 * Before a test run: one MongoDB for all projects of the run. Jest runs this file once, however many projects name it.
 */
import { openTestServer } from './test-server.ts';

export default async function globalSetup(): Promise<void> {
  const { uri, prefix } = await openTestServer();
  // The workers that run test files inherit this process's environment, and nothing else of it.
  process.env.TEST_MONGODB_URI = uri;
  process.env.TEST_MONGODB_PREFIX = prefix;
}
