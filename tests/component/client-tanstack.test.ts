/** The client with TanStack Query and @trpc/tanstack-react-query, against a shop and without React. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MutationObserver, QueryClient, QueryObserver } from '@tanstack/react-query';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { type AppRouter, createOrdersClient, isOrdersError, newCheckoutKey } from '../../client-sdk/src/index.ts';
import { ADDRESS, type Shop, startTestShop } from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.stop());

/** The usual set-up. The client already retries idempotent calls, so TanStack Query does not. */
async function app() {
  const { token } = await shop.signUp();
  const client = createOrdersClient({ url: shop.url, token });
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return { queryClient, trpc: createTRPCOptionsProxy<AppRouter>({ client, queryClient }) };
}

test('queries are cached under their keys and fetched again when a mutation invalidates them', async () => {
  const { queryClient, trpc } = await app();
  const { variantId } = await stockVariant(shop.db);
  const observer = new QueryObserver(queryClient, trpc.cart.get.queryOptions());
  const unsubscribe = observer.subscribe(() => undefined);
  const before = await queryClient.fetchQuery(trpc.cart.get.queryOptions());
  const add = new MutationObserver(
    queryClient,
    trpc.cart.addItem.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.cart.get.queryKey() }),
    }),
  );
  await add.mutate({ variantId, quantity: 2 });
  unsubscribe();
  expect(before.itemCount).toBe(0);
  expect(queryClient.getQueryData(trpc.cart.get.queryKey())?.itemCount).toBe(2);
});

test('infinite queries page by nextCursor', async () => {
  const { queryClient, trpc } = await app();
  const category = 'Paged';
  for (let n = 0; n < 3; n += 1) await stockVariant(shop.db, { category });
  const options = trpc.catalog.products.infiniteQueryOptions(
    { category, limit: 2 },
    { getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined },
  );
  const { pages } = await queryClient.fetchInfiniteQuery({ ...options, pages: 2 });
  expect(pages.map(({ items }) => items.length)).toEqual([2, 1]);
});

test('an error keeps its code and details', async () => {
  const { queryClient, trpc } = await app();
  const { variantId } = await stockVariant(shop.db, { stock: 1 });
  await new MutationObserver(queryClient, trpc.cart.addItem.mutationOptions()).mutate({ variantId, quantity: 3 });
  const checkout = new MutationObserver(queryClient, trpc.orders.initializePayment.mutationOptions());
  await checkout.mutate({ checkoutKey: newCheckoutKey(), shippingAddress: ADDRESS }).catch(() => undefined);
  const { error } = checkout.getCurrentResult();
  if (!isOrdersError(error, 'INSUFFICIENT_STOCK')) throw new Error(`expected a shortage, not ${error}`);
  expect(error.data.details.shortages).toEqual([expect.objectContaining({ variantId, requested: 3, available: 1 })]);
});

test('subscriptionOptions subscribe to orders.watch', async () => {
  const { trpc } = await app();
  const options = trpc.orders.watch.subscriptionOptions({ id: '0123456789abcdef01234567' });
  const error = await new Promise((resolve) => {
    options.subscribe({ onData: () => undefined, onError: resolve });
  });
  expect(isOrdersError(error, 'NOT_FOUND')).toBe(true);
});
