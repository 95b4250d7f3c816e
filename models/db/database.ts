/**
 * The database as one plain object of typed collections, with the schema and indexes of each. `migrate` creates the
 * indexes (in development also the start does); elsewhere they are only asserted.
 *
 * Each collection is reached in one way. An order's path, users and leases go through driverCollection, because mongoose's
 * casting can take as long as the command. The models of products, checkpoints and schemaVersions serve rare commands.
 * rate-limiter-flexible reaches signInLimits.
 */
import type { Connection, Model, Schema } from 'mongoose';
import { type Invitation, invitationSchema } from '../accounts/invitations/invitation-document.ts';
import { type OneTimeLink, oneTimeLinkSchema } from '../accounts/links/one-time-link-document.ts';
import { type SessionRow, sessionSchema } from '../accounts/sessions/session-document.ts';
import { type SignInLimit, signInLimitSchema } from '../accounts/sign-in-limit-document.ts';
import { type User, userSchema } from '../accounts/user.ts';
import { type AuditState, auditStateSchema } from '../audit-state/audit-state-document.ts';
import { type Cart, cartSchema } from '../cart/cart-document.ts';
import { type Product, productSchema } from '../catalogue/product.ts';
import {
  type ProductSearchRow,
  productSearchSchema,
  type SearchWord,
  searchWordSchema,
} from '../catalogue/search/product-search-document.ts';
import { type StockMovement, stockMovementSchema } from '../catalogue/stock-movement.ts';
import { type Variant, variantSchema } from '../catalogue/variant.ts';
import { type DisputeFile, disputeFileSchema } from '../dispute/answer/dispute-file-document.ts';
import { type Sales, salesSchema } from '../figures/sales-document.ts';
import { type Email, emailSchema } from '../messaging/email-document.ts';
import { type InboxEvent, inboxEventSchema } from '../messaging/inbox-event.ts';
import type { Order } from '../order/order-document.ts';
import { orderSchema } from '../order/order-schema.ts';
import { type Payout, payoutSchema } from '../payout/payout-document.ts';
import { type PayoutLine, payoutLineSchema } from '../payout/payout-line-document.ts';
import { type UnpaidCharge, unpaidChargeSchema } from '../payout/unpaid-charge-document.ts';
import { type Picture, pictureSchema } from '../pictures/picture-document.ts';
import { orderSearchSchema, type SearchRow } from '../search/order-search-document.ts';
import { type Settings, settingsSchema } from '../settings/settings-document.ts';
import { type Checkpoint, checkpointSchema } from './checkpoint-document.ts';
import { type ConnectOptions, openConnection } from './connection.ts';
import { type Lease, leaseSchema } from './lease-document.ts';
import { type MigrationRecord, migrationSchema } from './migrations/migration-document.ts';
import { type SchemaVersion, schemaVersionSchema } from './migrations/schema-version-document.ts';

export interface Database {
  connection: Connection;
  users: Model<User>;
  sessions: Model<SessionRow>;
  oneTimeLinks: Model<OneTimeLink>;
  invitations: Model<Invitation>;
  signInLimits: Model<SignInLimit>;
  products: Model<Product>;
  productSearch: Model<ProductSearchRow>;
  searchWords: Model<SearchWord>;
  variants: Model<Variant>;
  carts: Model<Cart>;
  orders: Model<Order>;
  orderSearch: Model<SearchRow>;
  stockMovements: Model<StockMovement>;
  emails: Model<Email>;
  webhookEvents: Model<InboxEvent>;
  payouts: Model<Payout>;
  payoutLines: Model<PayoutLine>;
  unpaidCharges: Model<UnpaidCharge>;
  leases: Model<Lease>;
  checkpoints: Model<Checkpoint>;
  schemaVersions: Model<SchemaVersion>;
  migrations: Model<MigrationRecord>;
  settings: Model<Settings>;
  auditStates: Model<AuditState>;
  disputeFiles: Model<DisputeFile>;
  pictures: Model<Picture>;
  sales: Model<Sales>;
}

/** Rejects within 5 s when no server answers. Creates nothing. */
export async function openDatabase(uri: string, options: ConnectOptions = {}): Promise<Database> {
  return bindDatabase(await openConnection(uri, options));
}

/** `connection` is open already. Creates nothing. */
export function bindDatabase(connection: Connection): Database {
  const model = <T>(name: string, schema: Schema<T>): Model<T> => connection.model<T>(name, schema);
  return {
    connection,
    users: model('User', userSchema),
    sessions: model('Session', sessionSchema),
    invitations: model('Invitation', invitationSchema),
    oneTimeLinks: model('OneTimeLink', oneTimeLinkSchema),
    signInLimits: model('SignInLimit', signInLimitSchema),
    products: model('Product', productSchema),
    productSearch: model('ProductSearch', productSearchSchema),
    searchWords: model('SearchWord', searchWordSchema),
    variants: model('Variant', variantSchema),
    carts: model('Cart', cartSchema),
    orders: model('Order', orderSchema),
    orderSearch: model('OrderSearch', orderSearchSchema),
    stockMovements: model('StockMovement', stockMovementSchema),
    emails: model('Email', emailSchema),
    webhookEvents: model('WebhookEvent', inboxEventSchema),
    payouts: model('Payout', payoutSchema),
    payoutLines: model('PayoutLine', payoutLineSchema),
    unpaidCharges: model('UnpaidCharge', unpaidChargeSchema),
    leases: model('Lease', leaseSchema),
    checkpoints: model('RunMark', checkpointSchema),
    schemaVersions: model('SchemaVersion', schemaVersionSchema),
    migrations: model('Migration', migrationSchema),
    settings: model('Settings', settingsSchema),
    auditStates: model('AuditState', auditStateSchema),
    disputeFiles: model('DisputeFile', disputeFileSchema),
    pictures: model('Picture', pictureSchema),
    sales: model('Sales', salesSchema),
  };
}
