/**
 * The cart: its query and its mutations, of the account or, without a session, of this browser. Changes are shown
 * optimistically and then replaced by the server's response. They run one after the other, so that the last press is also
 * stored last.
 */
import type { Cart, CartItemInput, CartLine, Currency, Money } from '@orders-module/client';
import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '../../../parts/data/client.ts';
import { currentSession, useSession } from '../../../parts/data/session.ts';
import {
  addToGuestCart,
  changeGuestLines,
  guestCartQuery,
  readMergedCart,
  setGuestCurrency,
  setGuestQuantity,
  useGuestLines,
} from './guest-cart.ts';
import { markSeen, type ShownPrice } from './guest-lines.ts';

export const cartQuery = queryOptions({
  queryKey: ['cart'],
  queryFn: ({ signal }) => readMergedCart(signal),
});

/** The account's cart; without a session, the one that this browser keeps. */
export function useCart() {
  const isGuest = useSession() === null;
  const account = useQuery({ ...cartQuery, enabled: !isGuest });
  const guest = useQuery({ ...guestCartQuery, enabled: isGuest });
  return isGuest ? guest : account;
}

/** Units in the cart; 0 until it is known. A visitor's units are counted without a call. */
export function useCartCount(): number {
  const isGuest = useSession() === null;
  const lines = useGuestLines();
  const { data } = useQuery({ ...cartQuery, enabled: !isGuest });
  return isGuest ? lines.reduce((sum, { quantity }) => sum + quantity, 0) : (data?.itemCount ?? 0);
}

/** The currency of its lines; null while it is empty, or unknown. A visitor's is known without a call. */
export function useCartCurrency(): Currency | null {
  const isGuest = useSession() === null;
  const lines = useGuestLines();
  const { data } = useQuery({ ...cartQuery, enabled: !isGuest });
  if (isGuest) return lines[0]?.currency ?? null;
  return data === undefined || data.lines.length === 0 ? null : data.currency;
}

/** Mutations of one scope run one after the other. */
const scope = { id: 'cart' };
const mutationKey = ['cart'];

const keyOfShown = () => (currentSession() === null ? guestCartQuery.queryKey : cartQuery.queryKey);

/**
 * Stores the response, unless a later change is pending: that change is already shown, and its response follows. Null: the
 * browser's own lines have changed, and the shop prices them again.
 */
function storeResponse(queryClient: QueryClient, cart: Cart | null): void {
  // Not awaited: the next change need not wait for the prices of this one.
  if (cart === null) void queryClient.invalidateQueries({ queryKey: guestCartQuery.queryKey });
  else if (queryClient.isMutating({ mutationKey }) <= 1) queryClient.setQueryData(cartQuery.queryKey, cart);
}

/** After a failure it is unknown whether the change was executed, so the cart is fetched again. */
function refetchCart(queryClient: QueryClient): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: keyOfShown() });
}

export interface AddedItem {
  variantId: string;
  quantity: number;
  title: string;
  /** As they were shown, the large one first. */
  prices: readonly [Money, ...Money[]];
}

export function useAddToCart() {
  const queryClient = useQueryClient();
  return useMutation({
    scope,
    mutationKey,
    mutationFn: async ({ variantId, quantity, title, prices }: AddedItem) => {
      const [{ currency }] = prices;
      if (currentSession() !== null) return client.cart.addItem.mutate({ variantId, quantity, currency });
      addToGuestCart({ variantId, quantity, title, prices });
      // The priced lines lack the new one.
      queryClient.removeQueries({ queryKey: guestCartQuery.queryKey });
      return null;
    },
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
    mutationFn: (wanted: { lines: CartItemInput[]; currency: Currency }) => client.cart.ensure.mutate(wanted),
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
    mutationFn: async ({ variantId, quantity }: { variantId: string; quantity: number }) => {
      if (currentSession() === null) {
        setGuestQuantity(variantId, quantity);
        return null;
      }
      return quantity === 0
        ? client.cart.removeItem.mutate({ variantId })
        : client.cart.setQuantity.mutate({ variantId, quantity });
    },
    onMutate: async ({ variantId, quantity }) => {
      const queryKey = keyOfShown();
      await queryClient.cancelQueries({ queryKey });
      const before = queryClient.getQueryData<Cart>(queryKey);
      if (before) queryClient.setQueryData(queryKey, withQuantity(before, variantId, quantity));
    },
    onSuccess: (cart) => storeResponse(queryClient, cart),
    onError: () => refetchCart(queryClient),
  });
}

/** The whole cart at its prices in another currency. */
export function useSetCurrency() {
  const queryClient = useQueryClient();
  return useMutation({
    scope,
    mutationKey,
    mutationFn: async (currency: Currency) => {
      if (currentSession() !== null) return client.cart.setCurrency.mutate({ currency });
      await setGuestCurrency(currency);
      // The select shows the new currency until the prices in it are here.
      await queryClient.invalidateQueries({ queryKey: guestCartQuery.queryKey });
      return null;
    },
    onSuccess: (cart) => (cart === null ? undefined : storeResponse(queryClient, cart)),
    onError: () => refetchCart(queryClient),
  });
}

/** Ends the notices of changed prices, once they were shown in the cart. A failure only shows them once more. */
export function useMarkPricesSeen() {
  const queryClient = useQueryClient();
  return useMutation({
    scope,
    mutationKey,
    mutationFn: async ({ currency, prices }: { currency: Currency; prices: ShownPrice[] }) => {
      if (currentSession() !== null) return client.cart.seen.mutate({ currency, prices });
      changeGuestLines((lines) => markSeen(lines, currency, prices));
      return null;
    },
    onSuccess: (cart) => storeResponse(queryClient, cart),
  });
}

/** The shop has said how many units of a short line are left; of another line it says so with its response. */
const countedUnits = ({ shortage, available }: CartLine, quantity: number) =>
  shortage ? Math.min(quantity, available) : quantity;

/** A line that is there and counts nothing has no price in the cart's currency. */
const countedPrice = ({ lineTotal, available, unitPrice }: CartLine) =>
  available > 0 && lineTotal === 0 ? 0 : unitPrice;

/** The optimistic cart, shown until the server responds. */
function withQuantity(cart: Cart, variantId: string, quantity: number): Cart {
  const lines = cart.lines
    .map((line) =>
      line.variantId === variantId
        ? { ...line, quantity, lineTotal: countedPrice(line) * countedUnits(line, quantity), shortage: false }
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
