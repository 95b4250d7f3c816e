/**
 * The bare Express routes in `npm run bench` send the same commands as our procedures, in the same order and with the
 * same fields. Otherwise the comparison would not be fair.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Document, MongoClient, ObjectId } from 'mongodb';
import { SEARCHED_FIELDS } from '../../models/search/write-search.ts';
import { bareAddItem } from '../bench/http/bare-cart.ts';
import { bareCatalogue, bareInitialize, bareOrder, bareWebhook } from '../bench/http/bare-commands.ts';
import { signCharge } from '../bench/http/signed-charge.ts';
import { ADDRESS, newCheckoutKey } from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { PAYSTACK_KEY, type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';
import { testMongoUri } from '../support/test-mongo.ts';

let shop: TestApp;
let bare: MongoClient;

beforeAll(async () => {
  const uri = new URL(testMongoUri());
  uri.searchParams.set('monitorCommands', 'true');
  shop = await startTestApp({ env: { MONGODB_URI: uri.href } });
  bare = await MongoClient.connect(uri.href);
});

afterAll(async () => {
  await bare.close();
  await shop.stop();
});

const bareDb = () => bare.db(shop.db.connection.name);
const idOf = ({ id }: SignedIn) => new ObjectId(id);

test('a page of the catalogue', async () => {
  await stockVariant(shop.db, { stock: 10 });
  const ours = await sentByOurs(() => shop.client().catalog.products.query({ limit: 20 }));
  expect(await sentByBare(() => bareCatalogue(bareDb()))).toEqual(ours);
});

test('cart.addItem', async () => {
  const shopper = await shop.signUp();
  const { variantId } = await stockVariant(shop.db, { stock: 10 });
  const ours = await sentByOurs(() => shopper.client.cart.addItem.mutate({ variantId, quantity: 1 }));
  const other = await shop.signUp();
  const addBare = () => sentByBare(() => bareAddItem(bareDb(), idOf(other), new ObjectId(variantId)));
  expect(await addBare()).toEqual(ours);
  const again = await stockVariant(shop.db, { stock: 10 });
  const item = { variantId: again.variantId, quantity: 1 };
  const oursLater = await sentByOurs(() => shopper.client.cart.addItem.mutate(item));
  expect((await addBare()).sort()).toEqual(oursLater.sort());
});

test('orders.initializePayment, orders.get and the webhook', async () => {
  const shopper = await shop.signUp();
  const { variantId } = await stockVariant(shop.db, { stock: 10 });
  await shopper.client.cart.addItem.mutate({ variantId, quantity: 1 });
  const checkout = { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() };
  const means = { client: bare, db: bareDb(), paystackUrl: shop.sandbox.url, key: PAYSTACK_KEY };
  const places: { orderId: string; txRef: string; amount: number }[] = [];
  const oursPlaced = await sentByOurs(async () =>
    places.push(await shopper.client.orders.initializePayment.mutate(checkout)),
  );
  const barePlaced = await sentByBare(async () => {
    const placed = await bareInitialize(means, idOf(shopper), { code: 'BARE1', checkoutKey: newCheckoutKey() });
    places.push({ ...placed, orderId: String(placed.orderId) });
  });
  expect(barePlaced).toEqual(oursPlaced);
  const [ours, bares] = places;
  if (!ours || !bares) throw new Error('Both have placed an order.');

  const oursGot = await sentByOurs(() => shopper.client.orders.get.query({ id: ours.orderId }));
  expect(await sentByBare(() => bareOrder(bareDb(), idOf(shopper), new ObjectId(ours.orderId)))).toEqual(oursGot);

  const { body, signature } = signCharge(PAYSTACK_KEY, { reference: ours.txRef, amount: ours.amount });
  const headers = { 'content-type': 'application/json', 'x-paystack-signature': signature };
  const oursHeard = await sentByOurs(() => fetch(`${shop.url}/webhooks/paystack`, { method: 'POST', headers, body }));
  const heard = signCharge(PAYSTACK_KEY, { reference: bares.txRef, amount: bares.amount });
  expect(await sentByBare(() => bareWebhook(bareDb(), Buffer.from(heard.body)))).toEqual(oursHeard);
  expect((await shop.db.orders.findById(ours.orderId).lean())?.paymentStatus).toBe('paid');
});

const sentByOurs = (act: () => Promise<unknown>) => sentBy(shop.db.connection.getClient(), act);
const sentByBare = (act: () => Promise<unknown>) => sentBy(bare, act);

/** Commands of connections and sessions belong to no request. */
const WORK = ['find', 'aggregate', 'findAndModify', 'insert', 'update', 'delete', 'commitTransaction'];

interface Monitored {
  on(event: 'commandStarted', listener: (event: { command: Document }) => void): unknown;
  off(event: 'commandStarted', listener: (event: { command: Document }) => void): unknown;
}

async function sentBy(client: Monitored, act: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const note = ({ command }: { command: Document }) => {
    const [name = ''] = Object.keys(command);
    if (WORK.includes(name) && !isSearchIndexing(name, command)) sent.push(describeCommand(name, command));
  };
  client.on('commandStarted', note);
  try {
    await act();
  } finally {
    client.off('commandStarted', note);
  }
  expect(sent).not.toEqual([]);
  return sent;
}

/**
 * The search row of an order follows in the background, at no fixed place among a request's commands. The rivals have no
 * search, so this work counts against us.
 */
function isSearchIndexing(name: string, command: Document): boolean {
  const fields = Object.keys(command.projection ?? {}).sort();
  return command[name] === 'ordersearch' || fields.join() === Object.keys(SEARCHED_FIELDS).sort().join();
}

/** The command's name, its collection, and its projected fields or pipeline stages. */
function describeCommand(name: string, command: Document): string {
  const fields = Object.keys(command.projection ?? {}).sort();
  const stages = (command.pipeline ?? []).flatMap((step: Document) => Object.keys(step));
  return [name, command[name], ...fields, ...stages].join(' ');
}
