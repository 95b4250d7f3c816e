/** The program in this process, for the people of a history, who call its API without HTTP. */
import type { Types } from 'mongoose';
import { createUser } from '../../models/accounts/create-user.ts';
import { findUserByEmail } from '../../models/accounts/find-user.ts';
import type { Role } from '../../models/contract/permissions.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import { type Auth, createAuth } from '../../server/auth/auth.ts';
import { hashPassword } from '../../server/auth/passwords.ts';
import type { AppContext } from '../../server/context/app-context.ts';
import { createCaller } from '../../server/trpc/router.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import type { PaystackSandbox } from '../paystack-sandbox/src/index.ts';
import { SEED_CUSTOMER, SEED_STAFF, seedShop } from '../seed/seed.ts';
import { ADA, CUSTOMERS, type Customer, TEAM } from './people.ts';
import type { SeededRandom } from './seeded-random.ts';

export type Caller = ReturnType<typeof createCaller>;
export type StaffName = 'owner' | 'manager' | 'support' | 'packer';

export interface HistoryShop {
  ctx: AppContext;
  auth: Auth;
  sandbox: PaystackSandbox;
  mailbox: Mailbox;
  random: SeededRandom;
  staff: Record<StaffName, Types.ObjectId>;
  /** The customer whose password is printed. */
  ada: KnownCustomer;
  customers: readonly KnownCustomer[];
  /** The ids of the variants, by SKU. */
  variants: ReadonlyMap<string, string>;
}

export interface KnownCustomer extends Customer {
  id: Types.ObjectId;
}

/** The same program at another time. */
export function at(ctx: AppContext, time: number): AppContext {
  return { ...ctx, clock: { now: () => new Date(time) } };
}

/** The API as this person calls it at this time, with the checks of their role. */
export function callAs({ ctx, auth }: HistoryShop, userId: Types.ObjectId, time: number): Caller {
  const app = at(ctx, time);
  const now = new Date(time);
  const identity = { userId, id: 'history', startedAt: now, issuedAt: now, expiresAt: new Date(time + 3600_000) };
  return createCaller({
    app,
    auth,
    requestId: 'history',
    ip: '127.0.0.1',
    userAgent: undefined,
    authorization: undefined,
    identify: async () => identity,
    renewToken: async () => undefined,
  });
}

type Parts = Pick<HistoryShop, 'ctx' | 'sandbox' | 'mailbox' | 'random'>;

/** Adds products, staff and customers, as at this time. */
export async function openHistoryShop(parts: Parts, opensAt: Date): Promise<HistoryShop> {
  const { db, config } = parts.ctx;
  await seedShop(db, { currency: config.currency, now: opensAt });
  const variants = await driverCollection(db.variants).find().toArray();
  const passwordHash = await hashPassword(SEED_CUSTOMER.password);
  const [owner, ada] = await Promise.all([SEED_STAFF, SEED_CUSTOMER].map(({ email }) => idOf(db, email)));
  const [manager, support, packer] = await Promise.all(
    TEAM.map(async (person) => add(db, person, await hashPassword(person.password), opensAt)),
  );
  if (!owner || !ada || !manager || !support || !packer) throw new Error('the seeded accounts are not complete');
  const customers = CUSTOMERS.map(async (person) => ({ ...person, id: await add(db, person, passwordHash, opensAt) }));
  return {
    ...parts,
    auth: createAuth(parts.ctx),
    staff: { owner, manager, support, packer },
    ada: { ...ADA, id: ada },
    customers: await Promise.all(customers),
    variants: new Map(variants.map(({ _id, sku }) => [sku, String(_id)])),
  };
}

async function idOf(db: Database, email: string): Promise<Types.ObjectId | undefined> {
  return (await findUserByEmail(db, email))?._id;
}

interface Person {
  email: string;
  name: string;
  role?: Role;
}

async function add(db: Database, { email, name, role = 'customer' }: Person, passwordHash: string, now: Date) {
  return (await createUser(db, { email, name, role, passwordHash }, now))._id;
}
