/** Settlement on Postgres in the same batches as ours: one transaction per batch, one statement per kind of write. */
import type { Pool, PoolClient } from 'pg';
import { MAX_BATCH } from '../../../models/settlement/drain-settlements.ts';
import { inPostgresTransaction } from './tables.ts';

const LOCK_DUE = `
  SELECT id, user_id, version FROM orders
  WHERE settle_due_at IS NOT NULL ORDER BY settle_due_at, id LIMIT $1 FOR UPDATE`;
const READ_ITEMS = 'SELECT order_id, variant_id, quantity FROM order_items WHERE order_id = ANY($1)';
const LOCK_VARIANTS = 'SELECT id, stock FROM variants WHERE id = ANY($1) ORDER BY id FOR UPDATE';
const TAKE_STOCK = `
  UPDATE variants SET stock = stock - taken.quantity
  FROM unnest($1::text[], $2::bigint[]) AS taken(id, quantity) WHERE variants.id = taken.id`;
const CONFIRM = `
  UPDATE orders SET status = 'confirmed', reservation = 'committed', version = version + 1, settle_due_at = NULL, verify_due_at = NULL
  WHERE id = ANY($1) AND status = 'pending' AND payment_status = 'paid'`;
const WRITE_HISTORY = `
  INSERT INTO order_history
  SELECT o.id, o.seq, $3, 'system', 'pending/paid', 'confirmed/paid', 'stock taken' FROM unnest($1::text[], $2::int[]) AS o(id, seq)`;
const WRITE_LEDGER = `
  INSERT INTO stock_movements
  SELECT 'sale:' || l.order_id || ':' || l.variant_id, l.variant_id, -l.quantity, 'sale', l.order_id, 'system', $4
  FROM unnest($1::text[], $2::text[], $3::bigint[]) AS l(order_id, variant_id, quantity)`;
const EMPTY_CARTS = 'DELETE FROM cart_items WHERE user_id = ANY($1)';
const RESET_CARTS = 'UPDATE carts SET item_count = 0, subtotal = 0 WHERE user_id = ANY($1)';
const QUEUE_EMAILS = `
  INSERT INTO emails
  SELECT o.id || ':order_confirmed:' || o.seq, o.id, 'order_confirmed', 'queued', $3, $3, 0
  FROM unnest($1::text[], $2::int[]) AS o(id, seq)`;

export async function settleBatched(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    while ((await settleBatch(client)) > 0);
  } finally {
    client.release();
  }
}

interface Line {
  order_id: string;
  variant_id: string;
  quantity: number;
}

/** Returns the number of orders that it settled. */
async function settleBatch(client: PoolClient): Promise<number> {
  const query = <Row>(name: string, text: string, values: unknown[]) => client.query<Row>({ name, text, values });
  let settled = 0;
  await inPostgresTransaction(client, async () => {
    const due = (await query<{ id: string; user_id: string; version: number }>('due', LOCK_DUE, [MAX_BATCH])).rows;
    settled = due.length;
    if (settled === 0) return;
    const ids = due.map(({ id }) => id);
    const users = due.map(({ user_id }) => user_id);
    const seqs = due.map(({ version }) => version + 1);
    const lines = (await query<Line>('items', READ_ITEMS, [ids])).rows;
    const taken = new Map<string, number>();
    for (const { variant_id, quantity } of lines) taken.set(variant_id, (taken.get(variant_id) ?? 0) + quantity);
    const stock = (await query<{ id: string; stock: string }>('lock', LOCK_VARIANTS, [[...taken.keys()]])).rows;
    if (stock.some((variant) => Number(variant.stock) < (taken.get(variant.id) ?? 0)))
      throw new Error('This benchmark never runs out of stock.');
    const now = new Date();
    await query('take', TAKE_STOCK, [[...taken.keys()], [...taken.values()]]);
    await query('confirm', CONFIRM, [ids]);
    await query('history', WRITE_HISTORY, [ids, seqs, now]);
    const column = <Key extends keyof Line>(key: Key) => lines.map((line) => line[key]);
    await query('ledger', WRITE_LEDGER, [column('order_id'), column('variant_id'), column('quantity'), now]);
    await query('empty', EMPTY_CARTS, [users]);
    await query('reset', RESET_CARTS, [users]);
    await query('emails', QUEUE_EMAILS, [ids, seqs, now]);
  });
  return settled;
}
