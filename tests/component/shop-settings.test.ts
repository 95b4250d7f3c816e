/** The shop's settings: changed by an owner under their version; shown by pages, and borne by emails, within five seconds. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { queueDigestOfOrders } from '../../jobs/digest-of-orders.ts';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { queueStaffEmail } from '../../models/messaging/staff-email.ts';
import { keepShopInfo } from '../../server/context/shop-identity.ts';
import { buy, errorCodeOf, type Shop, startTestShop } from '../support/shopping.ts';
import type { SignedIn } from '../support/test-app.ts';

let shop: Shop;
let owner: SignedIn;
beforeAll(async () => {
  shop = await startTestShop({ env: { EMAIL_REPLY_TO: 'configured@ada.example' } });
  owner = await shop.signUp({ role: 'owner' });
});
beforeEach(async () => {
  await shop.db.settings.deleteMany({});
  // A process keeps so long what it has read of them.
  shop.clock.advance(5_000);
  shop.mailbox.clear();
});
afterAll(() => shop.stop());

const SETTINGS = {
  shopName: 'Ada & Sons',
  contact: { email: 'help@ada.example', phone: '+234 803 000 0000' },
  replyTo: 'orders@ada.example',
  recipients: ['staff@ada.example'],
  newOrdersMinutes: 15,
};
const info = () => shop.client().shop.info.query();

test('before the first change the configuration’s values hold', async () => {
  const unchanged = { version: 0, shopName: 'Test Shop', contact: { email: null, phone: null } };
  expect(await owner.client.admin.shopSettings.query()).toEqual({
    ...unchanged,
    replyTo: 'configured@ada.example',
    recipients: [],
    newOrdersMinutes: 0,
  });
  expect(await info()).toEqual({
    name: 'Test Shop',
    contact: { email: null, phone: null, phoneToDial: null },
    logo: null,
    colour: null,
    policies: [],
    currencies: ['NGN'],
    signIn: null,
  });
});

test('before the first change customers reply to EMAIL_REPLY_TO, of an order and of an account', async () => {
  const { shopper } = await buy(shop);
  await shop.client().auth.forgotPassword.mutate({ email: shopper.email });
  await shop.ctx.lateWork.ended();
  await runEmailsOnce(shop.ctx);
  const mails = shop.mailbox.mails({ to: shopper.email });
  expect(mails.map(({ subject, replyTo }) => [subject, replyTo])).toEqual([
    [expect.stringContaining('rder'), 'configured@ada.example'],
    [expect.stringContaining('password'), 'configured@ada.example'],
  ]);
});

test('before the first change staff get an email of new orders, at most one a minute', async () => {
  // Other tests count emails without it.
  delete shop.ctx.defaultSettings.newOrdersMinutes;
  shop.clock.advance(5_000);
  try {
    expect(await owner.client.admin.shopSettings.query()).toMatchObject({ version: 0, newOrdersMinutes: 1 });
    await queueDigestOfOrders(shop.ctx);
    shop.clock.advance(1_000);
    const counts: number[] = [];
    for (const seconds of [60, 40, 20]) {
      if (seconds !== 20) await buy(shop);
      shop.clock.advance(seconds * 1_000);
      counts.push(await queueDigestOfOrders(shop.ctx));
    }
    expect(counts).toEqual([1, 0, 1]);
    await runEmailsOnce(shop.ctx);
    const digests = shop.mailbox.mails({ to: owner.email }).filter(({ subject }) => subject.startsWith('New order '));
    expect(digests).toHaveLength(2);
  } finally {
    shop.ctx.defaultSettings.newOrdersMinutes = 0;
    shop.clock.advance(5_000);
  }
});

test('a change is seen by everybody within five seconds, and by no visitor what is the staff’s', async () => {
  const { admin } = owner.client;
  const { version: carriersVersion } = await admin.setCarriers.mutate({ version: 0, carriers: [{ name: 'GIG' }] });
  const changed = await admin.setShopSettings.mutate({ version: carriersVersion, ...SETTINGS });
  expect(changed).toEqual({ outcome: 'changed', version: 2, ...SETTINGS });
  shop.clock.advance(5_000);
  expect(await info()).toEqual({
    name: SETTINGS.shopName,
    contact: { ...SETTINGS.contact, phoneToDial: '+2348030000000' },
    logo: null,
    colour: null,
    policies: [],
    currencies: ['NGN'],
    signIn: null,
  });
  const outdated = await admin.setShopSettings.mutate({ version: 1, ...SETTINGS, shopName: 'Too late' });
  expect(outdated).toEqual({ outcome: 'outdated', version: 2, ...SETTINGS });
  expect((await admin.carriers.query()).carriers).toEqual([{ name: 'GIG' }]);
});

test('pages about errors bear the name of the settings, and the last one that was read while the database is away', async () => {
  const { version } = await owner.client.admin.shopSettings.query();
  await owner.client.admin.setShopSettings.mutate({ version, ...SETTINGS });
  shop.clock.advance(5_000);
  const accept = 'text/html,*/*;q=0.8';
  for (const path of ['/orders/verify-payment/ord-NOSUCHORDER1-1', '/no-such-page']) {
    const reply = await fetch(`${shop.url}${path}`, { headers: { accept } });
    expect([reply.status, await reply.text()]).toEqual([404, expect.stringContaining(' · Ada &amp; Sons</title>')]);
  }
  const answers = [
    Promise.resolve({ shopName: 'Read before', contact: { email: 'us@shop.example' } }),
    Promise.reject(new Error('away')),
    new Promise(() => {}),
  ];
  const settings = () => (answers.shift() ?? Promise.reject(new Error('away'))) as ReturnType<typeof shop.ctx.settings>;
  const readShopInfo = keepShopInfo({ settings, config: shop.ctx.config });
  for (let n = 0; n < 4; n += 1)
    expect(await readShopInfo()).toMatchObject({
      name: 'Read before',
      contact: { email: 'us@shop.example', phone: null, phoneToDial: null },
    });
});

