import { createUser } from '../../models/accounts/create-user.ts';
import { findUserByEmail } from '../../models/accounts/find-user.ts';
import { createProduct, createVariant } from '../../models/catalogue/edit-catalogue.ts';
import type { Product } from '../../models/catalogue/product.ts';
import type { Currency } from '../../models/contract/money.ts';
import type { Role } from '../../models/contract/permissions.ts';
import type { Database } from '../../models/db/database.ts';
import { toSubunits } from '../../models/money.ts';
import { SEED_CATALOGUE, type SeedProduct } from './seed-catalogue.ts';

export interface SeedAccount {
  email: string;
  name: string;
  role: Role;
  password: string;
}

export const SEED_CUSTOMER: SeedAccount = {
  email: 'ada@example.com',
  name: 'Ada Obi',
  role: 'customer',
  password: 'ada-buys-ankara',
};
export const SEED_STAFF: SeedAccount = {
  email: 'tunde@example.com',
  name: 'Tunde Bello',
  role: 'owner',
  password: 'tunde-ships-orders',
};

/** The actor in the stock ledger. */
const ACTOR = 'system';

/** `foreign`: the database has users or products from elsewhere, and nothing was written. */
export type SeedOutcome = 'seeded' | 'foreign';

export interface SeedOptions {
  /** The currency of the prices; NGN by default. */
  currency?: Currency;
  now?: Date;
}

/**
 * Creates the missing products, stock and accounts of development. May be repeated, but not raced. It writes nothing into
 * a database with other data, because the passwords of its accounts are public.
 */
export async function seedShop(
  db: Database,
  { currency = 'NGN', now = new Date() }: SeedOptions = {},
): Promise<SeedOutcome> {
  const customer = await findUserByEmail(db, SEED_CUSTOMER.email);
  if (!customer && !(await isEmpty(db))) return 'foreign';
  for (const account of [SEED_CUSTOMER, SEED_STAFF]) await ensureAccount(db, account, now);
  const products = new Map((await db.products.find({}).lean<Product[]>()).map((product) => [product.slug, product]));
  const skus = new Set(await db.variants.distinct('sku'));
  for (const product of SEED_CATALOGUE) {
    await ensureProduct(db, product, { products, skus, currency, now });
  }
  return 'seeded';
}

async function isEmpty(db: Database): Promise<boolean> {
  const [user, product] = await Promise.all([db.users.exists({}), db.products.exists({})]);
  return user === null && product === null;
}

async function ensureAccount(db: Database, account: SeedAccount, now: Date): Promise<void> {
  if (await findUserByEmail(db, account.email)) return;
  // Only the first start needs argon2, a native module.
  const { hashPassword } = await import('../../server/auth/passwords.ts');
  const { email, name, role, password } = account;
  await createUser(db, { email, name, role, passwordHash: await hashPassword(password) }, now);
}

interface SeedContext {
  products: ReadonlyMap<string, Product>;
  skus: ReadonlySet<string>;
  currency: Currency;
  now: Date;
}

async function ensureProduct(db: Database, seed: SeedProduct, { products, skus, currency, now }: SeedContext) {
  const { slug, title, category, description, variants } = seed;
  const product =
    products.get(slug) ?? (await createProduct(db, { slug, title, category, description }, { actor: ACTOR, now }));
  if (product.archivedAt !== undefined) return;
  for (const { price, ...variant } of variants) {
    if (skus.has(variant.sku)) continue;
    const input = { ...variant, price: toSubunits(price), productId: product._id, currency };
    await createVariant(db, input, { actor: ACTOR, now });
  }
}
