/** An order without the browser, for tests that begin where one stands already. */
import { newCheckoutKey } from '../../client-sdk/src/checkout-key.ts';
import type { Goods } from '../support/shop-goods.ts';
import type { SignedIn } from '../support/test-app.ts';

const shippingAddress = {
  name: 'Ada Obi',
  line1: '1 Marina',
  city: 'Lagos',
  state: 'Lagos',
  country: 'NG',
  phone: '+2348000000000',
};

/** One of these goods, ordered and not paid. */
export async function placeOrder({ client }: SignedIn, { variantId }: Goods) {
  await client.cart.addItem.mutate({ variantId, quantity: 1 });
  return client.orders.initializePayment.mutate({ shippingAddress, checkoutKey: newCheckoutKey() });
}
