/** Parsing of Paystack's data: tolerant of variants, strict about money, and without the payer's personal data. */
import { describe, expect, test } from '@jest/globals';
import { parseJsonKeepingDigits } from '../../server/paystack/json.ts';
import { payoutChargeSchema, payoutSchema } from '../../server/paystack/payout-reports.ts';
import {
  chargeSchema,
  disputeSchema,
  isReference,
  refundedByRowSchema,
  refundRowSchema,
  refundSchema,
} from '../../server/paystack/reports.ts';
import { nextPageOf } from '../../server/paystack/schemas.ts';
import { parseWebhookEvent } from '../../server/paystack/webhook-event.ts';

const charge = {
  id: 4099260516,
  domain: 'test',
  status: 'success',
  reference: 'ord-ABC-1',
  amount: 150_000,
  requested_amount: 150_000,
  currency: 'NGN',
  paid_at: '2026-01-02T03:04:05.000Z',
  channel: 'card',
  gateway_response: 'Approved',
  metadata: '',
  log: null,
  authorization: { authorization_code: 'AUTH_x', last4: '4081' },
  customer: { email: 'payer@example.com' },
};

describe('a charge', () => {
  test('keeps only the fields of the report', () => {
    expect(chargeSchema.parse(charge)).toEqual({
      fees: null,
      gatewayId: '4099260516',
      reference: 'ord-ABC-1',
      domain: 'test',
      status: 'success',
      amount: 150_000,
      requestedAmount: 150_000,
      currency: 'NGN',
      paidAt: new Date('2026-01-02T03:04:05.000Z'),
      channel: 'card',
      gatewayResponse: 'Approved',
    });
  });

  test('takes paidAt where paid_at is missing or null, and null where neither can be read', () => {
    const { paid_at: _, ...without } = charge;
    expect(chargeSchema.parse({ ...without, paidAt: '2026-01-02T03:04:05Z' }).paidAt).toEqual(
      new Date('2026-01-02T03:04:05Z'),
    );
    expect(chargeSchema.parse({ ...charge, paid_at: null, paidAt: '2026-01-02' }).paidAt).toEqual(
      new Date('2026-01-02'),
    );
    expect(chargeSchema.parse({ ...charge, paid_at: 'yesterday' }).paidAt).toBeNull();
    expect(chargeSchema.parse(without).paidAt).toBeNull();
  });

  test.each([['123'], ['18446744073709551615']])('has a text id when Paystack sends %s as text', (id) => {
    expect(chargeSchema.parse({ ...charge, id }).gatewayId).toBe(id);
  });

  test.each([[''], [null], [0], [{ orderId: 'x' }]])('may carry metadata %p', (metadata) => {
    expect(chargeSchema.safeParse({ ...charge, metadata }).success).toBe(true);
  });

  test('has no requested amount, channel or answer of the bank when Paystack does not say', () => {
    const { requested_amount: _a, channel: _b, gateway_response: _c, ...bare } = charge;
    expect(chargeSchema.parse(bare)).toMatchObject({ requestedAmount: null, channel: null, gatewayResponse: null });
    expect(chargeSchema.parse({ ...charge, requested_amount: null }).requestedAmount).toBeNull();
  });

  test.each([['1000'], [10.5], [-1], [1e21], [2 ** 53], [null], [undefined], [Number.NaN], [[1000]]])(
    'is malformed with the amount %p',
    (amount) => {
      expect(chargeSchema.safeParse({ ...charge, amount }).success).toBe(false);
      if (amount !== null && amount !== undefined) {
        expect(chargeSchema.safeParse({ ...charge, requested_amount: amount }).success).toBe(false);
      }
    },
  );

  test.each([['id'], ['domain'], ['status'], ['reference'], ['amount'], ['currency']])(
    'is malformed without %s',
    (field) => {
      expect(chargeSchema.safeParse({ ...charge, [field]: undefined }).success).toBe(false);
    },
  );
});

describe('a refund', () => {
  const refund = { id: 7, status: 'needs-attention', amount: 500, currency: 'NGN', merchant_note: 'rf:1' };

  test('is reduced to its report', () => {
    expect(refundSchema.parse({ ...refund, customer: { email: 'payer@example.com' } })).toEqual({
      gatewayRefundId: '7',
      disputeId: null,
      status: 'needs-attention',
      amount: 500,
      currency: 'NGN',
      merchantNote: 'rf:1',
    });
  });

  test('may have its amount in digits, and no note', () => {
    expect(refundSchema.parse({ ...refund, amount: '500', merchant_note: null })).toMatchObject({
      amount: 500,
      merchantNote: null,
    });
  });

  test('names its transaction by number, by text or by object, or not at all', () => {
    expect(refundRowSchema.parse({ transaction: 12 })).toBe('12');
    expect(refundRowSchema.parse({ transaction: '12' })).toBe('12');
    expect(refundRowSchema.parse({ transaction: { id: 12, reference: 'r' } })).toBe('12');
    expect(refundRowSchema.parse({})).toBeNull();
    expect(refundRowSchema.parse({ transaction: 'nonsense' })).toBeNull();
  });
});

