/** Emails that SendGrid accepted and that did not arrive: staff see them on the order and in the list, and the log has no address. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { queueStaffEmail } from '../../models/messaging/staff-email.ts';
import { newActionKey } from '../support/action-keys.ts';
import { eventually } from '../support/eventually.ts';
import {
  buy,
  type Checkout,
  expectAllConsistent,
  HOUR_MS,
  type Shop,
  startTestShop,
  work,
} from '../support/shopping.ts';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop({ env: { SENDGRID_WEBHOOK_KEY: key } });
});
afterAll(() => expectAllConsistent(shop, { copies: 'allowed' }));
afterAll(() => shop.stop());

interface Sent {
  timestamp?: string;
  signature?: string;
}

/** Posts events as SendGrid does, and returns the HTTP status. */
async function report(events: object[], { timestamp, signature }: Sent = {}, at = shop): Promise<number> {
  const body = JSON.stringify(events);
  const time = timestamp ?? `${Math.floor(shop.clock.now().getTime() / 1_000)}`;
  const reply = await fetch(`${at.url}/webhooks/sendgrid`, {
    method: 'POST',
    headers: {
      'x-twilio-email-event-webhook-timestamp': time,
      'x-twilio-email-event-webhook-signature':
        signature ?? sign('sha256', Buffer.from(time + body), privateKey).toString('base64'),
    },
    body,
  });
  return reply.status;
}

const reportOf = (mail: { key: string | null; messageId: string }, more: object = {}) => ({
  email: 'canary.reader@example.com',
  event: 'bounce',
  type: 'bounce',
  timestamp: Math.floor(shop.clock.now().getTime() / 1_000),
  sg_message_id: `${mail.messageId}.filter0001.1.2.0`,
  outboxKey: mail.key,
  reason: '550 5.1.1 <canary.reader@example.com> no such user',
  ...more,
});

async function mailOf({ orderId }: Checkout) {
  const [mail] = shop.mailbox.mails({ key: `${orderId}:order_confirmed:4` }).slice(-1);
  if (mail === undefined) throw new Error('the confirmation was not sent');
  return mail;
}
const daysAgo = (days: number) => new Date(shop.clock.now().getTime() - days * 24 * HOUR_MS);
const admin = () => shop.staff.client.admin;
const emailOf = async ({ orderId }: Checkout) => (await admin().order.query({ id: orderId })).emails[0];

test('a bounce is on the order, in the list of failed emails and in its timeline, once however often it comes', async () => {
  const checkout = await buy(shop);
  const event = reportOf(await mailOf(checkout));
  expect([await report([event, event]), await report([event])]).toEqual([200, 200]);
  const reason = 'The address did not take it: 550 5.1.1 the address no such user';
  expect(await emailOf(checkout)).toMatchObject({ state: 'parked', undelivered: reason });
  const order = await admin().order.query({ id: checkout.orderId });
  expect(order.attention).toEqual([expect.stringMatching(/did not arrive: check the address, then resend it/)]);
  expect(order.timeline.map(({ what }) => what).filter((what) => /accepted|did not arrive/.test(what))).toHaveLength(2);
  const { items } = await admin().failedEmails.query({});
  expect(items.filter(({ orderId }) => orderId === checkout.orderId)).toMatchObject([{ error: reason }]);
  const lines = shop.logged.filter((line) => line.event === 'email_undelivered' && line.emailKey === event.outboxKey);
  expect(lines).toMatchObject([{ emailKey: event.outboxKey, outcome: 'bounced' }]);
  expect(JSON.stringify(shop.logged)).not.toContain('canary.reader');
  expect(JSON.stringify(await shop.db.emails.find().lean())).not.toContain('canary.reader');
});

test('a corrected address sends it again, and a late report about the first copy changes nothing', async () => {
  const checkout = await buy(shop);
  const first = await mailOf(checkout);
  await report([reportOf(first, { event: 'dropped', reason: 'Bounced Address' })]);
  await admin().correctContact.mutate({ id: checkout.orderId, email: 'new@example.com' });
  await work(shop);
  expect(await emailOf(checkout)).toMatchObject({ state: 'sent', undelivered: null });
  expect(await report([reportOf(first)])).toBe(200);
  expect(await emailOf(checkout)).toMatchObject({ state: 'sent' });
  expect((await mailOf(checkout)).to).toBe('new@example.com');
  const { timeline } = await admin().order.query({ id: checkout.orderId });
  const told = timeline.map(({ what }) => what).filter((what) => /accepted|did not arrive/.test(what));
  const accepted = 'the email “order confirmed” is accepted by the provider';
  expect(told.filter((what) => what === accepted)).toHaveLength(2);
  expect(told.filter((what) => what !== accepted)).toEqual([
    'the email “order confirmed” did not arrive: The provider did not send it: Bounced Address',
  ]);
});

test('a bounce that SendGrid could report only hours later is recorded, by a signature of then', async () => {
  const checkout = await buy(shop);
  const event = reportOf(await mailOf(checkout));
  const timestamp = `${Math.floor(shop.clock.now().getTime() / 1_000) - 23 * 3_600}`;
  expect([await report([event], { timestamp }), await report([event], { timestamp })]).toEqual([200, 200]);
  expect((await emailOf(checkout))?.state).toBe('parked');
});

