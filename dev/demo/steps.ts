/** Steps that several scenarios share. */
import { formatMoney, type Money } from '../../models/contract/money.ts';
import type { OrderView } from '../../models/contract/orders.ts';
import type { CardName } from '../paystack-sandbox/src/index.ts';
import { assert } from './assert.ts';
import { payByCard, returnFromPayment } from './browser.ts';
import type { DemoShop } from './demo-shop.ts';
import type { OrderFollower } from './follow-order.ts';
import type { PaymentPage, Shopper } from './shopper.ts';

export interface SkuQuantity {
  sku: string;
  quantity: number;
}

export const money = ({ amount, currency }: Money) => formatMoney({ amount, currency });

export function shoppingList(items: readonly SkuQuantity[]): string {
  return items.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(', ');
}

/** Fills the cart and checks it out. */
export async function checkOut(shop: DemoShop, shopper: Shopper, items: readonly SkuQuantity[]) {
  const { reporter } = shop;
  await reporter.step(
    `${shopper.email} fills a cart with ${shoppingList(items)}`,
    async () => {
      const entries = [];
      for (const { sku, quantity } of items) entries.push({ variantId: await shop.variantId(sku), quantity });
      return shopper.fillCart(entries);
    },
    ({ total, currency }) => `${money({ amount: total, currency })} with shipping`,
  );
  return reporter.step(
    'and goes to pay',
    () => shopper.checkOut(),
    ({ code, txRef, amount, currency }) => `order ${code}, reference ${txRef}, ${money({ amount, currency })}`,
  );
}

/** Pays by card. Resolves to the address that the payment page redirects to. */
export function payAtPage(shop: DemoShop, page: Pick<PaymentPage, 'authorizationUrl'>, card: CardName = 'success') {
  return shop.reporter.step(`The card (${card}) is entered on the payment page`, () =>
    payByCard(page.authorizationUrl, card),
  );
}

/** Follows Paystack's redirect and checks that the shop redirects to the order's page. */
export async function returnToShop(shop: DemoShop, callbackUrl: string, { orderId }: PaymentPage): Promise<void> {
  const page = await shop.reporter.step(
    'The browser follows the redirect back to the shop',
    () => returnFromPayment(callbackUrl),
    (address) => `on to ${address}`,
  );
  const expected = `${shop.ctx.config.storefrontUrl}/orders/${orderId}`;
  assert(page === expected, `the shop redirected to ${page} and not to ${expected}`);
}

/** Waits for the confirmation and reports the time since `since` (performance.now()), the moment of `event`. */
export async function awaitConfirmation(
  shop: DemoShop,
  order: OrderFollower,
  since: number,
  event = 'the press on Pay',
): Promise<OrderView> {
  const confirmed = await order.until(({ status }) => status === 'confirmed', 'the confirmation');
  shop.reporter.timed(performance.now() - since, `orders.watch reports: confirmed (counted from ${event})`);
  return confirmed;
}

/** Checks out, pays by card and waits for the confirmation. `callback` is the address that the payment page redirects to. */
export async function buyConfirmed(shop: DemoShop, shopper: Shopper, items: readonly SkuQuantity[]) {
  const page = await checkOut(shop, shopper, items);
  const order = await shopper.follow(page.orderId);
  const paidAt = performance.now();
  const callback = await payAtPage(shop, page);
  const confirmed = await awaitConfirmation(shop, order, paidAt);
  return { page, order, callback, confirmed };
}

export async function awaitCancelledAndRefunded(shop: DemoShop, order: OrderFollower, reason: string) {
  const cancelled = await shop.reporter.step(
    'orders.watch reports the cancellation',
    () => order.until(({ status }) => status === 'cancelled', 'the cancellation'),
    ({ cancelReason }) => `cancelled, ${cancelReason}`,
  );
  assert(cancelled.cancelReason === reason, `it was cancelled for ${cancelled.cancelReason} and not for ${reason}`);
  return shop.reporter.step(
    'and then the refund',
    () => order.until(isRefunded, 'the end of the refund'),
    ({ paymentStatus, refunds }) => `${refunds.map(({ state }) => state).join(', ')}; the payment is ${paymentStatus}`,
  );
}

export const isRefunded = ({ refunds }: OrderView) =>
  refunds.length > 0 && refunds.every(({ state }) => state === 'processed');

export async function showEmail(shop: DemoShop, orderId: string, kind: string): Promise<void> {
  const mail = await shop.reporter.step(
    `The email (${kind}) arrives in the mailbox`,
    () => shop.mailAbout(orderId, kind),
    ({ subject }) => `“${subject}”`,
  );
  shop.reporter.quote(`To: ${mail.to}\nSubject: ${mail.subject}\n\n${mail.text}`);
}

export function showOrder(shop: DemoShop, order: OrderView): void {
  const { currency } = order;
  const lines = order.items.map(
    ({ quantity, productTitle, variantTitle, lineTotal }) =>
      `${quantity} × ${productTitle}, ${variantTitle}  ${money({ amount: lineTotal, currency })}`,
  );
  shop.reporter.quote(
    [
      `Order ${order.code}: ${order.status}, ${order.paymentStatus}`,
      ...lines,
      `shipping  ${money({ amount: order.shippingFee, currency })}`,
      `total  ${money({ amount: order.total, currency })}`,
    ].join('\n'),
  );
}

/** Prints and returns the free units of each item. */
export async function reportStock(shop: DemoShop, when: string, items: readonly SkuQuantity[]): Promise<number[]> {
  const counts: number[] = [];
  for (const { sku } of items) counts.push(await shop.stockOf(sku));
  shop.reporter.note(`Stock ${when}: ${items.map(({ sku }, index) => `${sku} ${counts[index]}`).join(', ')}`);
  return counts;
}

/** Checks that the stock went down by exactly the quantities bought. */
export function assertTaken(before: readonly number[], after: readonly number[], items: readonly SkuQuantity[]): void {
  for (const [index, { sku, quantity }] of items.entries()) {
    const [unitsBefore = 0, unitsAfter = 0] = [before[index], after[index]];
    assert(
      unitsBefore - unitsAfter === quantity,
      `${unitsBefore - unitsAfter} of ${sku} left the stock and not ${quantity}`,
    );
  }
}
