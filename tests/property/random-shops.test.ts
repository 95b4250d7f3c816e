/**
 * Random carts, stocks and interleavings on the real replica set: shoppers, staff, Paystack's reports, the clock and
 * several drainers at once. Whatever happens, only refusals that have a code come of it, and the books hold at the end:
 * I1, I2, I4, I5, I6, I9 and whatever else the audit reads from the documents.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Types } from 'mongoose';
import { runAudit } from '../../models/audit/audit.ts';
import { addToCart, setCartQuantity } from '../../models/cart/change-cart.ts';
import { adjustStock, editVariant } from '../../models/catalogue/edit-catalogue.ts';
import type { Variant } from '../../models/catalogue/variant.ts';
import { claimPaymentAttempt } from '../../models/checkout/payment-attempt.ts';
import { placeOrder } from '../../models/checkout/place-order.ts';
import type { Database } from '../../models/db/database.ts';
import { isAppError } from '../../models/errors.ts';
import { cancelOrder } from '../../models/fulfilment/cancel-order.ts';
import { deliverOrder } from '../../models/fulfilment/deliver-order.ts';
import { expireOrder } from '../../models/fulfilment/expire-order.ts';
import { shipOrder } from '../../models/fulfilment/ship-order.ts';
import type { Order } from '../../models/order/order-document.ts';
import { recordCharge } from '../../models/payment/record-charge.ts';
import { ADDRESS, makeCatalogue, openOwnDatabase, reportOf, settleAll } from '../support/orders.ts';

let db: Database;
beforeAll(async () => {
  db = await openOwnDatabase();
});
afterAll(() => db.connection.close());

const SHOPPERS = 3;
const VARIANTS = 3;
const which = (count: number) => fc.nat({ max: count - 1 });
const variant = which(VARIANTS);
const quantity = fc.integer({ min: 1, max: 3 });
/** Which of the orders that there are by then. */
const ofOrders = fc.nat({ max: 20 });

/** What somebody does, by name and with a few numbers; the numbers choose among what there is at that moment. */
const action = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('add' as const), variant, quantity }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('setQuantity' as const), variant, quantity }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('checkout' as const), key: which(5), variant, quantity }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pay' as const), order: ofOrders }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), order: ofOrders }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('payWrongly' as const), order: ofOrders }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('nextAttempt' as const), order: ofOrders }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), order: ofOrders, staff: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), order: ofOrders }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ship' as const), order: ofOrders }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('adjust' as const), variant, delta: fc.constantFrom(-2, -1, 1, 3) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('reprice' as const),
      variant,
      price: fc.integer({ min: 5_000, max: 900_000 }),
    }),
  },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

const shop = fc.record({
  stock: fc.integer({ min: 2, max: 9 }),
  reservationMinutes: fc.constantFrom(0, 0, 15),
  /** Each lane is somebody who does one thing after the other; lanes run at once. */
  lanes: fc.array(fc.array(action, { minLength: 6, maxLength: 16, size: 'max' }), {
    minLength: SHOPPERS,
    maxLength: SHOPPERS,
  }),
});

interface Shop {
  variants: Variant[];
  shoppers: Types.ObjectId[];
  reservationMinutes: number;
}

/** Refusals are answers like any other; everything else is a bug. */
async function act(one: Action, lane: number, { variants, shoppers, reservationMinutes }: Shop): Promise<void> {
  const userId = shoppers[lane] ?? new Types.ObjectId();
  const now = new Date();
  const chosen = variants['variant' in one ? one.variant : 0];
  const order = 'order' in one ? await findOrder(shoppers, one.order) : null;
  if (!chosen || ('order' in one && !order)) return;
  try {
    await (order === null ? shopping(one, chosen, { userId, reservationMinutes, now }) : handling(one, order, now));
  } catch (error) {
    if (!isAppError(error) || error.code === 'INTERNAL') throw error;
  }
}

async function findOrder(shoppers: Types.ObjectId[], index: number): Promise<Order | null> {
  const orders = await db.orders
    .find({ userId: { $in: shoppers } })
    .sort({ _id: 1 })
    .lean<Order[]>();
  return orders[index % Math.max(orders.length, 1)] ?? null;
}