describe('references', () => {
  test.each([['ord-ABC-1'], ['a.b=c'], ['x'.repeat(100)]])('%s may go into a path', (reference) => {
    expect(isReference(reference)).toBe(true);
  });
  test.each([
    [''],
    ['.'],
    ['..'],
    ['a/b'],
    ['a_b'],
    ['a?b'],
    ['a%2fb'],
    ['a b'],
    ['a\n'],
    ['x'.repeat(101)],
    [7],
    [null],
  ])('%p may not', (reference) => {
    expect(isReference(reference)).toBe(false);
  });
});

describe('JSON', () => {
  test('integers beyond 2^53 keep all their digits, as text', () => {
    expect(parseJsonKeepingDigits('{"id":18446744073709551615,"n":[-9007199254740993]}')).toEqual({
      id: '18446744073709551615',
      n: ['-9007199254740993'],
    });
  });

  test('every other number, and digits inside strings, stay what they are', () => {
    const text =
      '{"a":9007199254740991,"b":1e21,"c":"\\"18446744073709551615\\\\","d":1000.0,"18446744073709551615":1}';
    expect(parseJsonKeepingDigits(text)).toEqual(JSON.parse(text));
  });

  test('what is no JSON throws', () => {
    expect(() => parseJsonKeepingDigits('{"id":18446744073709551615')).toThrow(SyntaxError);
  });

  test('a string of megabytes beside a large id is no obstacle', () => {
    const text = JSON.stringify({ long: '\\"'.repeat(1_000_000) }).replace('}', ',"id":18446744073709551615}');
    expect(parseJsonKeepingDigits(text)).toMatchObject({ id: '18446744073709551615' });
  });
});

describe('pages', () => {
  test('end where the counts of meta say', () => {
    expect(nextPageOf({ pageCount: 3 }, 2, 100)).toBe(3);
    expect(nextPageOf({ pageCount: 3 }, 3, 10)).toBeNull();
    expect(nextPageOf({ total: 120, perPage: 50 }, 2, 50)).toBe(3);
    expect(nextPageOf({ total: '120', perPage: '50' }, 3, 20)).toBeNull();
  });

  test('end with the first empty one when meta says nothing', () => {
    expect(nextPageOf(null, 1, 3)).toBe(2);
    expect(nextPageOf({ total: 'many' }, 2, 0)).toBeNull();
  });
});

describe('webhook events', () => {
  const parse = (value: unknown) => parseWebhookEvent(Buffer.from(JSON.stringify(value)));

  test('charge.success carries the charge and its reference', () => {
    const event = parse({ event: 'charge.success', data: charge });
    expect(event).toMatchObject({ kind: 'charge', event: 'charge.success', reference: 'ord-ABC-1' });
    expect(event.charge).toEqual(chargeSchema.parse(charge));
  });

  test('a charge that lacks a field has no charge, but still the reference to ask about', () => {
    const event = parse({ event: 'charge.success', data: { ...charge, amount: '150000' } });
    expect(event).toMatchObject({ kind: 'charge', charge: null, reference: 'ord-ABC-1' });
  });

  test('any JSON encoding of the same amount is the same charge', () => {
    const text = `{ "event" : "charge\\u002esuccess", "data": ${JSON.stringify(charge).replace('"amount":150000', '"amount":150000.0')} }`;
    expect(parseWebhookEvent(Buffer.from(text)).charge?.amount).toBe(150_000);
  });

  test('refund events name the charge, whichever way they do', () => {
    expect(parse({ event: 'refund.processed', data: { transaction_reference: 'ord-A-1' } })).toEqual({
      kind: 'refund',
      event: 'refund.processed',
      charge: null,
      reference: 'ord-A-1',
    });
    expect(parse({ event: 'refund.failed', data: { transaction: { reference: 'ord-A-1' } } }).reference).toBe(
      'ord-A-1',
    );
  });

  test('dispute events carry the dispute, whichever way its due date is spelt', () => {
    for (const due of ['due_at', 'dueAt']) {
      const data = {
        id: 358950,
        status: 'pending',
        [due]: '2026-02-03T00:00:00Z',
        transaction: { reference: 'ord-A-1' },
      };
      expect(parse({ event: 'charge.dispute.create', data })).toEqual({
        kind: 'dispute',
        event: 'charge.dispute.create',
        charge: null,
        reference: 'ord-A-1',
        dispute: { id: '358950', dueAt: new Date('2026-02-03T00:00:00Z') },
      });
    }
  });

  test('a dispute without an id has none, and keeps its reference', () => {
    const event = parse({ event: 'charge.dispute.remind', data: { transaction: { reference: 'ord-A-1' } } });
    expect(event).toEqual({ kind: 'dispute', event: 'charge.dispute.remind', charge: null, reference: 'ord-A-1' });
  });

  test.each([
    [{ event: 'transfer.success', data: {} }, 'other'],
    [{ event: 'charge.success', data: null }, 'charge'],
    [{ event: 'charge.success' }, 'charge'],
    [{ event: 'charge.success', data: { reference: { $ne: null } } }, 'charge'],
    [{ event: 'charge.success', data: { reference: '../refund' } }, 'charge'],
    [{ event: 'refund.pending', data: 'text' }, 'refund'],
    [{ event: 'charge.dispute.create', data: { transaction: null } }, 'dispute'],
  ])('%j is read without an exception and names no reference', (body, kind) => {
    expect(parse(body)).toMatchObject({ kind, charge: null, reference: null });
  });

  test.each([
    ['bad JSON', Buffer.from('{"event":')],
    ['nothing', Buffer.alloc(0)],
    ['null', Buffer.from('null')],
    ['an array', Buffer.from('[]')],
    ['no name', Buffer.from('{"data":{}}')],
    ['a name that is no text', Buffer.from('{"event":{"a":1}}')],
    ['not UTF-8', Buffer.from([0xff, 0xfe, 0x00])],
    ['depth 10,000', Buffer.from('['.repeat(10_000))],
  ])('%s, rightly signed, is unreadable and no exception', (_name, bytes) => {
    expect(parseWebhookEvent(bytes)).toEqual({ kind: 'unreadable', event: '', charge: null, reference: null });
  });

  test('a deeply nested body under a proper name is read', () => {
    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    expect(parseWebhookEvent(Buffer.from(`{"event":"charge.success","data":${deep}}`)).kind).toBe('charge');
  });
});

