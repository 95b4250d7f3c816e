/**
 * I1 and I2: the stock agrees with its ledger, with the orders that hold some of it, and with those that took or gave
 * back. Variants are passed in the order of their ids, beside sums over the ledger's index; an order's own rows are held
 * beside its lines by the pass over orders.
 */
import type { ClientSession, Types } from 'mongoose';
import { quantitiesByVariant } from '../catalogue/quantities-by-variant.ts';
import { type MovementReason, orderMovement } from '../catalogue/stock-movement.ts';
import type { Variant } from '../catalogue/variant.ts';
import type { Database } from '../db/database.ts';
import { inSnapshot } from '../db/transaction.ts';
import type { Order } from '../order/order-document.ts';
import { type AuditCheck, type CheckResult, CheckTally } from './check.ts';
import type { OrderCheck, OrderWithRecords } from './scan-orders.ts';

export const ledgerCheck: AuditCheck = {
  id: 'I1',
  name: 'ledger',
  question: 'Per variant, the rows of the stock ledger add up to stock + reserved.',
};

export const reservedCheck: AuditCheck = {
  id: 'I1',
  name: 'reserved',
  question: 'Per variant, reserved is the sum of what pending orders hold.',
};

export const countsCheck: AuditCheck = {
  id: 'I2',
  name: 'counts',
  question: 'Stock and reserved are integers of 0 or more.',
};

const BATCH_SIZE = 500;

type Units = Map<string, number>;

/** Asks all three of every variant, as of one instant. */
export function auditVariants(db: Database): Promise<CheckResult[]> {
  return inSnapshot(db, async (session) => {
    const tallies = {
      ledger: new CheckTally(ledgerCheck),
      reserved: new CheckTally(reservedCheck),
      counts: new CheckTally(countsCheck),
    };
    const held = await sumReserved(db, session);
    let after: Types.ObjectId | null = null;
    do {
      const variants: Variant[] = await readVariants(db, after, session);
      const end: Types.ObjectId | null = variants.length < BATCH_SIZE ? null : (variants.at(-1)?._id ?? null);
      const booked = await sumLedger(db, { after, end }, session);
      for (const variant of variants) compare(variant, booked, held, tallies);
      // What is left was booked on variants that do not exist.
      for (const [id, units] of booked) tallies.ledger.violated(id, `${units} units are booked on a missing variant`);
      after = end;
    } while (after !== null);
    for (const [id, units] of held) tallies.reserved.violated(id, `orders hold ${units} units of a missing variant`);
    return Object.values(tallies).map((tally) => tally.result());
  });
}

/** Takes the variant's sums out of the maps. */
function compare(
  { _id, sku, stock, reserved }: Variant,
  booked: Units,
  held: Units,
  tallies: Record<'ledger' | 'reserved' | 'counts', CheckTally>,
): void {
  const take = (sums: Units) => {
    const units = sums.get(String(_id)) ?? 0;
    sums.delete(String(_id));
    return units;
  };
  const [rows, holds] = [take(booked), take(held)];
  tallies.ledger.inspect(_id, () =>
    rows === stock + reserved ? [] : [`${sku}: the ledger says ${rows}, stock ${stock} + reserved ${reserved} do not`],
  );
  tallies.reserved.inspect(_id, () =>
    holds === reserved ? [] : [`${sku}: orders hold ${holds}, reserved is ${reserved}`],
  );
  tallies.counts.inspect(_id, () =>
    [stock, reserved].every((count) => Number.isSafeInteger(count) && count >= 0)
      ? []
      : [`${sku}: stock is ${stock}, reserved ${reserved}`],
  );
}

function readVariants(db: Database, after: Types.ObjectId | null, session: ClientSession): Promise<Variant[]> {
  return db.variants
    .find(after === null ? {} : { _id: { $gt: after } }, { sku: 1, stock: 1, reserved: 1 })
    .sort({ _id: 1 })
    .limit(BATCH_SIZE)
    .session(session)
    .lean<Variant[]>();
}

