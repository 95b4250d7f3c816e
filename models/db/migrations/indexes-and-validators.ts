/** The validators and indexes that the database must have, and the check that it has them. */
import type mongoose from 'mongoose';
import { variantValidator } from '../../catalogue/variant.ts';
import { orderValidator } from '../../order/order-schema.ts';
import type { Database } from '../database.ts';
import { NotMigratedError } from './schema-version.ts';

/** Refused, whoever writes; not merely warned of. */
export const ENFORCED = { validationLevel: 'strict', validationAction: 'error' } as const;

export const VALIDATORS: Record<string, object> = { Order: orderValidator, Variant: variantValidator };

/** The indexes that the schemas name and the server lacks, as `collection.{keys}`; empty when all stand. */
export async function findMissingIndexes(db: Database): Promise<string[]> {
  const missing: string[] = [];
  for (const model of Object.values(db.connection.models)) {
    const { toCreate } = await model.diffIndexes();
    missing.push(...toCreate.map((keys) => `${model.collection.name}.${JSON.stringify(keys)}`));
  }
  return missing;
}

/** The collections whose documents the server does not check any more; empty when all guards stand. */
export async function findUnguardedCollections(db: Database): Promise<string[]> {
  const collections = (await db.connection.db?.listCollections({}, { nameOnly: false }).toArray()) ?? [];
  const guarded = new Set(collections.filter(({ options }) => refusesInvalid(options)).map(({ name }) => name));
  return Object.keys(VALIDATORS)
    .map((name) => db.connection.model(name).collection.name)
    .filter((name) => !guarded.has(name));
}

/** A newer version's validator may say other things than ours, so it only has to be one. The server leaves out its defaults. */
function refusesInvalid(options: mongoose.mongo.Document = {}): boolean {
  const { validator, validationLevel, validationAction } = { validator: undefined, ...ENFORCED, ...options };
  const isEnforced = validationLevel === ENFORCED.validationLevel && validationAction === ENFORCED.validationAction;
  return validator !== undefined && isEnforced;
}

/** Throws NotMigratedError, naming what is missing: the books rest on unique keys and on stock that cannot fall below 0. Reads only. */
export async function assertIndexesAndValidators(db: Database): Promise<void> {
  const missing = await findMissingIndexes(db);
  if (missing.length > 0) throw new NotMigratedError(`The database lacks the indexes ${missing.join(', ')}`);
  const unguarded = await findUnguardedCollections(db);
  if (unguarded.length > 0) throw new NotMigratedError(`The database lacks the validators of ${unguarded.join(', ')}`);
}
