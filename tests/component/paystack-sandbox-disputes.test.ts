/** Disputes at the sandbox: how they are answered, where a file goes, and what happens by itself as its clock moves. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { defaultSwitches, type PaystackSandbox, startPaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';

const secretKey = 'sk_test_of_the_sandbox';
const authorization = `Bearer ${secretKey}`;
const HOUR = 3600_000;

const replySchema = z.looseObject({ message: z.string(), code: z.string().optional(), data: z.unknown().optional() });
const uploadSchema = z.object({ signedUrl: z.url(), fileName: z.string() });
const evidenceSchema = z.looseObject({ id: z.number(), dispute: z.number() });

let sandbox: PaystackSandbox;
let count = 0;

beforeAll(async () => {
  sandbox = await startPaystackSandbox({ secretKey });
});
afterEach(() => {
  sandbox.setSwitches(defaultSwitches);
});
afterAll(() => sandbox.close());

async function call(method: string, at: string, body?: object, base = sandbox.url) {
  const headers = { authorization, 'content-type': 'application/json' };
  const answer = await fetch(base + at, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  return { httpStatus: answer.status, ...replySchema.parse(await answer.json()) };
}

async function paid(shop = sandbox): Promise<string> {
  count += 1;
  const reference = `disputed-${count}`;
  await call('POST', '/transaction/initialize', { email: 'ada@example.com', amount: 150_000, reference }, shop.url);
  shop.pay(reference);
  return reference;
}

const disputed = async (options: Parameters<PaystackSandbox['openDispute']>[1] = {}) =>
  sandbox.openDispute(await paid(), options);
const eventsOf = (reference: string) => sandbox.webhooks({ reference }).map(({ event }) => event);
const evidence = { customer_email: 'a@x.ng', customer_name: 'Ada', customer_phone: '+234', service_details: 'A board' };

async function upload(id: number, bytes = Buffer.from('%PDF-1.7'), headers: Record<string, string> = {}) {
  const { data } = await call('GET', `/dispute/${id}/upload_url?upload_filename=receipt.pdf`);
  const { signedUrl, fileName } = uploadSchema.parse(data);
  const answer = await fetch(signedUrl, {
    method: 'PUT',
    headers: { 'content-type': 'application/pdf', ...headers },
    body: new Uint8Array(bytes),
  });
  return { signedUrl, fileName, status: answer.status, text: await answer.text() };
}

const answer = (id: number, body: object) =>
  call('PUT', `/dispute/${id}/resolve`, { message: 'It was delivered', refund_amount: 0, ...body });

describe('the file', () => {
  test('goes to another host, by an address that is the permission', async () => {
    const { id } = await disputed();
    const { signedUrl, fileName, status } = await upload(id);
    expect(status).toBe(200);
    expect(signedUrl.startsWith(`${sandbox.uploadUrl}/${fileName}?`)).toBe(true);
    expect(sandbox.uploadUrl).not.toBe(sandbox.url);
    expect(sandbox.uploadedFile(fileName)).toEqual(Buffer.from('%PDF-1.7'));
    const received = sandbox.uploads().find((one) => one.fileName === fileName);
    expect(received).toMatchObject({ disputeId: id, status: 200, contentType: 'application/pdf', authorized: false });
    const forged = await fetch(signedUrl.replace(/Signature=.{8}/, 'Signature=00000000'), { method: 'PUT', body: 'x' });
    expect(forged.status).toBe(403);
    expect(await call('GET', `/dispute/${id}/upload_url`)).toMatchObject({ httpStatus: 400, code: 'missing_params' });
  });

  test('is refused with an Authorization header, and above 5 MB', async () => {
    const { id } = await disputed();
    const leaked = await upload(id, Buffer.from('x'), { authorization });
    expect(leaked).toMatchObject({ status: 400, text: expect.stringContaining('Only one auth mechanism') });
    expect(sandbox.uploads().at(-1)).toMatchObject({ status: 400, authorized: true });
    expect(sandbox.uploadedFile(leaked.fileName)).toBeNull();
    expect(await upload(id, Buffer.alloc(5 * 1024 * 1024 + 1))).toMatchObject({
      status: 400,
      text: expect.stringContaining('EntityTooLarge'),
    });
  });

  test('is refused after half an hour', async () => {
    const late = await startPaystackSandbox({ secretKey });
    const { id } = late.openDispute(await paid(late));
    const { data } = await call('GET', `/dispute/${id}/upload_url?upload_filename=a.png`, undefined, late.url);
    late.advanceClock(HOUR / 2);
    const { signedUrl } = uploadSchema.parse(data);
    const refused = await fetch(signedUrl, { method: 'PUT', body: 'x' });
    expect(await refused.text()).toContain('Request has expired');
    await late.close();
  });

  test('has the faults of the API', async () => {
    const { id, reference } = await disputed();
    sandbox.script({ route: 'dispute.upload', reference, times: 1, fault: { kind: 'status', status: 503 } });
    const refused = await upload(id);
    expect([refused.status, sandbox.uploadedFile(refused.fileName)]).toEqual([503, null]);
    sandbox.script({ route: 'dispute.upload', reference, times: 1, carriedOut: true, fault: { kind: 'drop' } });
    await expect(upload(id)).rejects.toThrow();
    const [, lost] = sandbox.requests({ route: 'dispute.upload', reference });
    expect(lost).toMatchObject({ carriedOut: true, status: null });
  });
});

describe('an answer', () => {
  test('needs all that Paystack requires, and a file that was uploaded for this dispute', async () => {
    const [{ id }, other] = [await disputed(), await disputed()];
    const { fileName } = await upload(other.id);
    const complete = { resolution: 'declined', uploaded_filename: (await upload(id)).fileName };
    const refused = [
      [{ ...complete, resolution: undefined }, 'missing_params'],
      [{ ...complete, resolution: 'auto-accepted' }, 'invalid_params'],
      [{ ...complete, message: '' }, 'missing_params'],
      [{ ...complete, refund_amount: undefined }, 'missing_params'],
      [{ ...complete, refund_amount: 150_001 }, 'invalid_params'],
      [{ ...complete, uploaded_filename: undefined }, 'missing_params'],
      [{ ...complete, uploaded_filename: fileName }, 'invalid_params'],
      [{ ...complete, evidence: 7 }, 'invalid_params'],
      [{ ...complete, resolution: 'merchant-accepted' }, 'invalid_params'],
    ] as const;
    for (const [body, code] of refused) expect(await answer(id, body)).toMatchObject({ httpStatus: 400, code });
    expect(sandbox.dispute(id)).toMatchObject({ status: 'awaiting-merchant-feedback', fileName: null });
    expect(await answer(1, complete)).toMatchObject({ httpStatus: 404, code: 'dispute_not_found' });
  });

  test('that accepts a part ends the dispute and gives that part back', async () => {
    const { id, reference } = await disputed();
    const { fileName } = await upload(id);
    const reply = await answer(id, {
      resolution: 'merchant-accepted',
      refund_amount: 40_000,
      uploaded_filename: fileName,
    });
    expect(reply).toMatchObject({
      message: 'Dispute successfully resolved',
      data: { id, status: 'resolved', resolution: 'merchant-accepted', refund_amount: 40_000, attachments: fileName },
    });
    expect(sandbox.transaction(reference).refunds).toMatchObject([{ amount: 40_000, disputeId: id }]);
    expect(eventsOf(reference)).toEqual([
      ...['charge.success', 'charge.dispute.create', 'refund.processed', 'charge.dispute.resolve'],
    ]);
    expect(await answer(id, { resolution: 'declined', uploaded_filename: fileName })).toMatchObject({
      httpStatus: 400,
      code: 'dispute_resolved',
    });
  });

  test('that declines a fraud claim needs evidence, and ends when the bank decides, or at once by switch', async () => {
    const { id, reference } = await disputed({ category: 'fraud' });
    const declined = { resolution: 'declined', uploaded_filename: (await upload(id)).fileName };
    expect(await answer(id, declined)).toMatchObject({ httpStatus: 400, code: 'invalid_params' });
    for (const name of Object.keys(evidence)) {
      const incomplete = { ...evidence, [name]: '' };
      expect((await call('POST', `/dispute/${id}/evidence`, incomplete)).code).toBe('missing_params');
    }
    const added = await call('POST', `/dispute/${id}/evidence`, { ...evidence, delivery_date: '2026-03-02' });
    const given = evidenceSchema.parse(added.data);
    expect(given).toMatchObject({ ...evidence, dispute: id, delivery_date: '2026-03-02', delivery_address: null });
    const reply = await answer(id, { ...declined, evidence: given.id });
    expect(reply.data).toMatchObject({ status: 'awaiting-bank-feedback', resolution: 'declined', evidence: given });
    expect(eventsOf(reference)).not.toContain('charge.dispute.resolve');
    sandbox.resolveDispute(id, 'declined');
    expect((await call('GET', `/dispute/${id}`)).data).toMatchObject({ status: 'resolved', resolution: 'declined' });
    expect(eventsOf(reference).at(-1)).toBe('charge.dispute.resolve');
    sandbox.setSwitches({ declineAnnounced: 'at-once' });
    const quick = await disputed();
    await answer(quick.id, { resolution: 'declined', uploaded_filename: (await upload(quick.id)).fileName });
    expect(sandbox.dispute(quick.id)).toMatchObject({ status: 'resolved', resolution: 'declined' });
    expect(sandbox.transaction(quick.reference).status).toBe('success');
  });
});

describe('the amount', () => {
  test('is changed by an update, which replies with a list of one', async () => {
    const { id } = await disputed();
    expect(await call('PUT', `/dispute/${id}`, { refund_amount: 60_000 })).toMatchObject({
      message: 'Dispute updated successfully',
      data: [{ id, refund_amount: 60_000, status: 'awaiting-merchant-feedback' }],
    });
    expect(await call('PUT', `/dispute/${id}`, { refund_amount: 150_001 })).toMatchObject({
      httpStatus: 400,
      message: 'Refund amount cannot be greater than initial amount',
    });
  });

  test.each([
    ['before', ['refund.processed', 'charge.dispute.resolve']],
    ['between', ['refund.pending', 'charge.dispute.resolve', 'refund.processed']],
    ['after', ['charge.dispute.resolve', 'refund.processed']],
    ['none', ['charge.dispute.resolve']],
  ] as const)('of a lost dispute goes back as a refund that is announced: %s', async (disputeRefundEvents, events) => {
    sandbox.setSwitches({ disputeRefundEvents });
    const { id, reference } = await disputed();
    sandbox.resolveDispute(id, 'merchant-accepted');
    expect(eventsOf(reference).slice(2)).toEqual(events);
    const { refunds } = sandbox.transaction(reference);
    expect(refunds.map(({ status }) => status)).toEqual(disputeRefundEvents === 'none' ? [] : ['processed']);
  });
});

describe('by itself', () => {
  test('the deadline is the usual time after the opening, to the millisecond', async () => {
    let ms = Date.now();
    // Each reading is a millisecond later.
    const clock = {
      now() {
        ms += 1;
        return new Date(ms);
      },
    };
    const shop = await startPaystackSandbox({ secretKey, clock });
    try {
      const { id, dueAt, createdAt } = shop.openDispute(await paid(shop));
      expect(Date.parse(dueAt ?? '') - Date.parse(createdAt)).toBe(16 * HOUR);
      shop.resolveDispute(id, 'declined');
      const again = shop.reopenDispute(id);
      expect(Date.parse(again.dueAt ?? '') - Date.parse(again.history.at(-1)?.at ?? '')).toBe(16 * HOUR);
    } finally {
      await shop.close();
    }
  });

  test('a dispute without an answer is accepted at its deadline, in the order of the deadlines', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sandbox-disputes-'));
    const shop = await startPaystackSandbox({ secretKey, folder });
    const start = shop.time().getTime();
    const inHours = (hours: number) => ({ dueAt: new Date(start + hours * HOUR) });
    const late = shop.openDispute(await paid(shop), inHours(9));
    const early = shop.openDispute(await paid(shop), inHours(3));
    const open = shop.openDispute(await paid(shop), { noDeadline: true });
    const later = shop.openDispute(await paid(shop), inHours(30));
    const usual = shop.openDispute(await paid(shop));
    expect(Date.parse(usual.dueAt ?? '') - Date.parse(usual.createdAt)).toBe(16 * HOUR);
    shop.advanceClock(2 * HOUR);
    expect(shop.dispute(early.id).status).toBe('awaiting-merchant-feedback');
    shop.advanceClock(10 * HOUR);
    const ended = shop.webhooks({ event: 'charge.dispute.resolve' }).map(({ reference }) => reference);
    expect(ended).toEqual([early.reference, late.reference]);
    expect(shop.dispute(early.id)).toMatchObject({ resolution: 'auto-accepted', resolvedAt: early.dueAt });
    expect(shop.transaction(early.reference)).toMatchObject({ status: 'reversed', refunds: [{ amount: 150_000 }] });
    await shop.close();
    const again = await startPaystackSandbox({ secretKey, folder });
    again.advanceClock(30 * HOUR);
    expect(again.dispute(later.id).resolution).toBe('auto-accepted');
    expect(again.dispute(open.id).status).toBe('awaiting-merchant-feedback');
    await again.close();
    rmSync(folder, { recursive: true });
  });

  test.each(['same', 'new'] as const)('pre-arbitration opens a won dispute again, under the %s id', async (id) => {
    sandbox.setSwitches({ preArbitrationId: id });
    const won = await disputed();
    expect(() => sandbox.reopenDispute(won.id)).toThrow('Only a dispute that the merchant has won');
    sandbox.resolveDispute(won.id, 'declined');
    const dueAt = new Date(sandbox.time().getTime() + 5 * HOUR);
    const opened = sandbox.reopenDispute(won.id, { dueAt });
    expect(opened.id === won.id).toBe(id === 'same');
    expect(opened).toMatchObject({ status: 'awaiting-merchant-feedback', resolution: null });
    expect(opened).toMatchObject({ dueAt: dueAt.toISOString(), evidence: null, reference: won.reference });
    // A new one may begin in the millisecond in which the old one began.
    expect(opened.updatedAt > won.updatedAt || (id === 'new' && opened.updatedAt === won.updatedAt)).toBe(true);
    expect(eventsOf(won.reference).at(-1)).toBe('charge.dispute.create');
  });
});