test('a refund or a dispute is read without the members that samples of Paystack lack', () => {
  expect(refundedByRowSchema.parse({ id: 1, transaction: 1641 })).toEqual({ reference: null, gatewayId: '1641' });
  const times = { createdAt: '2026-02-03T00:00:00Z', updatedAt: '2026-02-03T00:00:00Z' };
  expect(disputeSchema.parse({ id: 7, status: 'pending', transaction: 1641, ...times }).disputeId).toBe('7');
});

describe('rows of the lists', () => {
  test('a dispute may name its charge by id alone, and lack every member that is not needed', () => {
    const report = disputeSchema.parse({ id: 9, status: 'pending', transaction: 12 });
    expect(report).toMatchObject({ disputeId: '9', reference: null, gatewayId: '12', amount: null, updatedAt: null });
    expect(disputeSchema.parse({ id: 9, status: 'pending' })).toMatchObject({ reference: null, gatewayId: null });
  });

  test('a refund may name its charge by id, by object or by its reference', () => {
    expect(refundedByRowSchema.parse({ transaction: 12 })).toEqual({ reference: null, gatewayId: '12' });
    expect(refundedByRowSchema.parse({ transaction: { id: 12, reference: 'r-1' } })).toEqual({
      reference: 'r-1',
      gatewayId: '12',
    });
    expect(refundedByRowSchema.parse({ transaction: 12, transaction_reference: 'r-1' }).reference).toBe('r-1');
  });

  const payout = {
    ...{ id: 3090024, domain: 'live', status: 'success', currency: 'NGN', integration: 1, settled_by: null },
    ...{ total_amount: 995, effective_amount: 994, total_fees: 5, total_processed: 1_000, deductions: null },
    ...{ settlement_date: '2022-11-09T00:00:00.000Z', createdAt: '2022-11-08T23:00:00.000Z' },
  };

  test('a payout is reduced to its report; what reaches the bank is the effective amount', () => {
    expect(payoutSchema.parse(payout)).toEqual({
      ...{ payoutId: '3090024', domain: 'live', status: 'success', currency: 'NGN' },
      ...{ gross: 1_000, fees: 5, deductions: 0, net: 994 },
      ...{ paidOn: new Date('2022-11-09'), createdAt: new Date('2022-11-08T23:00:00Z') },
    });
    const { effective_amount: _, ...older } = payout;
    expect(payoutSchema.parse({ ...older, settlement_date: null })).toMatchObject({ net: 995, paidOn: null });
  });

  test.each([['total_processed'], ['total_amount'], ['id'], ['status'], ['currency']])(
    'a payout is malformed without %s',
    (field) => {
      expect(payoutSchema.safeParse({ ...payout, [field]: undefined }).success).toBe(false);
    },
  );

  test('a charge in a payout keeps its fees, and null where Paystack does not say', () => {
    const row = {
      id: 1,
      reference: 'any text',
      amount: 5_000,
      fees: 75,
      currency: 'NGN',
      customer: { email: 'a@b.c' },
    };
    expect(payoutChargeSchema.parse(row)).toEqual({
      ...{ gatewayId: '1', reference: 'any text', amount: 5_000, fees: 75, currency: 'NGN' },
    });
    expect(payoutChargeSchema.parse({ ...row, fees: null }).fees).toBeNull();
    expect(payoutChargeSchema.safeParse({ ...row, fees: 1.5 }).success).toBe(false);
  });

  test('an unreadable fee of a charge is a missing one', () => {
    expect(chargeSchema.parse({ ...charge, fees: 1_000 }).fees).toBe(1_000);
    expect(chargeSchema.parse({ ...charge, fees: '1000' }).fees).toBeNull();
  });
});
