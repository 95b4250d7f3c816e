/**
 * Checking out: the cart becomes an order, and the browser leaves to pay it. The checkout's key is kept for as long as
 * cart, address and total are the same, so that a reload, a second press, a way back or another tab finds the same order.
 */
import { type Cart, isOrdersError, newCheckoutKey, type ShippingAddress } from '@orders-module/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { hashOf } from '../parts/hash.ts';
import { cartQuery } from './cart.ts';
import { client } from './client.ts';
import { sharedNotes } from './notes.ts';
import { leaveToPay, useResetOnReturn } from './payment.ts';

const NOTE = 'checkout';

/** The key of this very checkout: another one as soon as anything in it differs. */
function keyFor(contents: string): string {
  const fingerprint = String(hashOf(contents));
  const [known, key] = (sharedNotes.read(NOTE) ?? '').split(':');
  if (known === fingerprint && key) return key;
  const made = newCheckoutKey();
  sharedNotes.keep(NOTE, `${fingerprint}:${made}`);
  return made;
}

/** The next checkout is a new one, also of the same goods. Of a given key: only where that is the one kept. */
export function forgetCheckout(key?: string): void {
  if (key === undefined || sharedNotes.read(NOTE)?.endsWith(`:${key}`)) sharedNotes.drop(NOTE);
}

export interface CheckoutRequest {
  cart: Cart;
  address: ShippingAddress;
  /** What the shopper was shown and agreed to, subunits. */
  expectedTotal: number;
}

/** Places the order and leaves for the payment page; `isSuccess` means: on the way there. */
export function useCheckout() {
  const queryClient = useQueryClient();
  const checkout = useMutation({
    mutationFn: ({ cart, address, expectedTotal }: CheckoutRequest) => {
      const lines = cart.lines.map(({ variantId, quantity }) => [variantId, quantity]);
      const checkoutKey = keyFor(JSON.stringify([lines, address, expectedTotal]));
      return client.orders.initializePayment.mutate({ shippingAddress: address, checkoutKey, expectedTotal });
    },
    onSuccess: leaveToPay,
    onError: (error) => {
      if (isOrdersError(error, 'CHECKOUT_KEY_REUSED')) forgetCheckout();
      // Whatever was wrong with stock or prices, the cart now shows it.
      void queryClient.invalidateQueries({ queryKey: cartQuery.queryKey });
    },
  });
  useResetOnReturn(checkout.reset);
  return checkout;
}
