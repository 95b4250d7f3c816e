/**
 * The package at work in Node, against a shop that runs: every procedure, then an order watched from the checkout to the
 * parcel, over a restart of the server. Speaks with who started it in lines of JSON: `pay` and `restart` are wishes.
 */
import { createOrdersClient, formatMoney, isOrdersError, newCheckoutKey, type Order } from '@orders-module/client';
import { ADDRESS, useAuth, useCart, useCatalogue, useOrders, useStaff } from './every-procedure.js';

// Node's, whose types this project does without.
declare const process: { env: Record<string, string | undefined> };

const { SHOP_URL: url = '', STAFF_TOKEN = '' } = process.env;
let token: string | null = null;
const shop = createOrdersClient({ url, token: () => token });
const staff = createOrdersClient({ url, token: STAFF_TOKEN });

function tell(line: Record<string, unknown>): void {
  console.log(JSON.stringify(line));
}

async function refusedWithoutToken(): Promise<void> {
  const error = await shop.auth.me.query().catch((reason: unknown) => reason);
  if (!isOrdersError(error, 'UNAUTHENTICATED')) throw error;
}

function watchToTheParcel({ id, txRef }: Order): Promise<void> {
  return new Promise((resolve, reject) => {
    const onData = ({ status, total, currency }: Order) => {
      tell({ status, total: formatMoney({ amount: total, currency }) });
      if (status === 'confirmed') tell({ wish: 'restart', id });
      if (status === 'shipped') {
        watch.unsubscribe();
        resolve();
      }
    };
    const watch = shop.orders.watch.subscribe({ id }, { onData, onError: reject });
    tell({ wish: 'pay', txRef });
  });
}

await refusedWithoutToken();
({ token } = await useAuth(shop, 'sample@example.com'));
const product = await useCatalogue(staff, 'kettle');
const [variant] = product.variants;
if (!variant) throw new Error('the product has no variant');
const cancelled = await useStaff(shop, staff, await useOrders(shop, await useCart(shop, variant)));
tell({ status: cancelled.status });
const { orderId } = await shop.orders.initializePayment.mutate({
  checkoutKey: newCheckoutKey(),
  shippingAddress: ADDRESS,
});
await watchToTheParcel(await shop.orders.get.query({ id: orderId }));
