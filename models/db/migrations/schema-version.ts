/**
 * The version of what `migrate` makes, stored in the database, so that a program that finds an unprepared or an older
 * database says so at once instead of running without its indexes. A newer version is welcome: migrations only add, so
 * that old and new processes can run side by side while a release rolls out.
 */
import type { Database } from '../database.ts';
import type { SchemaVersion } from './schema-version-document.ts';

/** Raise it by one with every change of collections, validators or indexes. */
export const SCHEMA_VERSION = 1;

/** The database is not ready for this program; `message` tells the operator what to do. */
export class NotMigratedError extends Error {
  constructor(finding: string) {
    super(`${finding}; run \`npm run migrate\` with the same MONGODB_URI, then start again.`);
    this.name = 'NotMigratedError';
  }
}

/** Null before the first migration. */
export async function findSchemaVersion(db: Database): Promise<number | null> {
  const found = await db.schemaVersions.findById('schema').lean<SchemaVersion>();
  return found?.version ?? null;
}

/** Records that everything of this version stands. May be repeated and raced; never lowers a newer version. */
export async function recordSchemaVersion(db: Database): Promise<void> {
  await db.schemaVersions.updateOne({ _id: 'schema' }, { $max: { version: SCHEMA_VERSION } }, { upsert: true });
}

/** Throws NotMigratedError unless this version, or a newer one, has been migrated to. One read; for use at start. */
export async function assertMigrated(db: Database): Promise<void> {
  const version = await findSchemaVersion(db);
  if (version === null) throw new NotMigratedError('The database has not been prepared for this program');
  if (version < SCHEMA_VERSION)
    throw new NotMigratedError(
      `The database is at version ${version}, and this program needs version ${SCHEMA_VERSION}`,
    );
}
