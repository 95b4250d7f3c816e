/**
 * Places an order from the cart and opens the payment page. The checkoutKey changes only with the cart, the address or the
 * total. A reload, a second press, the back button or another tab therefore finds the same order.
 */
import { type Cart, isOrdersError, newCheckoutKey, type ShippingAddress } from '@orders-module/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '../../../parts/data/client.ts';
import { sharedNotes } from '../../../parts/data/notes.ts';
import { hashOf } from '../parts/hash.ts';
import { cartQuery } from './cart.ts';
import { leaveToPay, useResetOnReturn } from './payment.ts';

const NOTE = 'checkout';

/** The checkoutKey for these contents; a new one if they differ from the last checkout. */
function keyFor(contents: string): string {
  const fingerprint = String(hashOf(contents));
  const [lastFingerprint, key] = (sharedNotes.read(NOTE) ?? '').split(':');
  if (lastFingerprint === fingerprint && key) return key;
  const created = newCheckoutKey();
  sharedNotes.keep(NOTE, `${fingerprint}:${created}`);
  return created;
}

/** The next checkout gets a new key, even for the same items. With `key`: only if that key is the stored one. */
export function forgetCheckout(key?: string): void {
  if (key === undefined || sharedNotes.read(NOTE)?.endsWith(`:${key}`)) sharedNotes.drop(NOTE);
}

export interface CheckoutRequest {
  cart: Cart;
  address: ShippingAddress;
  /** The total shown to the shopper, in subunits. */
  expectedTotal: number;
}

/** Places the order and opens the payment page. `isSuccess` means that the browser is leaving for it. */
export function useCheckout() {
  const queryClient = useQueryClient();
  const checkout = useMutation({
    mutationFn: ({ cart, address, expectedTotal }: CheckoutRequest) => {
      const lines = cart.lines.map(({ variantId, quantity }) => [variantId, quantity]);
      const { currency: expectedCurrency } = cart;
      const checkoutKey = keyFor(JSON.stringify([lines, address, expectedTotal, expectedCurrency]));
      const shown = { expectedTotal, expectedCurrency };
      return client.orders.initializePayment.mutate({ shippingAddress: address, checkoutKey, ...shown });
    },
    onSuccess: leaveToPay,
    onError: (error) => {
      if (isOrdersError(error, 'CHECKOUT_KEY_REUSED')) forgetCheckout();
      // The fetched cart shows what is wrong with stock or prices.
      void queryClient.invalidateQueries({ queryKey: cartQuery.queryKey });
    },
  });
  useResetOnReturn(checkout.reset);
  return checkout;
}
