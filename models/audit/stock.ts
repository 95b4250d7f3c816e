/**
 * I1 and I2: stock agrees with its ledger, with the orders that reserve it, and with the sales and restocks of orders.
 * Variants are read in the order of their ids, together with sums over the ledger's index.
 */
import type { ClientSession, Types } from 'mongoose';
import { quantitiesByVariant } from '../catalogue/quantities-by-variant.ts';
import { type MovementReason, orderMovement } from '../catalogue/stock-movement.ts';
import type { Variant } from '../catalogue/variant.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { inSnapshot } from '../db/transaction.ts';
import type { Order } from '../order/order-document.ts';
import { type AuditCheck, type CheckResult, CheckResultBuilder } from './check.ts';
import type { OrderCheck, OrderWithRecords } from './scan-orders.ts';

export const ledgerCheck: AuditCheck = {
  id: 'I1',
  name: 'ledger',
  question: 'Per variant, the rows of the stock ledger add up to stock + reserved.',
};

export const reservedCheck: AuditCheck = {
  id: 'I1',
  name: 'reserved',
  question: 'Per variant, reserved is the sum of what pending orders reserve.',
};

export const countsCheck: AuditCheck = {
  id: 'I2',
  name: 'counts',
  question: 'Stock and reserved are integers ≥ 0.',
};

const BATCH_SIZE = 500;

type Units = Map<string, number>;

/** All three checks of every variant, as of one instant. */
export function auditVariants(db: Database): Promise<CheckResult[]> {
  return inSnapshot(db, async (session) => {
    const builders = {
      ledger: new CheckResultBuilder(ledgerCheck),
      reserved: new CheckResultBuilder(reservedCheck),
      counts: new CheckResultBuilder(countsCheck),
    };
    const reservedSums = await sumReserved(db, session);
    let after: Types.ObjectId | null = null;
    do {
      const variants: Variant[] = await readVariants(db, after, session);
      const end: Types.ObjectId | null = variants.length < BATCH_SIZE ? null : (variants.at(-1)?._id ?? null);
      const ledgerSums = await sumLedger(db, { after, end }, session);
      for (const variant of variants) compare(variant, ledgerSums, reservedSums, builders);
      // The sums that are left belong to variants that do not exist.
      for (const [id, units] of ledgerSums)
        builders.ledger.addViolation(id, `the ledger has ${units} units of a missing variant`);
      after = end;
    } while (after !== null);
    for (const [id, units] of reservedSums)
      builders.reserved.addViolation(id, `orders reserve ${units} units of a missing variant`);
    return Object.values(builders).map((builder) => builder.result());
  });
}

/** Takes the variant's sums out of the maps. */
function compare(
  { _id, sku, stock, reserved }: Variant,
  ledgerSums: Units,
  reservedSums: Units,
  builders: Record<'ledger' | 'reserved' | 'counts', CheckResultBuilder>,
): void {
  const take = (sums: Units) => {
    const units = sums.get(String(_id)) ?? 0;
    sums.delete(String(_id));
    return units;
  };
  const [ledgerUnits, reservedUnits] = [take(ledgerSums), take(reservedSums)];
  builders.ledger.inspect(_id, () =>
    ledgerUnits === stock + reserved
      ? []
      : [`${sku}: the ledger has ${ledgerUnits} units, stock ${stock} + reserved ${reserved} differ`],
  );
  builders.reserved.inspect(_id, () =>
    reservedUnits === reserved ? [] : [`${sku}: orders reserve ${reservedUnits}, reserved is ${reserved}`],
  );
  builders.counts.inspect(_id, () =>
    [stock, reserved].every((count) => Number.isSafeInteger(count) && count >= 0)
      ? []
      : [`${sku}: stock is ${stock}, reserved ${reserved}`],
  );
}

function readVariants(db: Database, after: Types.ObjectId | null, session: ClientSession): Promise<Variant[]> {
  const options = {
    projection: { sku: 1, stock: 1, reserved: 1 },
    sort: { _id: 1 },
    limit: BATCH_SIZE,
    session,
  } as const;
  return driverCollection(db.variants)
    .find(after === null ? {} : { _id: { $gt: after } }, options)
    .toArray();
}

interface Sum {
  _id: unknown;
  units: number;
}

/** Σ of the ledger per variant after `after` up to and with `end`; read from the index {variantId, delta} alone. */
async function sumLedger(
  db: Database,
  { after, end }: { after: Types.ObjectId | null; end: Types.ObjectId | null },
  session: ClientSession,
): Promise<Units> {
  const range = { ...(after === null ? {} : { $gt: after }), ...(end === null ? {} : { $lte: end }) };
  const pipeline = [
    { $match: Object.keys(range).length === 0 ? {} : { variantId: range } },
    { $sort: { variantId: 1, delta: 1 } },
    { $group: { _id: '$variantId', units: { $sum: '$delta' } } },
  ];
  const sums = await driverCollection(db.stockMovements).aggregate<Sum>(pipeline, { session }).toArray();
  return new Map(sums.map(({ _id, units }) => [String(_id), units]));
}

/** Only pending orders reserve stock (reservationCheck), and they are few, because they expire. */
async function sumReserved(db: Database, session: ClientSession): Promise<Units> {
  const pipeline = [
    { $match: { status: 'pending', reservation: 'reserved' } },
    { $unwind: '$items' },
    { $group: { _id: '$items.variantId', units: { $sum: '$items.quantity' } } },
  ];
  const sums = await driverCollection(db.orders).aggregate<Sum>(pipeline, { session }).toArray();
  return new Map(sums.map(({ _id, units }) => [String(_id), units]));
}

export const orderMovementsCheck: OrderCheck = {
  id: 'I1',
  name: 'sales-and-restocks',
  question:
    'Each sold order has one sale row per variant, each restocked order one restock row besides, other orders none.',
  inspect: ({ order, movements }) => {
    const expected = expectedMovements(order);
    const actual = new Map(movements.map(({ _id, delta }) => [_id, delta]));
    const missing = [...expected].flatMap(([id, delta]) =>
      actual.get(id) === delta ? [] : [`${id} is ${actual.get(id) ?? 'missing'} instead of ${delta}`],
    );
    const unexpected = [...actual.keys()].filter((id) => !expected.has(id)).map((id) => `${id} should not exist`);
    return [...missing, ...unexpected, ...misfiled(order, movements)];
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

/** The variant and order in a row's fields must be those in its id. */
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
