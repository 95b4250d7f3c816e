import { newCheckoutKey } from '../../client-sdk/src/checkout-key.ts';
import type { StockedVariant } from '../support/stocked-variant.ts';
import type { SignedIn } from '../support/test-app.ts';

const shippingAddress = {
  name: 'Ada Obi',
  line1: '1 Marina',
  city: 'Lagos',
  state: 'Lagos',
  country: 'NG',
  phone: '+2348000000000',
};

/** Places an unpaid order of one variant through the API, for tests that begin with an existing order. */
export async function placeOrder({ client }: SignedIn, { variantId }: StockedVariant, quantity = 1) {
  await client.cart.addItem.mutate({ variantId, quantity });
  return client.orders.initializePayment.mutate({ shippingAddress, checkoutKey: newCheckoutKey() });
}
