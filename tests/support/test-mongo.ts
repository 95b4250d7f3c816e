/**
 * Where a test file finds the run's MongoDB. Every file takes a database of its own, so files run side by side; nobody
 * needs to drop one: the run's end removes them all.
 */
import { randomBytes } from 'node:crypto';

/** A replica set; the URI names no database. */
export function testMongoUri(): string {
  return required('TEST_MONGODB_URI');
}

/** A name that no other test uses; it may be called as often as needed. */
export function uniqueDatabaseName(): string {
  return `${required('TEST_MONGODB_PREFIX')}${randomBytes(6).toString('hex')}`;
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this test belongs to a jest project with global-setup.ts`);
  return value;
}
