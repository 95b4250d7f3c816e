/**
 * The run's MongoDB. Files run side by side, each with databases of its own, and the end of the run drops them all. Most of
 * an app's start is making a database, so a test gives its own back, and the next one continues in it.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';

/** A database remembers its making in these. */
const KEPT: ReadonlySet<string> = new Set(['migrations', 'schemaversion']);

/** A replica set; the URI names no database. */
export function testMongoUri(): string {
  return required('TEST_MONGODB_URI');
}

/** A name that no other test uses. */
export function uniqueDatabaseName(): string {
  return `${required('TEST_MONGODB_PREFIX')}${randomBytes(6).toString('hex')}`;
}

/** The name of a database that nobody uses: one that was given back, or a new one. */
export function takeDatabaseName(): string {
  return readdirSync(freeNames()).find(take) ?? uniqueDatabaseName();
}

/** Empties a database whose collections, indexes and validators are as they were made. Call it once nothing uses it any more. */
export async function giveBackDatabase(name: string): Promise<void> {
  const client = new MongoClient(testMongoUri());
  try {
    const collections = await client.db(name).collections({ nameOnly: true });
    const emptied = collections.filter(({ collectionName }) => !KEPT.has(collectionName));
    await Promise.all(emptied.map((collection) => collection.deleteMany({})));
  } finally {
    await client.close();
  }
  writeFileSync(join(freeNames(), name), '');
}

/** One empty file for each free database, because the workers of a run share nothing else. */
function freeNames(): string {
  const folder = folderOfFreeNames(required('TEST_MONGODB_PREFIX'));
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Of the run whose databases have this prefix. */
export const folderOfFreeNames = (prefix: string): string => join(tmpdir(), `${prefix}free`);

/** Of several workers that try, one succeeds. */
function take(name: string): boolean {
  try {
    unlinkSync(join(freeNames(), name));
    return true;
  } catch {
    return false;
  }
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this test belongs to a jest project with global-setup.ts`);
  return value;
}
