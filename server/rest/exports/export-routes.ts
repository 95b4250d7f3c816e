/** Orders and products as CSV. Amounts are in major units with their currency beside them, instants in ISO 8601. */
import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { eachVariant } from '../../../models/catalogue/desk/each-variant.ts';
import { ORDER_LISTS } from '../../../models/contract/desk/order-lists.ts';
import { optional } from '../../../models/contract/fields.ts';
import { toDecimal } from '../../../models/contract/money.ts';
import type { Permission } from '../../../models/contract/permissions.ts';
import { invalidInput } from '../../../models/errors.ts';
import { isOfOtherDomain } from '../../../models/fulfilment/create-shipment.ts';
import { contactOf } from '../../../models/order/contact.ts';
import { findPayingCharge } from '../../../models/order/payment-status.ts';
import { type ExportedOrder, eachOrder } from '../../../models/order/queries/each-order.ts';
import { returnedMoney, returnedSum } from '../../../models/payment/returned-money.ts';
import { endOfDay, startOfDay } from '../../../models/shop-time.ts';
import type { AppContext } from '../../context/app-context.ts';
import type { ContextOf } from '../../trpc/request-context.ts';
import { assertStaffCall } from '../../trpc/trpc.ts';
import { sendCsv } from '../csv.ts';

const ORDER_COLUMNS = [
  ...['order', 'placed_at', 'status', 'payment', 'customer', 'email', 'units', 'delivery', 'tags', 'test'],
  ...['currency', 'subtotal', 'delivery_fee', 'total', 'reference', 'channel', 'paid_at'],
  ...['charge_currency', 'charged', 'fees', 'returned'],
];
const PRODUCT_COLUMNS = [
  ...['product', 'title', 'category', 'description', 'sku', 'variant', 'price', 'currency', 'stock', 'reserved'],
  'otherPrices',
];

/** Days of the shop, both included. */
const query = z.strictObject({
  list: optional(z.enum(ORDER_LISTS)),
  from: optional(z.iso.date()),
  to: optional(z.iso.date()),
});

export function exportRoutes(ctx: AppContext, contextOf: ContextOf): Router {
  const router = Router({ caseSensitive: true });
  const only =
    (permission: Permission): RequestHandler =>
    async (req, _res, next) => {
      await assertStaffCall(contextOf(req), permission);
      next();
    };
  router.get('/admin/orders/list.csv', only('exportOrders'), async (req, res) => {
    const { data } = query.safeParse(req.query);
    if (data === undefined) throw invalidInput('query', 'takes a list, and the days from and to like 2025-05-01');
    const { list, from, to } = data;
    const { shopTimeZone: zone, paystackDomain } = ctx.config;
    const orders = eachOrder(ctx.db, {
      list,
      from: from === undefined ? undefined : startOfDay(from, zone),
      to: to === undefined ? undefined : endOfDay(to, zone),
    });
    async function* rows() {
      for await (const order of orders) yield toOrderCells(order, paystackDomain);
    }
    await sendCsv(res, 'orders.csv', ORDER_COLUMNS, rows());
  });
  router.get('/admin/products/list.csv', only('editCatalogue'), async (_req, res) => {
    async function* rows() {
      for await (const { product, variant } of eachVariant(ctx.db)) {
        const { sku, title, price, currency, otherPrices = [], stock, reserved } = variant;
        // As an import reads them.
        const others = otherPrices.map((other) => `${other.currency} ${toDecimal(other.price, other.currency)}`);
        const numbers = [toDecimal(price, currency), currency, String(stock), String(reserved), others.join(', ')];
        yield [product.slug, product.title, product.category, product.description, sku, title, ...numbers];
      }
    }
    await sendCsv(res, 'products.csv', PRODUCT_COLUMNS, rows());
  });
  return router;
}

function toOrderCells(order: ExportedOrder, domain: 'test' | 'live'): string[] {
  const { currency } = order;
  const { name, email } = contactOf(order);
  const units = order.items.reduce((sum, { quantity }) => sum + quantity, 0);
  const amounts = [order.subtotal, order.shippingFee, order.total].map((amount) => toDecimal(amount, currency));
  return [
    ...[order.code, order.createdAt.toISOString(), order.status, order.paymentStatus, name, email, String(units)],
    ...[order.delivery.label, (order.tags ?? []).join(' '), isOfOtherDomain(order, domain) ? 'yes' : 'no'],
    ...[currency, ...amounts, ...toChargeCells(order)],
  ];
}

/** Empty for an order that no charge pays. */
function toChargeCells(order: ExportedOrder): string[] {
  const charge = findPayingCharge(order);
  if (charge === null) return Array<string>(7).fill('');
  const { reference, channel, paidAt, fees } = charge;
  const money = returnedMoney(order, charge);
  const inWords = (amount: number) => toDecimal(amount, money.currency);
  return [
    ...[reference, channel ?? '', paidAt?.toISOString() ?? '', money.currency, inWords(money.captured)],
    ...[fees === undefined ? '' : inWords(fees), inWords(returnedSum(money))],
  ];
}