test('emails to customers and staff bear the name of the settings, and customers reply to their address', async () => {
  await owner.client.admin.setShopSettings.mutate({ version: 0, ...SETTINGS });
  shop.clock.advance(5_000);
  const { id: orderId, code } = { id: (await buy(shop)).orderId, code: 'CODE' };
  const data = { orderId, code, amount: 1, currency: 'NGN', answerBy: shop.clock.now(), assumed: false, unsent: null };
  await queueStaffEmail(shop.db, 'dispute_due', { what: '1:8', data, now: shop.clock.now() });
  await runEmailsOnce(shop.ctx);
  const mails = shop.mailbox.mails();
  expect(mails.map(({ to, fromName, replyTo }) => [to === 'staff@ada.example', fromName, replyTo])).toEqual([
    [false, 'Ada & Sons', 'orders@ada.example'],
    [true, 'Ada & Sons', null],
  ]);
  for (const { subject, text, html } of mails) {
    expect([subject, text, html].filter((part) => part.includes('Test Shop'))).toEqual([]);
    expect(subject).toContain('Ada & Sons');
  }
  const [toCustomer] = mails;
  for (const part of [toCustomer?.text, toCustomer?.html])
    expect(part).toContain('help@ada.example, +234 803 000 0000');
  const { emails } = await owner.client.admin.previewShip.mutate({ id: orderId });
  expect(emails[0]?.subject).toContain('Ada & Sons');
});

test('only owners read and change them, and what no page or email can show is refused', async () => {
  for (const role of ['manager', 'support', 'packer', 'customer'] as const) {
    const { admin } = (await shop.signUp({ role })).client;
    expect(await errorCodeOf(admin.shopSettings.query())).toBe('FORBIDDEN');
    expect(await errorCodeOf(admin.setShopSettings.mutate({ version: 2, ...SETTINGS }))).toBe('FORBIDDEN');
  }
  const bad = [
    { shopName: '' },
    { replyTo: 'nobody' },
    { newOrdersMinutes: 1_441 },
    { newOrdersMinutes: 0.5 },
    { contact: { email: 'a@' } },
    ...['-----', 'abc', '0803'].map((phone) => ({ contact: { phone } })),
    { recipients: ['a@ada.example', 'A@ada.example'] },
    { recipients: Array.from({ length: 21 }, (_, n) => `${n}@ada.example`) },
  ];
  for (const change of bad)
    expect(await errorCodeOf(owner.client.admin.setShopSettings.mutate({ version: 2, ...SETTINGS, ...change }))).toBe(
      'INVALID_INPUT',
    );
});
