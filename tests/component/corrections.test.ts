/**
 * Corrections of contact and address, notes, tags, emails sent once more and links to pay. The history holds no personal
 * data of them.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readBacklog } from '../../models/backlog.ts';
import type { Email } from '../../models/messaging/email-document.ts';
import {
  ADDRESS,
  buy,
  type Checkout,
  checkOut,
  DAY_MS,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  orderOf,
  pay,
  type Shop,
  startTestShop,
  sweep,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.stop());

const admin = () => shop.staff.client.admin;
const codesOf = async (search: Parameters<Shop['staff']['client']['admin']['orders']['query']>[0]) => {
  await shop.ctx.search.idle();
  return (await admin().orders.query(search)).items.map(({ code }) => code);
};
const emailsOf = async ({ orderId }: Checkout) =>
  (await shop.db.emails.find({ orderId }).lean<Email[]>()).map(({ kind, state }) => `${kind} ${state}`);
const receivedBy = (email: string) => shop.mailbox.mails({ to: email }).map(({ key }) => key?.split(':')[1]);
/** Everything that the order's history holds, as text. */
const historyText = async (checkout: Checkout) => JSON.stringify((await orderOf(shop, checkout)).history);

describe('a wrong email', () => {
  test('is corrected in any state, and what could not be sent goes to the new one in the same commit', async () => {
    const checkout = await checkOut(shop);
    const { orderId: id } = checkout;
    const wrong = checkout.shopper.email;
    shop.mailbox.script({ to: wrong, fault: { kind: 'bad-address' } });
    await pay(shop, checkout.txRef);
    await work(shop);
    expect(await emailsOf(checkout)).toEqual(['order_confirmed parked']);
    const failed = (await admin().failedEmails.query({})).items.filter(({ orderId }) => orderId === id);
    expect(failed).toMatchObject([{ kind: 'order_confirmed', email: wrong, code: checkout.code }]);

    const right = `right-${wrong}`;
    const corrected = await admin().correctContact.mutate({ id, email: ` ${right.toUpperCase()} ` });
    expect(corrected).toMatchObject({ email: right, name: 'Ada Obi' });
    expect(corrected.differs).toEqual([{ of: 'contact', field: 'email', atCheckout: wrong, now: right }]);
    expect(await emailsOf(checkout)).toEqual(['order_confirmed queued']);
    await work(shop);
    expect(receivedBy(right)).toEqual(['order_confirmed']);
    expect((await admin().failedEmails.query({})).items.filter(({ orderId }) => orderId === id)).toEqual([]);

    // A repeat, and the same values, change nothing.
    const { version } = await orderOf(shop, checkout);
    await admin().correctContact.mutate({ id, email: right, name: 'Ada Obi' });
    expect((await orderOf(shop, checkout)).version).toBe(version);
    await admin().cancel.mutate({ id });
    await admin().correctContact.mutate({ id, name: 'Ada Obi-Eze', phone: '+234 801 000 0000' });
    await work(shop);
    expect(receivedBy(right)).toContain('order_cancelled');
    const history = await historyText(checkout);
    for (const personal of [wrong, right, 'Ada', '801 000']) expect(history).not.toContain(personal);
    expect(history).toContain('"fields":["name","phone"]');
  });

  test('leaves emails alone that were sent, and those of other orders', async () => {
    const checkout = await buy(shop);
    await admin().correctContact.mutate({ id: checkout.orderId, email: 'new-address@example.com' });
    expect(await emailsOf(checkout)).toEqual(['order_confirmed sent']);
    await work(shop);
    expect(receivedBy('new-address@example.com')).toEqual([]);
  });

  test('and its corrections are found by staff’s search, the replaced ones no longer', async () => {
    const checkout = await buy(shop);
    const { orderId: id, code, shopper } = checkout;
    await admin().correctContact.mutate({
      id,
      email: 'moved@elsewhere.example',
      name: 'Zainab Bello',
      phone: '08099887766',
    });
    for (const search of ['moved@elsewhere.example', 'zainab', '0809 988 7766'])
      expect(await codesOf({ search })).toEqual([code]);
    expect(await codesOf({ search: shopper.email })).toEqual([]);
    expect(await codesOf({ email: shopper.email })).toEqual([code]);
  });
});

