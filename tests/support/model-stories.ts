/**
 * Random stories of a shop over HTTP, with faults in webhooks, workers and providers. After each, all invariants hold
 * and each acknowledgement is true.
 */
import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { Order } from '../../models/order/order-document.ts';
import { isFailureOwed } from '../../models/order/payment-status.ts';
import { assertInvariants } from './invariants.ts';
import { checkout, happenings, pay } from './model-commands.ts';
import { lostOf } from './model-returns.ts';
import { expectParcelsKept, unitsSent } from './model-shipments.ts';
import { comeToRest, type ModelServer, type ModelShop, VARIANTS } from './model-shop.ts';
import type { Model } from './model-step.ts';
import { orderOf, stockOf } from './shopping.ts';

/** Many short stories find more than a few long ones, because failures take few steps. */
const STEPS = 6;

const given = fc.record({ stock: fc.integer({ min: 1, max: 6 }), reservationMinutes: fc.constantFrom(0, 0, 15) });
/** Other actions need an order and its payment. */
const opening = fc.oneof(fc.tuple(checkout, pay), fc.tuple(checkout, checkout, pay));
const story = fc.commands(happenings, { maxCommands: STEPS, size: 'max' });

const wasSold = ({ history }: Order) => history.some(({ to }) => to.status === 'confirmed');

async function expectPromisesKept(model: Model, shop: ModelShop, firstStock: number): Promise<void> {
  const stock = Array.from({ length: VARIANTS }, (_, n) => firstStock + (model.adjusted[n] ?? 0));
  for (const placed of model.orders) {
    const order = await orderOf(shop, placed);
    expect(order.status).not.toBe('pending');
    if (placed.cancelled) expect(order.status).toBe('cancelled');
    expectParcelsKept(placed, order);
    // The shopper's money: a sold order keeps its total less refunds by staff, another order keeps nothing. Money that
    // a bank returned in a dispute is not refunded again.
    const charges = shop.sandbox
      .ledger()
      .charges.filter(({ metadata }) => JSON.stringify(metadata).includes(placed.orderId));
    const captured = charges.reduce((sum, { amount }) => sum + amount, 0);
    const back = order.refunds
      .filter((refund) => refund.state !== 'failed' || isFailureOwed(order, refund))
      .reduce((sum, { amount }) => sum + amount, 0);
    const keeps = order.status !== 'cancelled' && order.status !== 'refunded';
    const owed = charges
      .filter(({ reference }) => !keeps || reference !== order.paidReference)
      .reduce((sum, charge) => sum + Math.max(0, charge.amount - lostOf(charge)), 0);
    expect(back).toBeGreaterThanOrEqual(owed);
    expect(back).toBeLessThanOrEqual(captured);
    // Units that refunds restocked are back; of an order that ended, those too that were neither sent nor withdrawn.
    const returns = order.status === 'cancelled' ? placed.restocked : order.status === 'refunded';
    const lines = order.refunds.flatMap((refund) => refund.lines ?? []);
    const restocked = lines.reduce((sum, { restock }) => sum + restock, 0);
    const withdrawn = lines.reduce((sum, { unshipped }) => sum + unshipped, 0);
    const rest = returns ? placed.quantity - withdrawn - unitsSent(order) : 0;
    if (wasSold(order)) stock[placed.item] = (stock[placed.item] ?? 0) - (placed.quantity - restocked - rest);
    const confirmations = shop.mailbox
      .mails()
      .filter(({ key }) => key?.startsWith(`${placed.orderId}:order_confirmed`));
    expect(confirmations.length > 0).toBe(wasSold(order));
  }
  for (const [n, item] of shop.variants.entries())
    expect(await stockOf(shop, item)).toEqual({ stock: stock[n], reserved: 0 });
}

/**
 * Plays `runs` stories. Rejects with the seed, the path and the shortest failing story; fc.assert repeats it from them.
 */
export async function playStories(server: ModelServer, runs: number): Promise<void> {
  const lives = fc.asyncProperty(given, opening, story, async (options, first, commands) => {
    const shop = await server.begin(options);
    const model: Model = { orders: [], adjusted: [], elapsedMs: 0 };
    await fc.asyncModelRun(async () => ({ model, real: shop }), [...first, ...commands]);
    await comeToRest(shop);
    await expectPromisesKept(model, shop, options.stock);
    await assertInvariants(shop, { now: shop.clock.now(), domain: 'test', copies: 'allowed', graceMs: 0 });
  });
  await fc.assert(lives, { numRuns: runs });
}
