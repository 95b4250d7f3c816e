/**
 * The cart: its query and its mutations. Changes are shown optimistically and then replaced by the server's response. They
 * run one after the other, so that the last press is also stored last.
 */
import type { Cart, CartItemInput } from '@orders-module/client';
import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { useSession } from './session.ts';

export const cartQuery = queryOptions({
  queryKey: ['cart'],
  queryFn: ({ signal }) => client.cart.get.query(undefined, { signal }),
});

/** The signed-in shopper's cart. Disabled without a session. */
export function useCart() {
  return useQuery({ ...cartQuery, enabled: useSession() !== null });
}

/** Mutations of one scope run one after the other. */
const scope = { id: 'cart' };
const mutationKey = ['cart'];

/** Stores the response, unless a later change is pending: that change is already shown, and its response follows. */
function storeResponse(queryClient: QueryClient, cart: Cart): void {
  if (queryClient.isMutating({ mutationKey }) <= 1) queryClient.setQueryData(cartQuery.queryKey, cart);
}

/** After a failure it is unknown whether the change was executed, so the cart is fetched again. */
function refetchCart(queryClient: QueryClient): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: cartQuery.queryKey });
}

export function useAddToCart() {
  const queryClient = useQueryClient();
  return useMutation({
    scope,
    mutationKey,
    mutationFn: (item: { variantId: string; quantity: number }) => client.cart.addItem.mutate(item),
    onSuccess: (cart) => storeResponse(queryClient, cart),
    onError: () => refetchCart(queryClient),
  });
}

/** At least these units of each line; pressing twice changes nothing. Its data are the lines that were not put in. */
export function useEnsureInCart() {
  const queryClient = useQueryClient();
  return useMutation({
    scope,
    mutationKey,
    mutationFn: (lines: CartItemInput[]) => client.cart.ensure.mutate({ lines }),
    onSuccess: ({ cart }) => storeResponse(queryClient, cart),
    onError: () => refetchCart(queryClient),
  });
}

/** Sets a line's quantity; 0 takes the line out. */
export function useSetQuantity() {
  const queryClient = useQueryClient();
  return useMutation({
    scope,
    mutationKey,
    mutationFn: ({ variantId, quantity }: { variantId: string; quantity: number }) =>
      quantity === 0
        ? client.cart.removeItem.mutate({ variantId })
        : client.cart.setQuantity.mutate({ variantId, quantity }),
    onMutate: async ({ variantId, quantity }) => {
      await queryClient.cancelQueries({ queryKey: cartQuery.queryKey });
      const before = queryClient.getQueryData(cartQuery.queryKey);
      if (before) queryClient.setQueryData(cartQuery.queryKey, withQuantity(before, variantId, quantity));
    },
    onSuccess: (cart) => storeResponse(queryClient, cart),
    onError: () => refetchCart(queryClient),
  });
}

/** The optimistic cart, shown until the server responds. */
function withQuantity(cart: Cart, variantId: string, quantity: number): Cart {
  const lines = cart.lines
    .map((line) =>
      line.variantId === variantId
        ? { ...line, quantity, lineTotal: line.unitPrice * quantity, shortage: false }
        : line,
    )
    .filter((line) => line.quantity > 0);
  const subtotal = lines.reduce((total, { lineTotal }) => total + lineTotal, 0);
  const shippingFee = lines.length === 0 ? 0 : cart.shippingFee;
  return {
    ...cart,
    lines,
    itemCount: lines.reduce((count, line) => count + line.quantity, 0),
    subtotal,
    shippingFee,
    total: subtotal + (shippingFee ?? 0),
    problems: cart.problems.filter((problem) => problem.variantId !== variantId),
  };
}
