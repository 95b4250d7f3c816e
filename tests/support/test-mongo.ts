/**
 * The run's MongoDB. Each file uses its own databases, so files run side by side, and the end of the run drops them
 * all.
 */
import { randomBytes } from 'node:crypto';

/** A replica set; the URI names no database. */
export function testMongoUri(): string {
  return required('TEST_MONGODB_URI');
}

/** A name that no other test uses. */
export function uniqueDatabaseName(): string {
  return `${required('TEST_MONGODB_PREFIX')}${randomBytes(6).toString('hex')}`;
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this test belongs to a jest project with global-setup.ts`);
  return value;
}
