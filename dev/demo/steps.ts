/** What happens in more than one story, told the same way each time. */
import { formatMoney, type Money } from '../../models/money.ts';
import type { OrderView } from '../../server/trpc/views/order-view.ts';
import type { CardName } from '../paystack-sandbox/src/index.ts';
import { assert } from './assert.ts';
import { comeBack, payByCard } from './browser.ts';
import type { OrderFollower } from './follow-order.ts';
import type { Scenario } from './scenario.ts';
import type { PaymentPage, Shopper } from './shopper.ts';

export interface Wanted {
  sku: string;
  quantity: number;
}

export const money = ({ amount, currency }: Money) => formatMoney({ amount, currency });

export function shoppingList(wanted: readonly Wanted[]): string {
  return wanted.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(', ');
}

/** The cart is filled and becomes an order with a page to pay it. */
export async function checkOut(stage: Scenario, shopper: Shopper, wanted: readonly Wanted[]) {
  const { reporter } = stage;
  await reporter.step(
    `${shopper.email} fills a cart with ${shoppingList(wanted)}`,
    async () => {
      const wishes = [];
      for (const { sku, quantity } of wanted) wishes.push({ variantId: await stage.variantId(sku), quantity });
      return shopper.fillCart(wishes);
    },
    ({ total, currency }) => `${money({ amount: total, currency })} with shipping`,
  );
  return reporter.step(
    'and goes to pay',
    () => shopper.checkOut(),
    ({ code, txRef, amount, currency }) => `order ${code}, reference ${txRef}, ${money({ amount, currency })}`,
  );
}

/** Pays by card at the page and gives the way back to the shop. */
export function payAtPage(stage: Scenario, page: Pick<PaymentPage, 'authorizationUrl'>, card: CardName = 'success') {
  return stage.reporter.step(`The card (${card}) is entered on the payment page`, () =>
    payByCard(page.authorizationUrl, card),
  );
}

/** The browser follows Paystack's redirect, and the shop leads it to the order's own page. */
export async function returnToShop(stage: Scenario, callbackUrl: string, { orderId }: PaymentPage): Promise<void> {
  const page = await stage.reporter.step(
    'The browser follows the redirect back to the shop',
    () => comeBack(callbackUrl),
    (address) => `on to ${address}`,
  );
  const expected = `${stage.ctx.config.storefrontUrl}/orders/${orderId}`;
  assert(page === expected, `the shop led the browser to ${page} and not to ${expected}`);
}

/** Waits for the confirmation and says how long it took since `since` (performance.now()), which `event` names. */
export async function awaitConfirmation(
  stage: Scenario,
  order: OrderFollower,
  since: number,
  event = 'the press on Pay',
): Promise<OrderView> {
  const confirmed = await order.until(({ status }) => status === 'confirmed', 'the confirmation');
  stage.reporter.timed(performance.now() - since, `orders.watch says: confirmed (counted from ${event})`);
  return confirmed;
}

/** Waits for the cancellation of an order and the end of its refund. */
export async function awaitCancelledAndRefunded(stage: Scenario, order: OrderFollower, reason: string) {
  const cancelled = await stage.reporter.step(
    'orders.watch tells of the cancellation',
    () => order.until(({ status }) => status === 'cancelled', 'the cancellation'),
    ({ cancelReason }) => `cancelled, ${cancelReason}`,
  );
  assert(cancelled.cancelReason === reason, `it was cancelled for ${cancelled.cancelReason} and not for ${reason}`);
  return stage.reporter.step(
    'and then of the refund',
    () => order.until(isRefunded, 'the end of the refund'),
    ({ paymentStatus, refunds }) => `${refunds.map(({ state }) => state).join(', ')}; the payment is ${paymentStatus}`,
  );
}

export const isRefunded = ({ refunds }: OrderView) =>
  refunds.length > 0 && refunds.every(({ state }) => state === 'processed');

export async function showEmail(stage: Scenario, orderId: string, kind: string): Promise<void> {
  const mail = await stage.reporter.step(
    `The email (${kind}) arrives in the mailbox`,
    () => stage.mailAbout(orderId, kind),
    ({ subject }) => `“${subject}”`,
  );
  stage.reporter.quote(`To: ${mail.to}\nSubject: ${mail.subject}\n\n${mail.text}`);
}

export function showOrder(stage: Scenario, order: OrderView): void {
  const { currency } = order;
  const lines = order.items.map(
    ({ quantity, productTitle, variantTitle, lineTotal }) =>
      `${quantity} × ${productTitle}, ${variantTitle}  ${money({ amount: lineTotal, currency })}`,
  );
  stage.reporter.quote(
    [
      `Order ${order.code}: ${order.status}, ${order.paymentStatus}`,
      ...lines,
      `shipping  ${money({ amount: order.shippingFee, currency })}`,
      `total  ${money({ amount: order.total, currency })}`,
    ].join('\n'),
  );
}

/** The free units of what was wanted, as text. */
export async function tellStock(stage: Scenario, when: string, wanted: readonly Wanted[]): Promise<number[]> {
  const counts: number[] = [];
  for (const { sku } of wanted) counts.push(await stage.stockOf(sku));
  stage.reporter.note(`Stock ${when}: ${wanted.map(({ sku }, index) => `${sku} ${counts[index]}`).join(', ')}`);
  return counts;
}

/** Holds that exactly what was bought has left the stock. */
export function assertTaken(before: readonly number[], after: readonly number[], wanted: readonly Wanted[]): void {
  for (const [index, { sku, quantity }] of wanted.entries()) {
    const [had = 0, has = 0] = [before[index], after[index]];
    assert(had - has === quantity, `${had - has} of ${sku} left the stock and not ${quantity}`);
  }
}
