/**
 * Random carts, stock and interleavings on the real replica set: shoppers, staff, charges, the clock and concurrent
 * settlements. Every error must have a code, and the consistency checks must pass at the end (I1, I2, I4, I5, I6, I9).
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Types } from 'mongoose';
import { runAudit } from '../../models/audit/audit.ts';
import { addToCart, setCartQuantity } from '../../models/cart/change-cart.ts';
import { editVariant } from '../../models/catalogue/edit-catalogue.ts';
import type { Variant } from '../../models/catalogue/variant.ts';
import { claimPaymentAttempt } from '../../models/checkout/payment-attempt.ts';
import { placeOrder } from '../../models/checkout/place-order.ts';
import type { Database } from '../../models/db/database.ts';
import { isAppError } from '../../models/errors.ts';
import { cancelOrder } from '../../models/fulfilment/cancel-order.ts';
import { createShipment } from '../../models/fulfilment/create-shipment.ts';
import { deliverShipment } from '../../models/fulfilment/deliver-shipment.ts';
import { expireOrder } from '../../models/fulfilment/expire-order.ts';
import type { Order } from '../../models/order/order-document.ts';
import { recordCharge } from '../../models/payment/record-charge.ts';
import {
  aShipmentRequest,
  changeStock,
  claimantAt,
  makeCatalogue,
  openOwnDatabase,
  reportOf,
  STORED_ADDRESS,
  settleAll,
} from '../support/orders.ts';

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
/** Chooses among the orders that exist at that moment. */
const ofOrders = fc.nat({ max: 20 });

/** An action with random numbers, which choose among the existing variants and orders. */
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
  /** One list of actions per person. The lists run concurrently, the actions of a list in order. */
  people: fc.array(fc.array(action, { minLength: 6, maxLength: 16, size: 'max' }), {
    minLength: SHOPPERS,
    maxLength: SHOPPERS,
  }),
});

interface Shop {
  variants: Variant[];
  shoppers: Types.ObjectId[];
  reservationMinutes: number;
}

/** Refusals with a code are expected; every other error is a bug. */
async function act(one: Action, person: number, { variants, shoppers, reservationMinutes }: Shop): Promise<void> {
  const userId = shoppers[person] ?? new Types.ObjectId();
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
      await setCartQuantity(db, userId, variantId, one.quantity);
      return;
    case 'adjust':
      await changeStock(db, variantId, one.delta, { actor: 'staff:1', now });
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
        shippingAddress: STORED_ADDRESS,
        checkoutKey,
        sent: {},
        shippingFees: [{ amount: 1_000, currency: 'NGN' as const }],
        reservationMinutes,
        code,
        now,
        claimant: claimantAt(now),
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
  const record = (overrides: Parameters<typeof reportOf>[1]) =>
    recordCharge(db, {
      report: reportOf(order, { gatewayId: gatewayIdOf(order), ...overrides }, now),
      source: 'verify',
      domain: 'test',
      refundId,
      now,
    });
  switch (one.do) {
    case 'pay':
      await record({});
      return;
    case 'fail':
      await record({ status: 'failed' });
      return;
    case 'payWrongly':
      await record({ amount: order.total - 1, requestedAmount: order.total - 1 });
      return;
    case 'nextAttempt':
      // After a failed charge this creates the next reference, which the next payment uses.
      await claimPaymentAttempt(db, order._id, claimantAt(now));
      return;
    case 'cancel': {
      const reason = one.staff ? 'by_staff' : 'by_customer';
      await cancelOrder(db, order._id, { reason, actor: one.staff ? 'staff:1' : 'customer', refundId, now });
      return;
    }
    case 'expire':
      await expireOrder(db, order._id, 'closed', new Date(order.expiresAt.getTime() + 1));
      return;
    case 'ship':
      await createShipment(db, order._id, aShipmentRequest(now));
      await deliverShipment(db, order._id, { actor: 'staff:1', now });
      return;
    default:
  }
}

/** Paystack's transaction id, the same for every report of one reference. */
const gatewayIdOf = ({ txRef }: Order) => String(Number.parseInt(Buffer.from(txRef).toString('hex').slice(-10), 16));

/** A number, and no time limit, within which a busy machine may complete none. A run takes about half a second on an idle one. */
const RUNS = 12;

test('after random concurrent actions no violation is left, no paid order is pending and no unit is oversold', async () => {
  await fc.assert(
    fc.asyncProperty(shop, async ({ stock, reservationMinutes, people }) => {
      const variants = await makeCatalogue(db, { variants: VARIANTS, stock });
      const shoppers = people.map(() => new Types.ObjectId());
      const at = { variants, shoppers, reservationMinutes };
      await Promise.all(
        people.map(async (actions, person) => {
          for (const one of actions) await act(one, person, at);
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
    }),
    { numRuns: RUNS, endOnFailure: false },
  );
}, 60_000);
