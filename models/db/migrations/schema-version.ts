/**
 * The marker that `migrate` stores. A program refuses to start on an unprepared or older database, where it would run
 * without its indexes. A newer version passes: migrations only add, so old and new processes run side by side.
 */
import type { Database } from '../database.ts';
import type { SchemaVersion } from './schema-version-document.ts';

/** Releases of one line read each other's documents; no migration leads from one line to another. */
export const RELEASE_LINE = '1';

/** Raise it by one with every change of collections, validators or indexes. 1: release 1.0.0. */
export const SCHEMA_VERSION = 1;

/** The database is not ready for this program; `message` is for the operator and names the command to run. */
export class NotMigratedError extends Error {
  constructor(finding: string) {
    super(`${finding}; run \`npm run migrate\` with the same MONGODB_URI, then start again.`);
    this.name = 'NotMigratedError';
  }
}

/** The database belongs to another line of releases; `message` is for the operator. */
export class OtherReleaseLineError extends Error {
  /** Completes the sentence "It was written by …". */
  readonly writer: string;

  constructor(line: string | undefined) {
    const writer = line === undefined ? 'a version before 1.0.0' : `release ${line}.x`;
    super(
      `The database was written by ${writer}, whose data this program does not read: set MONGODB_URI to a new one.`,
    );
    this.name = 'OtherReleaseLineError';
    this.writer = writer;
  }
}

/** Null before the first migration. Throws OtherReleaseLineError. */
export async function findSchemaVersion(db: Database): Promise<number | null> {
  const stored = await db.schemaVersions.findById('schema').lean<SchemaVersion>();
  if (stored !== null && stored.line !== RELEASE_LINE) throw new OtherReleaseLineError(stored.line);
  return stored?.version ?? null;
}

/** May be repeated and raced; never lowers a newer version. */
export async function recordSchemaVersion(db: Database): Promise<void> {
  const update = { $setOnInsert: { line: RELEASE_LINE }, $max: { version: SCHEMA_VERSION } };
  await db.schemaVersions.updateOne({ _id: 'schema' }, update, { upsert: true });
}

/** Throws NotMigratedError unless the database has this version or a newer one, and OtherReleaseLineError. */
export async function assertSchemaVersion(db: Database): Promise<void> {
  const version = await findSchemaVersion(db);
  if (version === null) throw new NotMigratedError('The database has not been prepared for this program');
  if (version < SCHEMA_VERSION)
    throw new NotMigratedError(
      `The database is at version ${version}, and this program needs version ${SCHEMA_VERSION}`,
    );
}
