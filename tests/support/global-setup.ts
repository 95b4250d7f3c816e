/** Starts one MongoDB for all projects of a test run. Jest runs this file once per run. */
import { openTestServer } from './test-server.ts';

export default async function globalSetup(): Promise<void> {
  const { uri, prefix } = await openTestServer();
  // Jest's workers inherit this process's environment and nothing else.
  process.env.TEST_MONGODB_URI = uri;
  process.env.TEST_MONGODB_PREFIX = prefix;
}