/** Σ of the ledger per variant after `after` up to and with `end`; read from the index {variantId, delta} alone. */
async function sumLedger(
  db: Database,
  { after, end }: { after: Types.ObjectId | null; end: Types.ObjectId | null },
  session: ClientSession,
): Promise<Units> {
  const range = { ...(after === null ? {} : { $gt: after }), ...(end === null ? {} : { $lte: end }) };
  const sums = await db.stockMovements
    .aggregate<{ _id: unknown; units: number }>([
      { $match: Object.keys(range).length === 0 ? {} : { variantId: range } },
      { $sort: { variantId: 1, delta: 1 } },
      { $group: { _id: '$variantId', units: { $sum: '$delta' } } },
    ])
    .session(session);
  return new Map(sums.map(({ _id, units }) => [String(_id), units]));
}

/** Only pending orders hold anything (the pass over orders sees to that), and those are few: they expire. */
async function sumReserved(db: Database, session: ClientSession): Promise<Units> {
  const sums = await db.orders
    .aggregate<{ _id: unknown; units: number }>([
      { $match: { status: 'pending', reservation: 'reserved' } },
      { $unwind: '$items' },
      { $group: { _id: '$items.variantId', units: { $sum: '$items.quantity' } } },
    ])
    .session(session);
  return new Map(sums.map(({ _id, units }) => [String(_id), units]));
}

export const orderMovementsCheck: OrderCheck = {
  id: 'I1',
  name: 'sales-and-restocks',
  question: 'Each sold order has exactly one sale row per variant, each restocked one exactly one back, others none.',
  inspect: ({ order, movements }) => {
    const expected = expectedMovements(order);
    const found = new Map(movements.map(({ _id, delta }) => [_id, delta]));
    const missing = [...expected].flatMap(([id, delta]) =>
      found.get(id) === delta ? [] : [`${id} is ${found.get(id) ?? 'missing'} instead of ${delta}`],
    );
    const surplus = [...found.keys()].filter((id) => !expected.has(id)).map((id) => `${id} should not exist`);
    return [...missing, ...surplus, ...misfiled(order, movements)];
  },
  inspectOrphans: ({ movements }) => movements.map(({ _id }) => ({ id: _id, detail: 'belongs to no order' })),
};

function expectedMovements(order: Order): Units {
  const reasons: Extract<MovementReason, 'sale' | 'restock'>[] = [];
  if (wasSold(order)) reasons.push('sale');
  if (wasSold(order) && order.restocked === true) reasons.push('restock');
  const rows = reasons.flatMap((reason) =>
    quantitiesByVariant(order.items).map(({ variantId, quantity }) =>
      orderMovement(reason, order._id, variantId, quantity, '', order.createdAt),
    ),
  );
  return new Map(rows.map(({ _id, delta }) => [_id, delta]));
}

/** A row counts for the variant and the order that its fields name: they must be those of its id. */
function misfiled(order: Order, movements: OrderWithRecords['movements']): string[] {
  return movements
    .filter(
      ({ _id, reason, variantId, orderId }) =>
        _id !== `${reason}:${orderId}:${variantId}` || !orderId?.equals(order._id),
    )
    .map(({ _id }) => `${_id} is filed under a wrong id`);
}

function wasSold(order: Order): boolean {
  return order.history.some(({ to }) => to.status === 'confirmed');
}

export const reservationCheck: OrderCheck = {
  id: 'I1',
  name: 'reservation',
  question: 'Only pending orders reserve stock; the reservation of a sold order is committed.',
  inspect: ({ order }) => {
    const { status, reservation } = order;
    const allowed = wasSold(order) ? ['committed'] : status === 'pending' ? ['none', 'reserved'] : ['none', 'released'];
    return allowed.includes(reservation) ? [] : [`the reservation of this ${status} order is ${reservation}`];
  },
};