async function shopping(
  one: Action,
  { _id: variantId, price, currency }: Variant,
  { userId, reservationMinutes, now }: { userId: Types.ObjectId; reservationMinutes: number; now: Date },
): Promise<void> {
  switch (one.do) {
    case 'add':
      await addToCart(db, userId, { variantId, price, currency }, one.quantity);
      return;
    case 'setQuantity':
      return setCartQuantity(db, userId, variantId, one.quantity);
    case 'adjust':
      await adjustStock(db, variantId, one.delta, 'counted', { actor: 'staff', now });
      return;
    case 'reprice':
      await editVariant(db, variantId, { price: one.price }, { actor: 'system', now });
      return;
    case 'checkout': {
      await addToCart(db, userId, { variantId, price, currency }, one.quantity);
      const code = new Types.ObjectId().toHexString().toUpperCase();
      const contact = { email: 'ada@example.com', name: 'Ada Obi' };
      const checkoutKey = `checkout-of-${userId}-${one.key}`;
      const request = {
        userId,
        contact,
        shippingAddress: ADDRESS,
        checkoutKey,
        shippingFee: 1_000,
        reservationMinutes,
        code,
        now,
      };
      await placeOrder(db, request);
      return;
    }
    default:
      await settleAll(db);
  }
}

async function handling(one: Action, order: Order, now: Date): Promise<void> {
  const refundId = new Types.ObjectId().toHexString();
  const hear = (overrides: Parameters<typeof reportOf>[1]) =>
    recordCharge(db, {
      report: reportOf(order, { gatewayId: gatewayIdOf(order), ...overrides }, now),
      source: 'verify',
      domain: 'test',
      refundId,
      now,
    });
  switch (one.do) {
    case 'pay':
      await hear({});
      return;
    case 'fail':
      await hear({ status: 'failed' });
      return;
    case 'payWrongly':
      await hear({ amount: order.total - 1, requestedAmount: order.total - 1 });
      return;
    case 'nextAttempt':
      // After a failure the next reference is made, and the next payment goes to it.
      await claimPaymentAttempt(db, order._id, now);
      return;
    case 'cancel': {
      const reason = one.staff ? 'by_staff' : 'by_customer';
      await cancelOrder(db, order._id, { reason, actor: one.staff ? 'staff' : 'customer', refundId, now });
      return;
    }
    case 'expire':
      await expireOrder(db, order._id, 'closed', new Date(order.expiresAt.getTime() + 1));
      return;
    case 'ship':
      await shipOrder(db, order._id, { carrier: 'GIG', trackingNumber: 'T1', actor: 'staff', now });
      await deliverOrder(db, order._id, { actor: 'staff', now });
      return;
    default:
  }
}

/** Paystack's id of the current reference's transaction: the same however often it is told. */
const gatewayIdOf = ({ txRef }: Order) => String(Number.parseInt(Buffer.from(txRef).toString('hex').slice(-10), 16));

/** An interrupted run counts for nothing; a busy machine still completes more than these in the time given. */
const LEAST_RUNS = 5;
const BUDGET_MS = 8_000;

test('random shops, everybody at once: the books hold, nothing waits, nothing is oversold', async () => {
  let completed = 0;
  await fc.assert(
    fc.asyncProperty(shop, async ({ stock, reservationMinutes, lanes }) => {
      const variants = await makeCatalogue(db, { variants: VARIANTS, stock });
      const shoppers = lanes.map(() => new Types.ObjectId());
      const at = { variants, shoppers, reservationMinutes };
      await Promise.all(
        lanes.map(async (actions, lane) => {
          for (const one of actions) await act(one, lane, at);
        }),
      );
      expect((await settleAll(db)).ended).toBe('drained');

      expect(await db.orders.countDocuments({ status: 'pending', paymentStatus: 'paid' })).toBe(0);
      const left = await db.variants.find({ _id: { $in: variants.map(({ _id }) => _id) } }).lean<Variant[]>();
      for (const one of left) expect([one.stock >= 0, one.reserved >= 0]).toEqual([true, true]);
      const { checks } = await runAudit(db, { now: new Date(), domain: 'test' });
      expect(
        checks.flatMap(({ id, violations }) => violations.map((violation) => ({ check: id, ...violation }))),
      ).toEqual([]);
      completed += 1;
    }),
    { numRuns: 60, interruptAfterTimeLimit: BUDGET_MS, endOnFailure: false },
  );
  expect(completed).toBeGreaterThanOrEqual(LEAST_RUNS);
}, 60_000);
