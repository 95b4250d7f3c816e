/**
 * A mail provider that refuses, stalls, drops or is down for an hour delays only emails. Each arrives once, or in
 * copies with one key after a lost reply (E1–E4, I7).
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { mongo } from 'mongoose';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import { createEmailSender } from '../../jobs/email-sender.ts';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import { type ClaimedEmail, findEmailsOfOrder } from '../../models/messaging/email-outbox.ts';
import {
  alerts,
  buy,
  type Checkout,
  checkOut,
  DAY_MS,
  expectAllConsistent,
  HOUR_MS,
  MINUTE_MS,
  mailKinds,
  mailsTo,
  orderOf,
  pay,
  type Shop,
  startTestShop,
  sweepAfter,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
beforeEach(() => {
  // One that was refused pauses.
  shop.ctx.emailSender = createEmailSender();
});
afterEach(async () => {
  shop.mailbox.clearScript();
  await expectAllConsistent(shop, { copies: 'allowed' });
});
afterAll(() => shop.stop());

/** A confirmed order whose confirmation failed as scripted for its shopper. */
async function confirmed(checkout: Checkout): Promise<void> {
  await pay(shop, checkout.txRef);
  await work(shop);
  expect((await orderOf(shop, checkout)).status).toBe('confirmed');
}

async function outboxOf(checkout: Checkout) {
  const { _id } = await orderOf(shop, checkout);
  return findEmailsOfOrder(shop.db, _id);
}

test.each([
  ['500', { kind: 'status', status: 500 }],
  ['503', { kind: 'status', status: 503 }],
  ['a page of a proxy', { kind: 'html' }],
  ['a page of a proxy with 200', { kind: 'html', status: 200 }],
  ['a page of a proxy with 202', { kind: 'html', status: 202 }],
  ['200 and JSON', { kind: 'status', status: 200 }],
  ['202 and an error', { kind: 'status', status: 202 }],
  ['204', { kind: 'status', status: 204 }],
  ['200 and broken JSON', { kind: 'malformed' }],
  ['a cut connection', { kind: 'drop' }],
] as const)('after %s the email is sent again later, once', async (_, fault) => {
  const checkout = await checkOut(shop);
  shop.mailbox.script({ to: checkout.shopper.email, times: 1, carriedOut: false, fault });
  await confirmed(checkout);
  expect(mailKinds(shop, checkout.shopper)).toEqual([]);
  expect(await outboxOf(checkout)).toMatchObject([{ state: 'queued', attempts: 1 }]);
  await runEmailsOnce(shop.ctx);
  expect(shop.mailbox.attempts({ to: checkout.shopper.email })).toHaveLength(1);
  await sweepAfter(shop, MINUTE_MS);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed']);
});

test('a 429 is obeyed: nothing is sent before Retry-After has passed', async () => {
  const checkout = await checkOut(shop);
  shop.mailbox.script({
    to: checkout.shopper.email,
    times: 1,
    fault: { kind: 'status', status: 429, retryAfterSeconds: 1_800 },
  });
  await confirmed(checkout);
  await sweepAfter(shop, 29 * MINUTE_MS);
  expect(shop.mailbox.attempts({ to: checkout.shopper.email })).toHaveLength(1);
  await sweepAfter(shop, 2 * MINUTE_MS);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed']);
});

test.each([
  ['not answered', { kind: 'drop' }],
  ['answered with 200 and broken JSON', { kind: 'malformed' }],
] as const)('an email that was accepted and %s is sent again under the same key, word for word', async (_, fault) => {
  const checkout = await checkOut(shop);
  shop.mailbox.script({ to: checkout.shopper.email, times: 1, carriedOut: true, fault });
  await confirmed(checkout);
  await sweepAfter(shop, MINUTE_MS);
  const copies = mailsTo(shop, checkout.shopper).map(({ key, subject, text, html }) => ({ key, subject, text, html }));
  expect(copies).toHaveLength(2);
  expect(copies[0]).toEqual(copies[1]);
  expect((await outboxOf(checkout)).map(({ state }) => state)).toEqual(['sent']);
});

test('a sender that dies after claiming leaves the email to the next one, a minute later', async () => {
  const checkout = await checkOut(shop);
  await pay(shop, checkout.txRef);
  const dying = {
    ...shop.ctx,
    mailer: { send: () => Promise.reject(new mongo.MongoNetworkError('the process is gone')) },
  };
  await runSettlementOnce(shop.ctx);
  await expect(runEmailsOnce(dying)).rejects.toThrow('gone');
  await runEmailsOnce(shop.ctx);
  expect(mailKinds(shop, checkout.shopper)).toEqual([]);
  await sweepAfter(shop, MINUTE_MS + 1_000);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed']);
});

/** The worker's sender, for as long as `work` runs. */
async function withSender(work: () => Promise<unknown>): Promise<void> {
  shop.ctx.emailSender.start(shop.ctx);
  try {
    await work();
  } finally {
    await shop.ctx.emailSender.stop();
  }
}

const emailJobs = () => shop.db.connection.collection(JOBS_COLLECTION).countDocuments({ name: 'sendEmails' });

