/**
 * The version that `migrate` stores. A program refuses to start on an unprepared or older database, where it would run
 * without its indexes. A newer version passes: migrations only add, so old and new processes run side by side.
 */
import type { Database } from '../database.ts';
import type { SchemaVersion } from './schema-version-document.ts';

/** Raise it by one with every change of collections, validators or indexes. */
export const SCHEMA_VERSION = 2;

/** The database is not ready for this program; `message` is for the operator and names the command to run. */
export class NotMigratedError extends Error {
  constructor(finding: string) {
    super(`${finding}; run \`npm run migrate\` with the same MONGODB_URI, then start again.`);
    this.name = 'NotMigratedError';
  }
}

/** Null before the first migration. */
export async function findSchemaVersion(db: Database): Promise<number | null> {
  const stored = await db.schemaVersions.findById('schema').lean<SchemaVersion>();
  return stored?.version ?? null;
}

/** May be repeated and raced; never lowers a newer version. */
export async function recordSchemaVersion(db: Database): Promise<void> {
  await db.schemaVersions.updateOne({ _id: 'schema' }, { $max: { version: SCHEMA_VERSION } }, { upsert: true });
}

/** Throws NotMigratedError unless the database has this version or a newer one. */
export async function assertMigrated(db: Database): Promise<void> {
  const version = await findSchemaVersion(db);
  if (version === null) throw new NotMigratedError('The database has not been prepared for this program');
  if (version < SCHEMA_VERSION)
    throw new NotMigratedError(
      `The database is at version ${version}, and this program needs version ${SCHEMA_VERSION}`,
    );
}