describe('a wrong address', () => {
  const NEW = { ...ADDRESS, line1: '7 Broad Street', city: 'Ibadan', state: 'Oyo' };

  test('is corrected until the goods have left, without touching price and snapshot', async () => {
    const checkout = await buy(shop);
    const { orderId: id } = checkout;
    const before = await orderOf(shop, checkout);
    const corrected = await admin().correctAddress.mutate({ id, address: NEW });
    expect(corrected.shippingAddress).toEqual(NEW);
    expect(corrected.differs.map(({ field, atCheckout, now }) => [field, atCheckout, now])).toEqual([
      ['line1', ADDRESS.line1, NEW.line1],
      ['city', ADDRESS.city, NEW.city],
      ['state', ADDRESS.state, NEW.state],
    ]);
    expect(corrected.corrections).toMatchObject([
      { by: { kind: 'staff', name: 'Sola Staff' }, was: { address: ADDRESS } },
    ]);
    const { total, shippingFee, shippingAddressSnapshot, personHash } = await orderOf(shop, checkout);
    const { total: paid, shippingFee: fee, personHash: hash } = before;
    expect({ total, shippingFee, personHash }).toEqual({ total: paid, shippingFee: fee, personHash: hash });
    expect(shippingAddressSnapshot).toEqual({ ...ADDRESS, phoneE164: ADDRESS.phone });
    const history = await historyText(checkout);
    expect(history).not.toMatch(/Broad|Ibadan|Oyo/);
    expect(history).toContain('"fields":["line1","city","state"]');

    await admin().ship.mutate({ id, key: 'parcel-1', carrier: 'GIG', trackingNumber: 'T-1' });
    await work(shop);
    const mail = shop.mailbox.mails({ to: checkout.shopper.email }).at(-1);
    expect(mail?.text).toContain('7 Broad Street');
    expect(mail?.text).not.toContain(ADDRESS.line1);
    expect(await errorCodeOf(admin().correctAddress.mutate({ id, address: ADDRESS }))).toBe('ORDER_STATE_CONFLICT');
    const shown = await admin().order.query({ id });
    expect(shown.actions.find(({ action }) => action === 'correctAddress')).toMatchObject({
      allowed: false,
      why: expect.stringMatching(/nothing of it is left to ship/),
    });
    // The courier may still need another number.
    const { shippingAddress } = await admin().correctContact.mutate({ id, phone: '0801.111.1111 / 0802 222 2222' });
    expect(shippingAddress.phone).toBe('0801.111.1111 / 0802 222 2222');
    expect((await orderOf(shop, checkout)).deliverTo).toMatchObject({ phoneE164: '+2348011111111' });
    expect(await errorCodeOf(admin().correctContact.mutate({ id, phone: '12345' }))).toBe('INVALID_INPUT');
  });

  test('is the customer’s too, who can still pay the order', async () => {
    const checkout = await checkOut(shop);
    const { orderId: id, shopper } = checkout;
    await admin().correctAddress.mutate({ id, address: NEW });
    const order = await shopper.client.orders.get.query({ id });
    expect(order.shippingAddress).toEqual(NEW);
    const pay = (address: typeof NEW) =>
      shopper.client.orders.initializePayment.mutate({ checkoutKey: order.checkoutKey, shippingAddress: address }).then(
        ({ orderId }) => orderId,
        () => 'refused',
      );
    expect(await pay(NEW)).toBe(id);
    // The checkout's own repeat, with the address that was typed then.
    expect(await pay(ADDRESS)).toBe(id);
    expect(await pay({ ...NEW, city: 'Abeokuta' })).toBe('refused');
  });

  test('its earlier values are emptied, and the order keeps the corrected ones', async () => {
    const checkout = await buy(shop);
    const { orderId: id } = checkout;
    await admin().correctAddress.mutate({ id, address: NEW });
    await admin().correctContact.mutate({ id, email: 'third@example.com' });
    expect((await orderOf(shop, checkout)).corrections).toHaveLength(2);
    const emptied = await admin().emptyCorrections.mutate({ id });
    expect(emptied).toMatchObject({ corrections: [], email: 'third@example.com', shippingAddress: NEW });
    expect(await orderOf(shop, checkout)).not.toHaveProperty('corrections');
    const { version } = await orderOf(shop, checkout);
    await admin().emptyCorrections.mutate({ id });
    expect((await orderOf(shop, checkout)).version).toBe(version);
  });
});

