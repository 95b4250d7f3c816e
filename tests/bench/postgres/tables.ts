/**
 * The same shop as tables for a design with one job per order, with the indexes that the same queries need. Settlement
 * writes order_history, stock_movements (a row per line, because a table has no nested lines) and emails.
 */
import type { Pool, PoolClient } from 'pg';
import type { Order } from '../../../models/order/order-document.ts';
import { composePaidOrders, type Load, type Shop } from '../load.ts';

const TABLES = `
  CREATE TABLE variants (
    id text PRIMARY KEY, sku text UNIQUE NOT NULL, price bigint NOT NULL, currency text NOT NULL,
    stock bigint NOT NULL CHECK (stock >= 0), reserved bigint NOT NULL CHECK (reserved >= 0));
  CREATE TABLE orders (
    id text PRIMARY KEY, code text UNIQUE NOT NULL, user_id text NOT NULL, email text NOT NULL, status text NOT NULL,
    payment_status text NOT NULL, version int NOT NULL, total bigint NOT NULL, currency text NOT NULL,
    checkout_key text NOT NULL, tx_ref text UNIQUE NOT NULL, reservation text NOT NULL, settle_due_at timestamptz,
    verify_due_at timestamptz, created_at timestamptz NOT NULL, snapshot jsonb NOT NULL, payments jsonb NOT NULL,
    UNIQUE (user_id, checkout_key));
  CREATE INDEX ON orders (user_id, id DESC);
  CREATE INDEX ON orders (status, id DESC);
  CREATE INDEX ON orders (settle_due_at, id) WHERE settle_due_at IS NOT NULL;
  CREATE INDEX ON orders (verify_due_at) WHERE verify_due_at IS NOT NULL;
  CREATE TABLE order_items (
    order_id text NOT NULL REFERENCES orders, variant_id text NOT NULL, quantity int NOT NULL, unit_price bigint NOT NULL,
    snapshot jsonb NOT NULL, PRIMARY KEY (order_id, variant_id));
  CREATE TABLE carts (user_id text PRIMARY KEY, item_count int NOT NULL, subtotal bigint NOT NULL);
  CREATE TABLE cart_items (
    user_id text NOT NULL REFERENCES carts, variant_id text NOT NULL, quantity int NOT NULL, unit_price bigint NOT NULL,
    PRIMARY KEY (user_id, variant_id));
  CREATE TABLE order_history (
    order_id text NOT NULL, seq int NOT NULL, at timestamptz NOT NULL, actor text NOT NULL, from_status text NOT NULL,
    to_status text NOT NULL, reason text NOT NULL, PRIMARY KEY (order_id, seq));
  CREATE TABLE stock_movements (
    id text PRIMARY KEY, variant_id text NOT NULL, delta bigint NOT NULL, reason text NOT NULL, order_id text,
    actor text NOT NULL, at timestamptz NOT NULL);
  CREATE INDEX ON stock_movements (variant_id, at DESC);
  CREATE TABLE emails (
    id text PRIMARY KEY, order_id text NOT NULL, kind text NOT NULL, state text NOT NULL, created_at timestamptz NOT NULL,
    due_at timestamptz, attempts int NOT NULL);
  CREATE INDEX ON emails (due_at) WHERE due_at IS NOT NULL;`;

/** Rows per INSERT, which sends them as one JSON document. */
const FILL_CHUNK = 2_000;

/** Creates the tables and stores the shop's variants. The schema must be empty. */
export async function makeTables(pool: Pool, shop: Shop): Promise<void> {
  await pool.query(TABLES);
  await insert(
    pool,
    'variants',
    shop.variants.map(({ _id, ...variant }) => ({ id: String(_id), ...variant })),
  );
}

