import type { Model } from 'mongoose';
import type { Database } from '../database.ts';
import { ENFORCED, VALIDATORS } from './indexes-and-validators.ts';
import { recordAsFinished, runMigrations } from './run-migrations.ts';
import { findSchemaVersion, recordSchemaVersion } from './schema-version.ts';

/**
 * Creates every collection, validator and index that is missing, runs the migrations, then records the version. May be
 * repeated and raced; drops nothing. Throws OtherReleaseLineError before it has written anything.
 */
export async function migrate(db: Database): Promise<void> {
  const isNew = (await findSchemaVersion(db)) === null;
  const existing = new Set((await db.connection.listCollections()).map(({ name }) => name));
  const models = Object.values(db.connection.models);
  await Promise.all(models.map((model) => migrateCollection(db, model, existing.has(model.collection.name))));
  await (isNew ? recordAsFinished(db) : runMigrations(db));
  await recordSchemaVersion(db);
}

async function migrateCollection(db: Database, model: Model<unknown>, isThere: boolean): Promise<void> {
  const { name } = model.collection;
  const validator = VALIDATORS[model.modelName];
  const guard = validator === undefined ? {} : { validator, ...ENFORCED };
  const isNew = !isThere && (await createCollection(db, name, guard));
  if (!isNew && validator !== undefined) await db.connection.db?.command({ collMod: name, ...guard });
  // One createIndexes for all, because each one costs the server a commit. Not syncIndexes, which drops the indexes of a
  // newer version.
  const indexes = model.schema.indexes().map(([key, options]) => ({ key, ...options }));
  if (indexes.length > 0) await db.connection.db?.command({ createIndexes: name, indexes: indexes.map(withName) });
}

/** MongoDB's default name, which the command requires: `userId_1_status_1`. */
function withName<I extends { key: object; name?: string }>(index: I): I & { name: string } {
  const name = Object.entries(index.key).map(([field, order]) => `${field}_${order}`);
  return { ...index, name: index.name ?? name.join('_') };
}

const NAMESPACE_EXISTS = 48;

/** False when another process has just created it. */
async function createCollection(db: Database, name: string, guard: object): Promise<boolean> {
  try {
    await db.connection.createCollection(name, guard);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === NAMESPACE_EXISTS) return false;
    throw error;
  }
}
