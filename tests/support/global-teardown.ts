/** Leaves no process and no database behind after a test run. */
import { closeTestServer } from './test-server.ts';

export default async function globalTeardown(): Promise<void> {
  await closeTestServer();
}
