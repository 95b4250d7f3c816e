/** Creates what the database must have before any process runs on it. */
import type { Database } from '../database.ts';
import { ENFORCED, VALIDATORS } from './indexes-and-validators.ts';
import { recordSchemaVersion } from './schema-version.ts';

/** Makes every collection, validator and index that is missing, then notes the version. May be repeated and raced; drops nothing. */
export async function migrate(db: Database): Promise<void> {
  const existing = new Set((await db.connection.listCollections()).map(({ name }) => name));
  for (const model of Object.values(db.connection.models)) {
    const validator = VALIDATORS[model.modelName];
    if (!existing.has(model.collection.name)) await createCollection(db, model.collection.name);
    if (validator) await db.connection.db?.command({ collMod: model.collection.name, validator, ...ENFORCED });
    // createIndexes, never syncIndexes: that drops the indexes of a newer version.
    await model.createIndexes();
  }
  await recordSchemaVersion(db);
}

const NAMESPACE_EXISTS = 48;

async function createCollection(db: Database, name: string): Promise<void> {
  try {
    await db.connection.createCollection(name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === NAMESPACE_EXISTS)) throw error;
  }
}
