/**
 * The database as one plain object of typed collections, and the registry of what each collection must have: schema,
 * validator, indexes. Indexes are made by `migrate` (and in development at start), and only asserted elsewhere.
 */
import type mongoose from 'mongoose';
import type { Connection, Model, Schema } from 'mongoose';
import { type User, userSchema } from '../accounts/user.ts';
import { type Cart, cartSchema } from '../cart/cart.ts';
import { type Product, productSchema } from '../catalogue/product.ts';
import { type StockMovement, stockMovementSchema } from '../catalogue/stock-movement.ts';
import { type Variant, variantSchema, variantValidator } from '../catalogue/variant.ts';
import { type Email, emailSchema } from '../messaging/email-outbox.ts';
import { type InboxEvent, inboxEventSchema } from '../messaging/webhook-inbox.ts';
import type { Order } from '../order/order-document.ts';
import { orderSchema, orderValidator } from '../order/order-schema.ts';
import { type Checkpoint, checkpointSchema } from './checkpoint.ts';
import { type ConnectOptions, openConnection } from './connection.ts';
import { type Lease, leaseSchema } from './lease.ts';
import { NotMigratedError, recordSchemaVersion, type SchemaVersion, schemaVersionSchema } from './schema-version.ts';

export interface Database {
  connection: Connection;
  users: Model<User>;
  products: Model<Product>;
  variants: Model<Variant>;
  carts: Model<Cart>;
  orders: Model<Order>;
  stockMovements: Model<StockMovement>;
  emails: Model<Email>;
  webhookEvents: Model<InboxEvent>;
  leases: Model<Lease>;
  checkpoints: Model<Checkpoint>;
  schemaVersions: Model<SchemaVersion>;
}

/** Connects and binds the collections; rejects within 5 s when no server answers. Makes nothing. */
export async function openDatabase(uri: string, options: ConnectOptions = {}): Promise<Database> {
  return bindDatabase(await openConnection(uri, options));
}

/** Binds the collections to a connection that is already open. */
export function bindDatabase(connection: Connection): Database {
  const model = <T>(name: string, schema: Schema<T>): Model<T> => connection.model<T>(name, schema);
  return {
    connection,
    users: model('User', userSchema),
    products: model('Product', productSchema),
    variants: model('Variant', variantSchema),
    carts: model('Cart', cartSchema),
    orders: model('Order', orderSchema),
    stockMovements: model('StockMovement', stockMovementSchema),
    emails: model('Email', emailSchema),
    webhookEvents: model('WebhookEvent', inboxEventSchema),
    leases: model('Lease', leaseSchema),
    checkpoints: model('RunMark', checkpointSchema),
    schemaVersions: model('SchemaVersion', schemaVersionSchema),
  };
}

/** Refused, whoever writes; not merely warned of. */
const ENFORCED = { validationLevel: 'strict', validationAction: 'error' } as const;

const VALIDATORS: Record<string, object> = { Order: orderValidator, Variant: variantValidator };

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