test('a settlement claims its emails for the sender of its process, which sends them without a job', async () => {
  const checkout = await checkOut(shop);
  await pay(shop, checkout.txRef);
  const before = await emailJobs();
  await withSender(async () => {
    expect(shop.ctx.emailSender.room()).toBe(32);
    await runSettlementOnce(shop.ctx);
  });
  expect(shop.ctx.emailSender.room()).toBe(0);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed']);
  expect(await outboxOf(checkout)).toMatchObject([{ state: 'sent', attempts: 1 }]);
  expect(await emailJobs()).toBe(before);
});

test('a process that dies with claimed emails in memory delays them by their claim', async () => {
  const checkout = await checkOut(shop);
  await pay(shop, checkout.txRef);
  const dying = { ...shop.ctx.emailSender, room: () => 32, send: () => undefined };
  await runSettlementOnce({ ...shop.ctx, emailSender: dying });
  await sweepAfter(shop, MINUTE_MS - 1_000);
  expect(mailKinds(shop, checkout.shopper)).toEqual([]);
  await sweepAfter(shop, 2_000);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed']);
});

test('a process that was paused until a claim ends leaves the email to the next sender', async () => {
  const checkout = await checkOut(shop);
  await pay(shop, checkout.txRef);
  const kept: ClaimedEmail[] = [];
  const keep = (emails: readonly ClaimedEmail[]) => {
    kept.push(...emails);
  };
  const paused = { ...shop.ctx.emailSender, room: () => 32, send: keep };
  await runSettlementOnce({ ...shop.ctx, emailSender: paused });
  await sweepAfter(shop, MINUTE_MS - 5_000);
  await withSender(async () => shop.ctx.emailSender.send(kept));
  expect(mailKinds(shop, checkout.shopper)).toEqual([]);
  await sweepAfter(shop, 6_000);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed']);
});

test('after a refusal for the time being a settlement claims nothing, and the job sends', async () => {
  const refused = await checkOut(shop);
  shop.mailbox.script({ to: refused.shopper.email, times: 1, fault: { kind: 'status', status: 503 } });
  await pay(shop, refused.txRef);
  await withSender(() => runSettlementOnce(shop.ctx));
  await withSender(async () => expect(shop.ctx.emailSender.room()).toBe(0));
  await sweepAfter(shop, MINUTE_MS);
  expect(mailKinds(shop, refused.shopper)).toEqual(['order_confirmed']);
});

test('an address that SendGrid refuses for good is parked at once, shown to staff and alerted; a resend sends it', async () => {
  const checkout = await checkOut(shop);
  shop.mailbox.script({ to: checkout.shopper.email, fault: { kind: 'bad-address' } });
  const alertsBefore = alerts(shop).length;
  await confirmed(checkout);
  expect((await outboxOf(checkout))[0]).toMatchObject({ state: 'parked', attempts: 1 });
  expect(alerts(shop).slice(alertsBefore)).toEqual([
    expect.objectContaining({ event: 'email_refused', permanent: true }),
  ]);
  await sweepAfter(shop, DAY_MS);
  expect(shop.mailbox.attempts({ to: checkout.shopper.email })).toHaveLength(1);
  const { attention, emails } = await shop.staff.client.admin.order.query({ id: checkout.orderId });
  expect(attention).toEqual([expect.stringMatching(/could not be sent/)]);

  shop.mailbox.clearScript();
  await shop.staff.client.admin.resendEmail.mutate({
    id: checkout.orderId,
    emailId: emails[0]?.id ?? '',
    key: 'resend-01',
  });
  await work(shop);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed']);
});

test('an hour without SendGrid holds up no settlement, and every email is sent after it', async () => {
  shop.mailbox.script({ fault: { kind: 'status', status: 503 } });
  const checkouts: Checkout[] = [];
  for (let minute = 0; minute < 60; minute += 5) {
    const checkout = await checkOut(shop);
    checkouts.push(checkout);
    await pay(shop, checkout.txRef);
    await sweepAfter(shop, 5 * MINUTE_MS);
    expect((await orderOf(shop, checkout)).status).toBe('confirmed');
  }
  shop.mailbox.clearScript();
  for (let round = 0; round < 4; round += 1) await sweepAfter(shop, HOUR_MS);
  for (const { shopper } of checkouts) expect(mailKinds(shop, shopper)).toEqual(['order_confirmed']);
});

test('ten senders at once send each email once', async () => {
  const checkouts = await Promise.all(Array.from({ length: 10 }, () => checkOut(shop)));
  await Promise.all(checkouts.map(({ txRef }) => pay(shop, txRef)));
  await Promise.all(Array.from({ length: 10 }, () => work(shop)));
  for (const { shopper } of checkouts) expect(mailKinds(shop, shopper)).toEqual(['order_confirmed']);
});

test('what people wrote cannot make an email of its own: one recipient, one subject line, no markup', async () => {
  const shopper = await shop.signUp({ name: 'Eve <b>\u2028Bcc: all@example.com' });
  const checkout = await buy(shop, { shopper });
  const [mail] = mailsTo(shop, checkout.shopper);
  expect(mail?.to).toBe(shopper.email);
  expect(mail?.subject).not.toMatch(/[\r\n\u2028]/);
  expect(mail?.html).not.toContain('<b>\u2028');
  expect(shop.mailbox.mails({ to: 'all@example.com' })).toEqual([]);
});
