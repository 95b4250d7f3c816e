/**
 * One job per order on Postgres, at its best: prepared statements, one statement per kind of row, no job queue. Each
 * worker locks the next order and its variants in the order of their ids, and writes what our settlement writes.
 */
import type { Pool, PoolClient } from 'pg';
import { inPostgresTransaction } from './tables.ts';

const LOCK_ORDER = 'SELECT user_id, status, payment_status, version FROM orders WHERE id = $1 FOR UPDATE';
const READ_ITEMS = 'SELECT variant_id, quantity FROM order_items WHERE order_id = $1 ORDER BY variant_id';
const LOCK_VARIANTS = 'SELECT id, stock FROM variants WHERE id = ANY($1) ORDER BY id FOR UPDATE';
const TAKE_STOCK = `
  UPDATE variants SET stock = stock - taken.quantity
  FROM unnest($1::text[], $2::bigint[]) AS taken(id, quantity) WHERE variants.id = taken.id`;
const CONFIRM = `
  UPDATE orders SET status = 'confirmed', reservation = 'committed', version = version + 1, settle_due_at = NULL, verify_due_at = NULL
  WHERE id = $1`;
const WRITE_HISTORY =
  "INSERT INTO order_history VALUES ($1, $2, $3, 'system', 'pending/paid', 'confirmed/paid', 'stock taken')";
const WRITE_LEDGER = `
  INSERT INTO stock_movements
  SELECT 'sale:' || $1 || ':' || taken.id, taken.id, -taken.quantity, 'sale', $1, 'system', $4
  FROM unnest($2::text[], $3::bigint[]) AS taken(id, quantity)`;
const EMPTY_CART = 'DELETE FROM cart_items WHERE user_id = $1';
const RESET_CART = 'UPDATE carts SET item_count = 0, subtotal = 0 WHERE user_id = $1';
const QUEUE_EMAIL = "INSERT INTO emails VALUES ($1, $2, 'order_confirmed', 'queued', $3, $3, 0)";

export async function settleByRowLocks(pool: Pool, ids: readonly string[], workers: number): Promise<void> {
  let next = 0;
  const work = async () => {
    const client = await pool.connect();
    try {
      for (let id = ids[next++]; id !== undefined; id = ids[next++]) await settleOne(client, id);
    } finally {
      client.release();
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
}

interface OrderRow {
  user_id: string;
  status: string;
  payment_status: string;
  version: number;
}

async function settleOne(client: PoolClient, id: string): Promise<void> {
  const query = <Row>(name: string, text: string, values: unknown[]) => client.query<Row>({ name, text, values });
  await inPostgresTransaction(client, async () => {
    const [order] = (await query<OrderRow>('lock-order', LOCK_ORDER, [id])).rows;
    if (order?.status !== 'pending' || order.payment_status !== 'paid') return;
    const items = (await query<{ variant_id: string; quantity: number }>('items', READ_ITEMS, [id])).rows;
    const variantIds = items.map(({ variant_id }) => variant_id);
    const quantities = items.map(({ quantity }) => quantity);
    const stock = (await query<{ id: string; stock: string }>('lock-variants', LOCK_VARIANTS, [variantIds])).rows;
    if (stock.some((variant, index) => Number(variant.stock) < (quantities[index] ?? 0)))
      throw new Error('This benchmark never runs out of stock.');
    const now = new Date();
    await query('take-stock', TAKE_STOCK, [variantIds, quantities]);
    await query('confirm', CONFIRM, [id]);
    await query('history', WRITE_HISTORY, [id, order.version + 1, now]);
    await query('ledger', WRITE_LEDGER, [id, variantIds, quantities, now]);
    await query('empty-cart', EMPTY_CART, [order.user_id]);
    await query('reset-cart', RESET_CART, [order.user_id]);
    await query('email', QUEUE_EMAIL, [`${id}:order_confirmed:${order.version + 1}`, id, now]);
  });
}