test('a report that comes before the copy is marked as sent is asked for again; others of its batch are recorded', async () => {
  const [waiting, done] = [await buy(shop), await buy(shop)];
  const { id: emailId = '' } = (await emailOf(waiting)) ?? {};
  await admin().resendEmail.mutate({ id: waiting.orderId, emailId, key: newActionKey() });
  await shop.db.emails.updateOne({ _id: emailId }, { $set: { claimedBy: 'sender' } });
  const early = { key: emailId, messageId: 'a-new-copy' };
  expect(await report([reportOf(early), reportOf(await mailOf(done), { type: 'blocked' })])).toBe(503);
  expect((await emailOf(done))?.undelivered).toMatch(/^The mail server of the address refused it/);
  await shop.db.emails.updateOne({ _id: emailId }, { $unset: { claimedBy: 1 } });
  await runEmailsOnce(shop.ctx);
  expect(await report([reportOf(await mailOf(waiting))])).toBe(200);
  expect((await emailOf(waiting))?.state).toBe('parked');
});

test('thousands of reports about emails that are not known, or known as failed, cost a read for hundreds of them', async () => {
  const [failed, lost] = [await mailOf(await buy(shop)), await buy(shop)];
  await report([reportOf(failed)]);
  const unknown = Array.from({ length: 3_000 }, (_, n) => reportOf({ key: `no such email ${n}`, messageId: 'm' }));
  const reads = jest.spyOn(driverCollection(shop.db.emails), 'find');
  const singleReads = jest.spyOn(driverCollection(shop.db.emails), 'findOne');
  const again = Array.from({ length: 1_000 }, () => reportOf(failed));
  expect(await report([...unknown, ...again, reportOf(await mailOf(lost))])).toBe(200);
  expect(reads.mock.calls.length).toBeLessThan(10);
  expect(singleReads).toHaveBeenCalledTimes(1);
  reads.mockRestore();
  singleReads.mockRestore();
  expect(await emailOf(lost)).toMatchObject({ state: 'parked' });
});

test('of an email to staff or about an account it is listed for 30 days, once, and the email stays sent', async () => {
  const data = { orderId: 'a'.repeat(24), code: 'CODE', amount: 1, currency: 'NGN', answerBy: shop.clock.now() };
  const email = { what: '1:8', data: { ...data, assumed: false, unsent: null }, now: shop.clock.now() };
  await queueStaffEmail(shop.db, 'dispute_due', email);
  await runEmailsOnce(shop.ctx);
  const [mail] = shop.mailbox.mails({ key: 'staff:dispute_due:1:8' });
  if (mail === undefined) throw new Error('the email was not sent');
  const { email: address, id, client } = await shop.signUp({ name: 'Bọ́lá' });
  await client.auth.forgotPassword.mutate({ email: address });
  await eventually('the link to be queued', () => shop.db.emails.exists({ _id: `user:${id}:reset_password:1` }));
  await runEmailsOnce(shop.ctx);
  const link = shop.mailbox.mails({ to: address }).find(({ key: about }) => about?.includes('reset_password'));
  if (link === undefined) throw new Error('the link was not sent');
  const events = [reportOf(mail), reportOf(link), reportOf(link, { timestamp: 1 })];
  expect([await report(events), await report(events)]).toEqual([200, 200]);
  for (const _id of ['staff:dispute_due:1:8', link.key])
    expect(await shop.db.emails.findById(_id).lean()).toMatchObject({
      state: 'sent',
      undelivered: { what: 'bounced' },
    });
  const listed = async () =>
    (await admin().failedEmails.query({})).items
      .filter(({ orderId }) => orderId === null)
      .map(({ kind, ...item }) => [kind, item]);
  const error = 'The address did not take it: 550 5.1.1 the address no such user';
  expect(Object.fromEntries(await listed())).toMatchObject({
    dispute_due: { to: 'staff', code: null, name: null, email: null, error },
    reset_password: { to: 'account', code: null, name: 'Bọ́lá', email: address, error },
  });
  await shop.db.users.deleteOne({ _id: id });
  expect((await listed()).map(([kind]) => kind)).toEqual(['dispute_due']);
  await shop.db.emails.updateMany({ orderId: { $exists: false } }, { $set: { parkedAt: daysAgo(29) } });
  expect(await listed()).toHaveLength(1);
  await shop.db.emails.updateMany({ orderId: { $exists: false } }, { $set: { parkedAt: daysAgo(31) } });
  expect(await listed()).toEqual([]);
});

test('without a key there is no such endpoint', async () => {
  const other = await startTestShop();
  expect(await report([], {}, other)).toBe(404);
  await other.stop();
});

test('without SendGrid’s signature of the last day nothing changes; about unknown emails nothing is to be done', async () => {
  const checkout = await buy(shop);
  const event = reportOf(await mailOf(checkout));
  expect(await report([event], { signature: 'A'.repeat(96) })).toBe(401);
  expect(await report([event], { timestamp: `${Math.floor(shop.clock.now().getTime() / 1_000) - 26 * 3_600}` })).toBe(
    401,
  );
  const unsigned = await fetch(`${shop.url}/webhooks/sendgrid`, { method: 'POST', body: JSON.stringify([event]) });
  expect(unsigned.status).toBe(401);
  expect((await emailOf(checkout))?.state).toBe('sent');
  expect(await report([{ ...event, outboxKey: `${'f'.repeat(24)}:order_confirmed:4` }])).toBe(200);
  expect(await report([{ ...event, outboxKey: { $gt: '' } }])).toBe(200);
});
