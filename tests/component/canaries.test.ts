/**
 * Canary secrets and personal data go through every known failure. None may appear in a reply, a log line or a metric
 * (I14, ASVS 16.2).
 */

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { newActionKey } from '../../client-sdk/src/index.ts';

import { MailerError } from '../../jobs/ports.ts';

import { getOrder } from '../../models/order/queries/find-order.ts';
import { sign } from '../../server/paystack/signature.ts';
import {
  buy,
  checkOut,
  pay,
  ADDRESS as SAFE_ADDRESS,
  type Shop,
  startTestShop,
  sweep,
  work,
} from '../support/shopping.ts';
import { PAYSTACK_KEY, type SignedIn } from '../support/test-app.ts';

const PERSON = { email: 'canary-person@example.com', name: 'Canary Person' };
const ADDRESS = {
  name: PERSON.name,
  line1: '7 Canary Street',
  city: 'Canaryville',
  country: 'NG',
  phone: '+2340000canary',
};
const PASSWORD = 'canary password 1';
const JWT_SECRET = 'canary-secret-of-thirty-two-bytes-and-more';

let shop: Shop;
let shopper: SignedIn;
let seen = '';
beforeAll(async () => {
  shop = await startTestShop({ env: { JWT_SECRET, SHOP_NAME: 'Shop' } });
});
afterAll(() => shop.stop());

const SECRETS = ['canary', PAYSTACK_KEY, 'SG.test.key', 'mongodb://', '$argon2', JWT_SECRET];

/** The secret with the text around it, short enough to read in a failure. */
function leaksIn(text: string): string[] {
  return SECRETS.flatMap((secret) => {
    const at = text.toLowerCase().indexOf(secret.toLowerCase());
    return at === -1 ? [] : [text.slice(Math.max(0, at - 80), at + 80)];
  });
}

async function keep(reply: Response): Promise<string> {
  const text = `${reply.status} ${JSON.stringify([...reply.headers])} ${await reply.text()}`;
  seen += `\n${text}`;
  return text;
}

const rpc = (path: string, body: unknown, token?: string) =>
  fetch(`${shop.url}/trpc/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }).then(keep);

test('bad sign-ins, tokens, inputs and addresses give nothing back of what they held', async () => {
  // An account with this address exists, which only its owner may see.
  shopper = await shop.signUp(PERSON);
  await rpc('auth.register', { email: PERSON.email, password: PASSWORD, name: PERSON.name });
  await rpc('auth.register', { email: PERSON.email, password: 'short', name: `${PERSON.name}\u0000` });
  await rpc('auth.login', { email: PERSON.email, password: PASSWORD });
  await rpc('auth.login', `{"email":"${PERSON.email}","password":"${PASSWORD}`);
  await rpc('auth.me', {}, `${'canary'.repeat(4)}.canary.canary`);
  await rpc(PERSON.email, {});
  await rpc('orders.initializePayment', { shippingAddress: ADDRESS, checkoutKey: PASSWORD });
  await keep(
    await fetch(`${shop.url}/${PASSWORD}?email=${PERSON.email}`, {
      headers: { cookie: 'canary=1', 'user-agent': 'canary' },
    }),
  );
  await keep(await fetch(`${shop.url}/trpc/auth.me?token=canary`));
  await keep(await fetch(`${shop.url}/orders/verify-payment/canary-ref`));
  await keep(
    await fetch(`${shop.url}/agendash/`, {
      headers: { authorization: `Basic ${btoa(`${PERSON.email}:${PASSWORD}`)}` },
    }),
  );
  await keep(
    await fetch(`${shop.url}/webhooks/paystack`, {
      method: 'POST',
      body: `{"event":"canary","data":"${PERSON.email}"}`,
    }),
  );
  expect(leaksIn(seen)).toEqual([]);
});

test('a database error puts no secret into a reply, a log line or a metric', async () => {
  const { users } = shop.db;
  const { findOne } = users;
  for (const error of [
    new mongoose.mongo.MongoServerError({
      message: `E11000 dup key { email: "${PERSON.email}" }`,
      code: 11_000,
      keyValue: PERSON,
    }),
    new mongoose.mongo.MongoNetworkError(`connection to mongodb://canary:canary@db.example:27017 for ${PERSON.email}`),
    new mongoose.Error.ValidationError(undefined),
    new TypeError(
      `no ${PERSON.email}, ${PAYSTACK_KEY}, SG.test.key or mongodb://canary:canary@db.example:27017/canary`,
    ),
  ]) {
    Object.assign(users, {
      findOne: () => {
        throw error;
      },
    });
    await rpc('auth.login', { email: PERSON.email, password: PASSWORD });
  }
  Object.assign(users, { findOne });
  expect(leaksIn(seen)).toEqual([]);
});

test('an order of a canary person passes through payment, trouble and refund without a trace outside its own pages', async () => {
  const checkout = await checkOut(shop, { shopper });
  await shop.db.orders.updateOne(
    { _id: checkout.orderId },
    { $set: { 'shippingAddressSnapshot.line1': ADDRESS.line1 } },
  );
  // Paystack quotes the payer in each text.
  const quoting = JSON.stringify({
    event: 'charge.success',
    data: { reference: checkout.txRef, customer: PERSON, ip_address: 'canary' },
  });
  const signature = sign(Buffer.from(quoting), PAYSTACK_KEY);
  await keep(
    await fetch(`${shop.url}/webhooks/paystack`, {
      method: 'POST',
      headers: { 'x-paystack-signature': signature },
      body: quoting,
    }),
  );
  await pay(shop, checkout.txRef);
  await work(shop);
  expect((await getOrder(shop.db, new mongoose.Types.ObjectId(checkout.orderId))).status).toBe('confirmed');
  const id = checkout.orderId;
  const { admin } = shop.staff.client;
  await admin.correctContact.mutate({ id, email: 'canary-new@example.com', name: 'Canary Corrected' });
  await admin.correctAddress.mutate({ id, address: { ...SAFE_ADDRESS, line1: ADDRESS.line1, city: ADDRESS.city } });
  await admin.addNote.mutate({ id, key: 'note-0001', text: 'The canary sings' });
  await admin.setTags.mutate({ id, tags: ['canary'] });
  await admin.refund.mutate({ id, key: newActionKey(), note: 'as the customer asked' });
  await work(shop);
  await sweep(shop);
  expect(leaksIn(seen)).toEqual([]);
});

test('a mailer whose errors quote the address and the key leaves neither in log or metric', async () => {
  const { ctx } = shop;
  const { send } = ctx.mailer;
  ctx.mailer.send = async () => {
    const message = 'SendGrid refused canary-second@example.com for the key SG.test.key (HTTP 400).';
    throw new MailerError(message, { permanent: true });
  };
  await buy(shop, { shopper: await shop.signUp({ email: 'canary-second@example.com', name: 'Canary Second' }) });
  ctx.mailer.send = send;
  expect(shop.logged).toContainEqual(
    expect.objectContaining({
      event: 'email_refused',
      err: expect.objectContaining({ message: 'SendGrid refused … for the key … (HTTP 400).' }),
    }),
  );
  const metrics = await (await fetch(`${shop.opsUrl}/metrics`)).text();
  expect(leaksIn(seen + JSON.stringify(shop.logged) + metrics)).toEqual([]);
});
