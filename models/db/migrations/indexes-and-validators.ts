import type mongoose from 'mongoose';
import { variantValidator } from '../../catalogue/variant.ts';
import { orderValidator } from '../../order/order-validator.ts';
import { settingsValidator } from '../../settings/settings-document.ts';
import type { Database } from '../database.ts';
import { NotMigratedError } from './schema-version.ts';

/** Invalid writes are refused, not only logged. */
export const ENFORCED = { validationLevel: 'strict', validationAction: 'error' } as const;

export const VALIDATORS: Record<string, object> = {
  Order: orderValidator,
  Variant: variantValidator,
  Settings: settingsValidator,
};

/** The indexes that the schemas declare and the server lacks, as `collection.{keys}`. */
export async function findMissingIndexes(db: Database): Promise<string[]> {
  const missing: string[] = [];
  for (const model of Object.values(db.connection.models)) {
    const { toCreate } = await model.diffIndexes();
    missing.push(...toCreate.map((keys) => `${model.collection.name}.${JSON.stringify(keys)}`));
  }
  return missing;
}

/** The collections whose validator is missing or not enforced. */
export async function findUnguardedCollections(db: Database): Promise<string[]> {
  const collections = (await db.connection.db?.listCollections({}, { nameOnly: false }).toArray()) ?? [];
  const guarded = new Set(collections.filter(({ options }) => refusesInvalid(options)).map(({ name }) => name));
  return Object.keys(VALIDATORS)
    .map((name) => db.connection.model(name).collection.name)
    .filter((name) => !guarded.has(name));
}

/** A newer version's validator may differ from ours, so any enforced one passes. The server leaves out its defaults. */
function refusesInvalid(options: mongoose.mongo.Document = {}): boolean {
  const { validator, validationLevel, validationAction } = { validator: undefined, ...ENFORCED, ...options };
  const isEnforced = validationLevel === ENFORCED.validationLevel && validationAction === ENFORCED.validationAction;
  return validator !== undefined && isEnforced;
}

/**
 * Throws NotMigratedError, naming the missing ones: without unique keys and validators the stored data could become
 * inconsistent.
 */
export async function assertIndexesAndValidators(db: Database): Promise<void> {
  const missing = await findMissingIndexes(db);
  if (missing.length > 0) throw new NotMigratedError(`The database lacks the indexes ${missing.join(', ')}`);
  const unguarded = await findUnguardedCollections(db);
  if (unguarded.length > 0) throw new NotMigratedError(`The database lacks the validators of ${unguarded.join(', ')}`);
}
