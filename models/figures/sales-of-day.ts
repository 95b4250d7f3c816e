import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { isOfOtherDomain } from '../fulfilment/create-shipment.ts';
import { placedBetween } from '../order/ids/order-id.ts';
import type { Order, OrderItem } from '../order/order-document.ts';
import { findPayingCharge } from '../order/payment-status.ts';
import { SOLD_STATUSES } from '../order/status.ts';
import { unitsByLine } from '../order/units.ts';
import { returnedMoney, returnedSum } from '../payment/returned-money.ts';
import { endOfDay, startOfDay } from '../shop-time.ts';
import type { ProductSales, SalesDay, SalesFigure } from './sales-document.ts';

/** Products of a day that are kept; the best sellers of a month are among those of its days. */
const KEPT_PRODUCTS = 200;

const COUNTED = {
  total: 1,
  currency: 1,
  items: 1,
  refunds: 1,
  disputes: 1,
  paidReference: 1,
  'payments.reference': 1,
  'payments.amount': 1,
  'payments.currency': 1,
  'payments.domain': 1,
  'shipments.lines': 1,
  'shipments.voidedAt': 1,
} as const;

export type CountedOrder = Pick<Order, 'total' | 'currency' | 'refunds' | 'disputes' | 'paidReference'> & {
  items: Pick<OrderItem, 'quantity' | 'lineTotal' | 'unitPrice' | 'productSnapshot'>[];
  payments: Pick<Order['payments'][number], 'reference' | 'amount' | 'currency' | 'domain'>[];
  shipments?: Pick<NonNullable<Order['shipments']>[number], 'lines' | 'voidedAt' | 'deliveredAt'>[];
};

export interface DayOfShop {
  /** `2026-03-01` */
  day: string;
  timeZone: string;
  /** Of the shop's key. */
  domain: 'test' | 'live';
}

/** Reads the orders that were placed that day. */
export async function readSalesOfDay(db: Database, { day, timeZone, domain }: DayOfShop, now: Date): Promise<SalesDay> {
  const placed = placedBetween(startOfDay(day, timeZone), endOfDay(day, timeZone));
  const orders = driverCollection(db.orders).find<CountedOrder>(
    { ...placed, status: { $in: [...SOLD_STATUSES, 'refunded'] } },
    { projection: COUNTED, hint: '_id_' },
  );
  const sums = createSums(domain);
  for await (const order of orders) sums.add(order);
  return { day, computedAt: now, ...sums.result() };
}

/** Adds up sold orders. Those whose charge is of the other domain count in no figure. Pure but for its own sums. */
export function createSums(domain: DayOfShop['domain']) {
  const figures = new Map<string, SalesFigure>();
  const products = new Map<string, ProductSales>();
  return {
    add(order: CountedOrder): void {
      if (isOfOtherDomain(order, domain)) return;
      const { currency } = order;
      const units = unitsByLine(order).map(({ ordered, unshipped, givenBack }) => ordered - unshipped - givenBack);
      const figure = figures.get(currency) ?? { currency, orders: 0, units: 0, amount: 0, returned: 0 };
      figures.set(currency, figure);
      figure.orders += 1;
      figure.units += units.reduce((sum, one) => sum + one, 0);
      figure.amount += order.total;
      figure.returned += returnedOf(order);
      for (const [index, { productSnapshot, unitPrice }] of order.items.entries())
        addUnits(products, { ...productSnapshot, currency, unitPrice, units: units[index] ?? 0 });
    },
    result(): Pick<SalesDay, 'figures' | 'products'> {
      const byCurrency = [...figures.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
      return { figures: byCurrency, products: bestOf([...products.values()], KEPT_PRODUCTS) };
    },
  };
}

/** In the order's currency; a charge in another one has been accepted by staff for the whole order. */
function returnedOf(order: CountedOrder): number {
  const charge = findPayingCharge(order);
  if (charge === null) return 0;
  const money = returnedMoney(order, charge);
  if (money.currency === order.currency) return Math.min(order.total, returnedSum(money));
  return returnedSum(money) >= money.captured ? order.total : 0;
}

interface SoldUnits extends Pick<ProductSales, 'productId' | 'title' | 'currency' | 'units'> {
  unitPrice: number;
}

function addUnits(products: Map<string, ProductSales>, { productId, title, currency, units, unitPrice }: SoldUnits) {
  if (units <= 0) return;
  addSales(products, { productId, title, currency, units, amount: units * unitPrice });
}

export function addSales(products: Map<string, ProductSales>, sold: ProductSales): void {
  const key = `${sold.currency}:${sold.productId}`;
  const sales = products.get(key) ?? { ...sold, units: 0, amount: 0 };
  const { units, amount } = sales;
  products.set(key, { ...sales, title: sold.title, units: units + sold.units, amount: amount + sold.amount });
}

/** Those with most units first. */
export function bestOf(products: readonly ProductSales[], count: number): ProductSales[] {
  const rank = (a: ProductSales, b: ProductSales) => b.units - a.units || b.amount - a.amount;
  return [...products].sort(rank).slice(0, count);
}
