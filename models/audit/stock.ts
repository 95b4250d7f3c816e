/** I1 and I2: stock agrees with its ledger, with the orders that reserve it, and with the sales and restocks of orders. */
import type { ClientSession, Types } from 'mongoose';
import { quantitiesByVariant } from '../catalogue/quantities-by-variant.ts';
import { type MovementLine, orderMovement, refundMovement, type StockMovement } from '../catalogue/stock-movement.ts';
import type { Variant } from '../catalogue/variant.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { inSnapshot } from '../db/transaction.ts';
import type { Order } from '../order/order-document.ts';
import { restOf, returnedToStock } from '../refund/goods/withdrawn-units.ts';
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
/** Some 1 MB of rows with three lines. */
const LEDGER_BATCH_SIZE = 5_000;

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
    const ledgerSums = await sumLedger(db, session);
    let after: Types.ObjectId | null = null;
    do {
      const variants: Variant[] = await readVariants(db, after, session);
      for (const variant of variants) compare(variant, ledgerSums, reservedSums, builders);
      after = variants.length < BATCH_SIZE ? null : (variants.at(-1)?._id ?? null);
    } while (after !== null);
    // The sums that are left belong to variants that do not exist.
    for (const [id, units] of ledgerSums)
      builders.ledger.addViolation(id, `the ledger has ${units} units of a missing variant`);
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

/** Σ of the ledger per variant: one pass over its rows in the order of their ids. The sums of all variants fit in memory. */
async function sumLedger(db: Database, session: ClientSession): Promise<Units> {
  const sums: Units = new Map();
  const options = { projection: { lines: 1 }, sort: { _id: 1 }, limit: LEDGER_BATCH_SIZE, session } as const;
  let after: string | null = null;
  do {
    const rows: StockMovement[] = await driverCollection(db.stockMovements)
      .find(after === null ? {} : { _id: { $gt: after } }, options)
      .toArray();
    for (const { variantId, delta } of rows.flatMap(({ lines }) => lines))
      sums.set(String(variantId), (sums.get(String(variantId)) ?? 0) + delta);
    after = rows.length < LEDGER_BATCH_SIZE ? null : (rows.at(-1)?._id ?? null);
  } while (after !== null);
  return sums;
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
  name: 'sales-and-returns',
  question:
    'Each sold order has one sale row with its lines, each refund whose units went into stock one return row, each restocked order one row of the rest, and nothing else.',
  inspect: ({ order, movements }) => {
    const expected = new Map(expectedMovements(order).map((row) => [row._id, row]));
    const actual = new Map(movements.map((row) => [row._id, row]));
    const missing = [...expected.values()].flatMap(({ _id, lines }) => {
      const [units, right] = [describeLines(actual.get(_id)?.lines), describeLines(lines)];
      return units === right ? [] : [`${_id} is ${units} instead of ${right}`];
    });
    const unexpected = [...actual.keys()].filter((id) => !expected.has(id)).map((id) => `${id} should not exist`);
    return [...missing, ...unexpected, ...misfiled(order, movements)];
  },
  inspectOrphans: ({ movements }) => movements.map(({ _id }) => ({ id: _id, detail: 'belongs to no order' })),
};

type ExpectedRow = Pick<StockMovement, '_id' | 'lines'>;

function expectedMovements(order: Order): ExpectedRow[] {
  const { _id, items, refunds, restocked, createdAt } = order;
  if (!wasSold(order)) return [];
  const returns = refunds.flatMap((refund) => {
    const stock = returnedToStock(order, refund);
    return stock.length === 0 ? [] : [refundMovement(_id, refund.refundId, stock, '', createdAt)];
  });
  return [
    orderMovement('sale', _id, quantitiesByVariant(items), '', createdAt),
    ...returns,
    ...(restocked === true ? [orderMovement('restock', _id, restOf(order), '', createdAt)] : []),
  ];
}

/** In any order of the lines. */
function describeLines(lines: readonly MovementLine[] | undefined): string {
  if (lines === undefined) return 'missing';
  return lines
    .map(({ variantId, delta }) => `${variantId} ${delta}`)
    .sort()
    .join(', ');
}

/** The reason and the order in a row's fields must be those in its id. */
function misfiled(order: Order, movements: OrderWithRecords['movements']): string[] {
  const isFiled = ({ _id, reason, orderId }: StockMovement) => {
    const start = `${reason}:${orderId}`;
    return orderId?.equals(order._id) === true && (reason === 'return' ? _id.startsWith(`${start}:`) : _id === start);
  };
  return movements.filter((row) => !isFiled(row)).map(({ _id }) => `${_id} is filed under a wrong id`);
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