describe('a note', () => {
  test('is added once for its key, in staff’s words, which the history does not hold', async () => {
    const checkout = await buy(shop);
    const { orderId: id } = checkout;
    const note = { id, key: 'note-0001', text: 'Ring the bell of Mrs. Okafor\ntwice' };
    await admin().addNote.mutate(note);
    const { notes } = await admin().addNote.mutate(note);
    expect(notes).toMatchObject([{ id: 'note-0001', text: note.text, by: { kind: 'staff', name: 'Sola Staff' } }]);
    expect(await errorCodeOf(admin().addNote.mutate({ ...note, text: 'Another' }))).toBe('ACTION_KEY_REUSED');
    expect(await historyText(checkout)).not.toContain('Okafor');
    expect(JSON.stringify(await checkout.shopper.client.orders.get.query({ id }))).not.toContain('Okafor');
    expect((await admin().removeNote.mutate({ id, noteId: 'note-0001' })).notes).toEqual([]);
    expect(await orderOf(shop, checkout)).not.toHaveProperty('notes');
  });

  test('is refused beyond thirty, and one of more than 500 characters', async () => {
    const checkout = await buy(shop);
    const { orderId: id } = checkout;
    const add = (n: number, text = `${n}`) => admin().addNote.mutate({ id, key: `note-${1000 + n}`, text });
    for (let n = 0; n < 30; n += 1) await add(n);
    expect(await errorCodeOf(add(30))).toBe('ORDER_STATE_CONFLICT');
    expect((await admin().order.query({ id })).actions.find(({ action }) => action === 'addNote')).toMatchObject({
      allowed: false,
      why: 'it has 30 notes, the most; remove one first',
    });
    await admin().removeNote.mutate({ id, noteId: 'note-1007' });
    expect((await add(30, 'x'.repeat(500))).notes).toHaveLength(30);
    expect(await errorCodeOf(add(31, 'x'.repeat(501)))).toBe('INVALID_INPUT');
  });
});

test('tags are cleaned, replaced as a whole, and find the order in any writing', async () => {
  const checkout = await buy(shop);
  const { orderId: id, code } = checkout;
  const { tags } = await admin().setTags.mutate({ id, tags: ['  Gift   wrap ', 'gift wrap', 'VIP', 'Ọjà'] });
  expect(tags).toEqual(['Gift wrap', 'VIP', 'Ọjà']);
  for (const tag of ['gift wrap', 'GIFT WRAP', 'vip', 'oja']) expect(await codesOf({ tag })).toEqual([code]);
  expect(await codesOf({ tag: 'vip', status: 'confirmed' })).toEqual([code]);
  expect(await codesOf({ tag: 'vip', status: 'shipped' })).toEqual([]);
  expect(await codesOf({ tag: 'vip', search: code })).toEqual([code]);
  expect(await codesOf({ tag: 'vi' })).toEqual([]);
  expect(await codesOf({ tag: 'vip', oldestFirst: true })).toEqual([code]);
  expect((await admin().setTags.mutate({ id, tags: [] })).tags).toEqual([]);
  expect(await orderOf(shop, checkout)).not.toHaveProperty('tags');
  expect(await codesOf({ tag: 'vip' })).toEqual([]);
  const many = Array.from({ length: 11 }, (_, n) => `tag ${n}`);
  expect(await errorCodeOf(admin().setTags.mutate({ id, tags: many }))).toBe('INVALID_INPUT');
});

