/**
 * Uses the package in Node against a running shop. It calls every procedure, then follows an order from the checkout to its
 * shipment, over a restart of the server. It prints lines of JSON for its parent process, which acts on `request`.
 */
import { createOrdersClient, formatMoney, isOrdersError, newCheckoutKey, type Order } from '@orders-module/client';
import { ADDRESS, changePassword, endOtherSessions, useAccount, useAuth, useCart, useOrders } from './shopper.js';
import { useCatalogue, usePeople, useStaff, useStaffStream } from './staff.js';

// The types of Node are not installed here.
declare const process: { env: Record<string, string | undefined> };

const { SHOP_URL: url = '', STAFF_TOKEN = '' } = process.env;
let token: string | null = null;
const shop = createOrdersClient({ url, token: () => token });
const staff = createOrdersClient({ url, token: STAFF_TOKEN });

function print(line: Record<string, unknown>): void {
  console.log(JSON.stringify(line));
}

async function expectUnauthenticated(): Promise<void> {
  const error = await shop.auth.me.query().catch((reason: unknown) => reason);
  if (!isOrdersError(error, 'UNAUTHENTICATED')) throw error;
}

function followUntilShipped({ id, txRef }: Order): Promise<void> {
  return new Promise((resolve, reject) => {
    const onData = ({ status, total, currency }: Order) => {
      print({ status, total: formatMoney({ amount: total, currency }) });
      if (status === 'confirmed') print({ request: 'restart', id });
      if (status === 'shipped') {
        subscription.unsubscribe();
        resolve();
      }
    };
    const subscription = shop.orders.watch.subscribe({ id }, { onData, onError: reject });
    print({ request: 'pay', txRef });
  });
}

await expectUnauthenticated();
({ token } = await useAuth(shop, 'sample@example.com'));
await useAccount(shop, 'sample@example.com');
({ token } = await changePassword(shop));
({ token } = await endOtherSessions(shop));
const product = await useCatalogue(staff, 'kettle');
const [variant] = product.variants;
if (!variant) throw new Error('the product has no variant');
const cancelled = await useStaff(shop, staff, await useOrders(shop, await useCart(shop, variant)));
print({ status: cancelled.status });
const { orderId } = await shop.orders.initializePayment.mutate({
  checkoutKey: newCheckoutKey(),
  shippingAddress: ADDRESS,
});
await followUntilShipped(await shop.orders.get.query({ id: orderId }));
if (!(await useStaffStream(staff))) throw new Error('the first item does not say that all may have changed');
const { signedOut } = await shop.auth.signOut.mutate({});
await expectUnauthenticated();
print({ signedOut, role: (await usePeople(staff, 'sample@example.com')).role });
