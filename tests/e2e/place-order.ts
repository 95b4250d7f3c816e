import { newCheckoutKey } from '../../client-sdk/src/checkout-key.ts';
import { eventually } from '../support/eventually.ts';
import type { StockedVariant } from '../support/stocked-variant.ts';
import type { SignedIn, TestApp } from '../support/test-app.ts';

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

/** An order of these variants that is paid and confirmed. */
export async function placeConfirmedOrder(
  { db, sandbox }: TestApp,
  { client }: SignedIn,
  lines: readonly { variant: StockedVariant; quantity?: number }[],
  address: Partial<typeof shippingAddress & { line2: string }> = {},
) {
  for (const { variant, quantity = 1 } of lines)
    await client.cart.addItem.mutate({ variantId: variant.variantId, quantity });
  const order = await client.orders.initializePayment.mutate({
    shippingAddress: { ...shippingAddress, ...address },
    checkoutKey: newCheckoutKey(),
  });
  sandbox.pay(order.txRef);
  await eventually('the order to be confirmed', async () =>
    Boolean(await db.orders.exists({ code: order.code, status: 'confirmed' })),
  );
  return order;
}