describe('the link to pay', () => {
  test('is mailed once for a key, while there is something to pay', async () => {
    const checkout = await checkOut(shop);
    const { orderId: id, shopper } = checkout;
    await admin().sendPaymentLink.mutate({ id, key: 'link-0001' });
    await admin().sendPaymentLink.mutate({ id, key: 'link-0001' });
    await work(shop);
    expect(receivedBy(shopper.email)).toEqual(['payment_link']);
    const [mail] = shop.mailbox.mails({ to: shopper.email });
    expect(mail?.subject).toBe(`Pay for order ${checkout.code} – Test Shop`);
    expect(mail?.text).toContain(`http://storefront.example/orders/${id}`);
    await admin().sendPaymentLink.mutate({ id, key: 'link-0002' });
    // Paid before it was sent.
    await pay(shop, checkout.txRef);
    await work(shop);
    expect(shop.mailbox.mails({ to: shopper.email }).map(({ subject }) => subject)).toContainEqual(
      expect.stringMatching(/^There is nothing to pay/),
    );
    expect(await errorCodeOf(admin().sendPaymentLink.mutate({ id, key: 'link-0003' }))).toBe('ORDER_STATE_CONFLICT');
    const link = (await admin().order.query({ id })).emails.find(({ kind }) => kind === 'payment_link');
    const again = { id, emailId: link?.id ?? '', key: 'resend-01' };
    expect(await errorCodeOf(admin().resendEmail.mutate(again))).toBe('ORDER_STATE_CONFLICT');
  });

  test('is refused once the time to pay has run out', async () => {
    const { orderId: id } = await checkOut(shop);
    shop.clock.advance(DAY_MS + 1);
    expect(await errorCodeOf(admin().sendPaymentLink.mutate({ id, key: 'link-0001' }))).toBe('ORDER_STATE_CONFLICT');
    shop.clock.advance(-DAY_MS - 1);
  });
});

test('an old email that is sent once more counts as waiting from then, and keeps the process ready', async () => {
  const checkout = await buy(shop);
  const { orderId: id } = checkout;
  const [email] = (await admin().order.query({ id })).emails;
  shop.clock.advance(30 * DAY_MS);
  await admin().resendEmail.mutate({ id, emailId: email?.id ?? '', key: 'resend-01' });
  expect((await fetch(`${shop.opsUrl}/readyz`)).status).toBe(200);
  const { emails } = await readBacklog(shop.db, shop.clock.now(), 1_000);
  expect(emails).toMatchObject({ count: 1, oldestAt: shop.clock.now() });
  await work(shop);
});

test('MongoDB refuses more notes and tags than the limits, and empty lists', async () => {
  const { _id } = await orderOf(shop, await buy(shop));
  const set = (fields: object) => shop.db.orders.collection.updateOne({ _id }, { $set: fields });
  const note = { key: { id: 'note-0001' }, at: new Date(), by: 'system', text: 'x' };
  for (const fields of [
    { notes: Array.from({ length: 31 }, () => note) },
    { tags: Array.from({ length: 11 }, (_, n) => `tag ${n}`) },
    ...[{ notes: [] }, { tags: [] }, { corrections: [] }],
  ])
    await expect(set(fields)).rejects.toMatchObject({ code: 121 });
});

test('after all of this everything is consistent', async () => {
  await sweep(shop);
  await finishRefunds(shop);
  await work(shop);
  await expectAllConsistent(shop, { copies: 'allowed' });
});
