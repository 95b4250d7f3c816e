/**
 * After a test run: no process and no database is left behind.
 */
import { closeTestServer } from './test-server.ts';

export default async function globalTeardown(): Promise<void> {
  await closeTestServer();
}
