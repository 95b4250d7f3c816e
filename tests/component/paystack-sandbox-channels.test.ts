/** The sandbox's ways to pay beside the card, by its page and by its controls. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type PaystackSandbox, startPaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';

const secretKey = 'sk_test_of_the_sandbox';
const MINUTE_MS = 60_000;
const reply = z.object({
  status: z.boolean(),
  message: z.string(),
  data: z.looseObject({ authorization_url: z.string() }).optional(),
});
const verified = z.object({ data: z.looseObject({ status: z.string(), channel: z.string(), amount: z.number() }) });

let sandbox: PaystackSandbox;
let count = 0;

beforeEach(async () => {
  sandbox = await startPaystackSandbox({ secretKey });
});
afterEach(() => sandbox.close());

async function call(path: string, body?: object) {
  const headers = { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' };
  const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return (await fetch(`${sandbox.url}${path}`, { headers, ...post })).json();
}

async function open(overrides: object = {}) {
  count += 1;
  const reference = `ord-WAYS-${count}`;
  const body = { email: 'ada@example.com', amount: 150_000, currency: 'NGN', reference, ...overrides };
  const { data, message } = reply.parse(await call('/transaction/initialize', body));
  return { reference, page: data?.authorization_url ?? '', message };
}

const verify = async (reference: string) => verified.parse(await call(`/transaction/verify/${reference}`)).data;

/** Posts a button of the page; the text of the page that follows, or the address that it leads to elsewhere. */
async function press(page: string, fields: Record<string, string>): Promise<string> {
  const answer = await fetch(page, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
  const to = answer.headers.get('location');
  if (to === null) return answer.text();
  const address = new URL(to, page).href;
  return address.startsWith(sandbox.url) ? (await fetch(address)).text() : address;
}

describe('a bank transfer', () => {
  test('shows its account, and the exact amount pays', async () => {
    const { reference, page } = await open({ callback_url: 'https://shop.example/back' });
    const way = `${page}?way=bank_transfer`;
    const shown = await press(way, { action: 'begin' });
    const { waiting } = sandbox.transaction(reference);
    expect(shown).toContain(waiting?.target);
    expect(Date.parse(waiting?.expiresAt ?? '') - sandbox.time().getTime()).toBeGreaterThan(29 * MINUTE_MS);
    expect(await verify(reference)).toMatchObject({ status: 'ongoing', channel: 'bank_transfer' });
    expect(await press(way, { action: 'complete' })).toBe(
      `https://shop.example/back?trxref=${reference}&reference=${reference}`,
    );
    expect(await verify(reference)).toMatchObject({ status: 'success', channel: 'bank_transfer', amount: 150_000 });
  });

  test('of another amount is announced by the transaction’s id alone, charges nothing, and the right one still pays', async () => {
    const { reference, page } = await open();
    sandbox.beginPayment(reference, 'bank_transfer');
    const shown = await press(`${page}?way=bank_transfer`, { action: 'complete-other', amount: '1,200.50' });
    expect(shown).toContain('₦1,200.50 arrived, and ₦1,500.00 is to be paid');
    const [told, ...others] = sandbox.webhooks({ reference });
    const { event, data } = z
      .object({ event: z.string(), data: z.looseObject({ bank_transfer: z.unknown() }) })
      .parse(JSON.parse(told?.body.toString() ?? ''));
    expect({ event, transfer: data.bank_transfer, others }).toEqual({
      event: 'bank.transfer.rejected',
      transfer: {
        amount: '120050',
        message: 'incorrect amount sent',
        message_type: 'INCORRECT_AMOUNT',
        transaction_id: String(sandbox.transaction(reference).id),
      },
      others: [],
    });
    expect(told?.body.toString()).not.toContain(reference);
    expect(sandbox.ledger().charges).toEqual([]);
    expect(sandbox.completePayment(reference).charged).toBe(true);
    // The account that sent the money is unknown, so a refund cannot go back there by itself.
    expect(sandbox.transaction(reference).refundEnd).toBe('needs-attention');
  });

  test('has an account until its time is over', async () => {
    const { reference, page } = await open();
    sandbox.beginPayment(reference, 'bank_transfer');
    sandbox.advanceClock(29 * MINUTE_MS);
    expect((await verify(reference)).status).toBe('ongoing');
    sandbox.advanceClock(MINUTE_MS);
    expect((await verify(reference)).status).toBe('abandoned');
    expect(() => sandbox.completePayment(reference)).toThrow('waits');
    expect(await press(`${page}?way=bank_transfer`, { action: 'complete' })).toContain('Get the account');
  });

  test('is not offered by a page that was opened for other channels, and an amount must be one', async () => {
    const { reference, page } = await open({ channels: ['card'] });
    expect(await (await fetch(`${page}?way=bank_transfer`)).text()).toContain('Card number');
    expect(() => sandbox.beginPayment(reference, 'bank_transfer')).toThrow('does not offer');
    expect((await open({ channels: ['mobile_money'] })).message).toBe('No active channel');
    const other = await open({ channels: ['bank_transfer'] });
    sandbox.beginPayment(other.reference, 'bank_transfer');
    expect(await press(other.page, { action: 'complete-other', amount: '12.345' })).toContain('Write the amount');
  });
});

describe('mobile money', () => {
  test('is confirmed on the phone within 180 seconds', async () => {
    const { reference, page } = await open({ currency: 'KES' });
    expect(await press(`${page}?way=mobile_money`, { action: 'begin', phone: 'mine' })).toContain('Write the number');
    expect(await press(`${page}?way=mobile_money`, { action: 'begin', phone: '+254 700 123456' })).toContain('180');
    expect((await verify(reference)).status).toBe('pay_offline');
    sandbox.advanceClock(179_000);
    expect(sandbox.completePayment(reference)).toMatchObject({ charged: true, status: 'success' });
  });

  test.each([
    ['time passes', () => sandbox.advanceClock(180_000)],
    ['the customer refuses', (reference: string) => sandbox.completePayment(reference, { approved: false })],
  ] as const)('fails when %s, and a card can still pay', async (_, happens) => {
    const { reference } = await open({ currency: 'GHS' });
    sandbox.beginPayment(reference, 'mobile_money', { phone: '+233200000000' });
    happens(reference);
    expect((await verify(reference)).status).toBe('failed');
    expect(sandbox.webhooks({ reference })).toEqual([]);
    expect(sandbox.pay(reference).charged).toBe(true);
  });
});

test('USSD shows a code to dial, and a card that pays meanwhile ends its waiting', async () => {
  const { reference, page } = await open();
  expect(await press(`${page}?way=ussd`, { action: 'begin' })).toContain(
    sandbox.transaction(reference).waiting?.target,
  );
  expect((await verify(reference)).status).toBe('pending');
  expect(sandbox.pay(reference).charged).toBe(true);
  sandbox.advanceClock(60 * MINUTE_MS);
  expect((await verify(reference)).status).toBe('success');
});
