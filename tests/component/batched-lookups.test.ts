/** Concurrent requests share their reads, and each gets its own account, order and cart. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ADDRESS, newCheckoutKey } from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';
import { testMongoUri } from '../support/test-mongo.ts';

const CROWD = 24;
let shop: TestApp;
let shoppers: SignedIn[];
beforeAll(async () => {
  const uri = new URL(testMongoUri());
  uri.searchParams.set('monitorCommands', 'true');
  shop = await startTestApp({ env: { MONGODB_URI: uri.href } });
  shoppers = await Promise.all(Array.from({ length: CROWD }, () => shop.signUp()));
});
afterAll(() => shop.stop());

/** The number of commands of that name that `act` sent to the collection. */
async function countCommands(name: string, collection: string, act: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const note = ({ command }: { command: Record<string, unknown> }) => {
    if (command[name] === collection) count += 1;
  };
  const client = shop.db.connection.getClient();
  client.on('commandStarted', note);
  await act();
  client.off('commandStarted', note);
  return count;
}

test('concurrent carts, checkouts and reads each return the data of their own shopper', async () => {
  const variants = await Promise.all(shoppers.map(() => stockVariant(shop.db, { stock: 10 })));
  const shopFor = async ({ client }: SignedIn, index: number) => {
    const { variantId } = variants[index] ?? { variantId: '' };
    const cart = await client.cart.addItem.mutate({ variantId, quantity: 2 });
    const { orderId } = await client.orders.initializePayment.mutate({
      shippingAddress: ADDRESS,
      checkoutKey: newCheckoutKey(),
    });
    const order = await client.orders.get.query({ id: orderId });
    return [cart.lines.map((line) => line.variantId), order.id, order.items.map((item) => item.variantId), orderId];
  };
  const seen = await Promise.all(shoppers.map(shopFor));
  for (const [index, [cart, id, items, orderId]] of seen.entries()) {
    expect(cart).toEqual([variants[index]?.variantId]);
    expect(items).toEqual(cart);
    expect(id).toBe(orderId);
  }
});

test('concurrent reads never show an order to another customer', async () => {
  const owner = await shop.signUp();
  const { variantId } = await stockVariant(shop.db, { stock: 10 });
  await owner.client.cart.addItem.mutate({ variantId, quantity: 1 });
  const checkout = { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() };
  const { orderId: id } = await owner.client.orders.initializePayment.mutate(checkout);
  const [seen, ...refused] = await Promise.allSettled(
    [owner, ...shoppers].map(({ client }) => client.orders.get.query({ id })),
  );
  expect(seen).toMatchObject({ status: 'fulfilled', value: { id } });
  expect(refused).toHaveLength(CROWD);
  for (const outcome of refused) expect(outcome).toMatchObject({ reason: { data: { code: 'NOT_FOUND' } } });
});

test('a crowd’s accounts are read by fewer commands than there are calls', async () => {
  const readCarts = () => Promise.all(shoppers.map(({ client }) => client.cart.get.query()));
  // A lone caller is read for at once, and only those who come at the same time teach it to wait.
  await readCarts();
  const finds = await countCommands('find', 'users', readCarts);
  expect(finds).toBeGreaterThan(0);
  expect(finds).toBeLessThan(CROWD);
});

test('for a shopper alone, the goods of several lines are read as soon as the cart is', async () => {
  const { client } = await shop.signUp();
  for (let line = 0; line < 3; line += 1) {
    const { variantId } = await stockVariant(shop.db, { stock: 10 });
    await client.cart.addItem.mutate({ variantId, quantity: 1 });
  }
  const gaps: number[] = [];
  let cartReadAt = 0;
  const mongo = shop.db.connection.getClient();
  const onReply = ({ commandName }: { commandName: string }) => {
    if (commandName === 'find') cartReadAt = performance.now();
  };
  const onSent = ({ command }: { command: Record<string, unknown> }) => {
    if (command.aggregate === 'variants') gaps.push(performance.now() - cartReadAt);
  };
  mongo.on('commandSucceeded', onReply).on('commandStarted', onSent);
  for (let read = 0; read < 20; read += 1) await client.cart.get.query();
  mongo.off('commandSucceeded', onReply).off('commandStarted', onSent);
  expect(gaps).toHaveLength(20);
  // A batch that waits for others is sent after 2 ms at the earliest. The best of many, because the machine has other work.
  expect(Math.min(...gaps)).toBeLessThan(1.5);
});