/** Stores the load, with orders numbered from `firstNumber`. Returns their ids in the order of the queue. */
export async function fillTables(pool: Pool, shop: Shop, load: Load, firstNumber: number): Promise<string[]> {
  const now = new Date();
  const ids: string[] = [];
  for (let done = 0; done < load.orders; done += FILL_CHUNK) {
    const chunk = { ...load, orders: Math.min(FILL_CHUNK, load.orders - done) };
    const composed = [...composePaidOrders(shop, chunk, now, firstNumber + done)];
    ids.push(...composed.map(({ order }) => String(order._id)));
    await insert(
      pool,
      'orders',
      composed.map(({ order }) => orderRow(order)),
    );
    await insert(
      pool,
      'order_items',
      composed.flatMap(({ order }) => itemRows(order)),
    );
    await insert(
      pool,
      'carts',
      composed.map(({ cart }) => ({ user_id: String(cart._id), item_count: 6, subtotal: 0 })),
    );
    await insert(
      pool,
      'cart_items',
      composed.flatMap(({ cart }) =>
        cart.items.map(({ variantId, quantity, unitPrice }) => ({
          user_id: String(cart._id),
          variant_id: String(variantId),
          quantity,
          unit_price: unitPrice,
        })),
      ),
    );
  }
  // Named one by one, because the database may hold other tables.
  await pool.query(
    'VACUUM ANALYZE variants, orders, order_items, carts, cart_items, order_history, stock_movements, emails',
  );
  return ids;
}

function orderRow(order: Order) {
  return {
    id: String(order._id),
    code: order.code,
    user_id: String(order.userId),
    email: order.contactSnapshot.email,
    status: order.status,
    payment_status: order.paymentStatus,
    version: order.version,
    total: order.total,
    currency: order.currency,
    checkout_key: order.checkoutKey,
    tx_ref: order.txRef,
    reservation: order.reservation,
    settle_due_at: order.settlement.queuedAt,
    verify_due_at: order.verifyDueAt,
    created_at: order.createdAt,
    snapshot: {
      address: order.shippingAddressSnapshot,
      contact: order.contactSnapshot,
      hash: order.moneyHash.toString('hex'),
    },
    payments: order.payments,
  };
}

function itemRows(order: Order) {
  return order.items.map(({ variantId, quantity, unitPrice, productSnapshot, variantSnapshot }) => ({
    order_id: String(order._id),
    variant_id: String(variantId),
    quantity,
    unit_price: unitPrice,
    snapshot: { product: productSnapshot, variant: variantSnapshot },
  }));
}

async function insert(pool: Pool, table: string, rows: object[]): Promise<void> {
  const text = `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`;
  await pool.query({ text, values: [JSON.stringify(rows)] });
}

/** Throws unless every order is settled exactly once and the stock agrees with the ledger. */
export async function assertTablesSettled(pool: Pool, orders: number): Promise<void> {
  const { rows } = await pool.query<Record<string, string>>(`
    SELECT (SELECT count(*) FROM orders WHERE status = 'confirmed') AS confirmed,
           (SELECT count(*) FROM order_history) AS history,
           (SELECT count(*) FROM emails) AS emails,
           (SELECT count(*) FROM cart_items) AS cart_items,
           (SELECT count(*) FROM stock_movements) AS ledger,
           (SELECT sum(delta) FROM stock_movements) + (SELECT sum(quantity) FROM order_items) AS unexplained,
           (SELECT sum(stock) - count(*) * max(100000000) FROM variants) - (SELECT sum(delta) FROM stock_movements) AS off`);
  const expected = {
    confirmed: orders,
    history: orders,
    emails: orders,
    cart_items: 0,
    ledger: orders * 3,
    unexplained: 0,
    off: 0,
  };
  for (const [name, count] of Object.entries(expected)) {
    if (Number(rows[0]?.[name]) !== count) throw new Error(`Postgres: ${name} is ${rows[0]?.[name]}, not ${count}.`);
  }
}

/** Commits if `work` resolves; rolls back and rethrows if it rejects. */
export async function inPostgresTransaction(client: PoolClient, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await work();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
