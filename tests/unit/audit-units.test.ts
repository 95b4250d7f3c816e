/** The audit of units (I18) and of the history of shipments (I5, I6): each rule is broken once, on purpose. */
import { describe, expect, test } from '@jest/globals';
import { toActionKey } from '../../models/action-key.ts';
import { statusPathCheck } from '../../models/audit/history.ts';
import type { OrderCheck } from '../../models/audit/scan-orders.ts';
import { shipmentEntriesCheck, unitsCheck } from '../../models/audit/units.ts';
import type { HistoryEntry, HistoryEvent } from '../../models/order/history.ts';
import type { Order } from '../../models/order/order-document.ts';
import { aConfirmedOrder, aRefund, aShipment, PLACED_AT } from '../support/an-order.ts';

const scope = { now: PLACED_AT, graceMs: 0, since: null, domain: 'test' as const };
const inspect = (check: OrderCheck, order: Order) => check.inspect({ order, emails: [], movements: [] }, scope);

/** Two units of one line, shipped in one parcel. */
const shipped = (overrides: Partial<Order> = {}) =>
  aConfirmedOrder({ status: 'shipped', shipments: [aShipment()], ...overrides });
const line = (changes: object) => ({ lineId: 1, unshipped: 0, shipped: 0, restock: 0, ...changes });
const withLines = (...lines: ReturnType<typeof line>[]) => [aRefund({ amount: 1, lines })];

describe('units', () => {
  test.each<[string, Order]>([
    ['confirmed', aConfirmedOrder()],
    ['shipped', shipped()],
    ['delivered', shipped({ status: 'delivered', shipments: [aShipment({ deliveredAt: PLACED_AT })] })],
    ['shipped in part', aConfirmedOrder({ shipments: [aShipment({ lines: [{ lineId: 1, quantity: 1 }] })] })],
    ['voided', aConfirmedOrder({ shipments: [aShipment({ voidedAt: PLACED_AT })] })],
    ['shipped and given back', shipped({ refunds: withLines(line({ shipped: 2 })) })],
    ['cancelled with its shipment', shipped({ status: 'cancelled' })],
  ])('of an order that is %s have no finding', (_, order) => {
    expect(inspect(unitsCheck, order)).toEqual([]);
  });

  test.each<[string, Order, RegExp]>([
    [
      'shipped twice',
      shipped({ shipments: [aShipment(), aShipment({ shipmentId: 's2' })] }),
      /0 withdrawn and 4 shipped/,
    ],
    [
      'withdrawn and shipped',
      shipped({ refunds: withLines(line({ unshipped: 1 })) }),
      /1 withdrawn and 2 shipped of 2/,
    ],
    ['given back before they left', aConfirmedOrder({ refunds: withLines(line({ shipped: 1 })) }), /1 came back of 0/],
    ['of a line that does not exist', shipped({ refunds: withLines(line({ lineId: 2 })) }), /names line 2 of 1/],
    ['named twice', shipped({ refunds: withLines(line({}), line({})) }), /names a line twice/],
    ['negative', shipped({ refunds: withLines(line({ unshipped: -1 })) }), /has -1 and 0 of line 1/],
    ['fractions', aConfirmedOrder({ shipments: [aShipment({ lines: [{ lineId: 1, quantity: 0.5 }] })] }), /0\.5 units/],
    ['none at all', aConfirmedOrder({ shipments: [aShipment({ lines: [] })] }), /has no lines/],
    ['all shipped, and the status does not follow', shipped({ status: 'confirmed' }), /confirmed instead of shipped/],
    ['not shipped, and the status says so', aConfirmedOrder({ status: 'shipped' }), /shipped instead of confirmed/],
    ['of a pending order', shipped({ status: 'pending' }), /a pending order has shipments/],
  ])('that are %s are found', (_, order, problem) => {
    expect(inspect(unitsCheck, order)).toContainEqual(expect.stringMatching(problem));
  });
});

const statuses = { status: 'shipped', paymentStatus: 'paid' } as const;
function entries(...events: (HistoryEvent & { keyId?: string })[]): HistoryEntry[] {
  return events.map(({ keyId = 's1', ...event }, index) => ({
    ...event,
    seq: index + 1,
    at: PLACED_AT,
    actor: 'staff:1',
    ...(event.type === 'shipment_created' ? { key: toActionKey(keyId, null) } : {}),
    from: statuses,
    to: statuses,
  }));
}
const data = { shipmentId: 's1' };
const CREATED = { type: 'shipment_created', data } as const;
const DELIVERED = { type: 'shipment_delivered', data } as const;
const UNDONE = { type: 'delivery_undone', data } as const;
const VOIDED = { type: 'shipment_voided', data } as const;

describe('the history of a shipment', () => {
  test('that was delivered, undone, delivered again and voided replays to it', () => {
    const shipments = [aShipment({ deliveredAt: PLACED_AT, voidedAt: PLACED_AT })];
    const history = entries(CREATED, DELIVERED, UNDONE, DELIVERED, VOIDED);
    expect(inspect(shipmentEntriesCheck, aConfirmedOrder({ shipments, history }))).toEqual([]);
  });

  test.each<[string, Partial<Order>, RegExp]>([
    ['a shipment that no entry creates', { history: [] }, /0 entries create/],
    ['a shipment that two entries create', { history: entries(CREATED, CREATED) }, /2 entries create/],
    ['another key', { history: entries({ ...CREATED, keyId: 'other' }) }, /without its key/],
    ['a delivery that is not stored', { history: entries(CREATED, DELIVERED) }, /delivered by its entries only/],
    [
      'a stored delivery that was undone',
      { shipments: [aShipment({ deliveredAt: PLACED_AT })], history: entries(CREATED, DELIVERED, UNDONE) },
      /delivered without an entry/,
    ],
    ['a void that is not stored', { history: entries(CREATED, VOIDED) }, /1 entries void/],
    [
      'a stored void without an entry',
      { shipments: [aShipment({ voidedAt: PLACED_AT })], history: entries(CREATED) },
      /0 entries void/,
    ],
    ['an entry of an unknown shipment', { shipments: [], history: entries(CREATED) }, /unknown shipment s1/],
    [
      'two shipments of one id',
      { shipments: [aShipment(), aShipment()], history: entries(CREATED) },
      /a shipment id occurs twice/,
    ],
  ])('finds %s', (_, overrides, problem) => {
    expect(inspect(shipmentEntriesCheck, shipped(overrides))).toContainEqual(expect.stringMatching(problem));
  });
});

describe('the path of the status', () => {
  const placed: HistoryEntry = {
    seq: 1,
    at: PLACED_AT,
    actor: 'customer',
    type: 'order_placed',
    from: null,
    to: { status: 'pending', paymentStatus: 'unpaid' },
  };
  const step = (event: HistoryEvent, from: Order['status'], to: Order['status']): HistoryEntry => ({
    ...event,
    seq: 2,
    at: PLACED_AT,
    actor: 'staff:1',
    from: { status: from, paymentStatus: 'paid' },
    to: { status: to, paymentStatus: 'paid' },
  });
  const path = (event: HistoryEvent, from: Order['status'], to: Order['status']) =>
    inspect(statusPathCheck, aConfirmedOrder({ history: [placed, step(event, from, to)] }));

  test('leads back only by a voided shipment or an undone delivery', () => {
    expect(path(VOIDED, 'delivered', 'confirmed')).toEqual([]);
    expect(path(UNDONE, 'delivered', 'shipped')).toEqual([]);
    expect(path(DELIVERED, 'delivered', 'shipped')).toEqual([expect.stringMatching(/goes back from delivered/)]);
    expect(path({ type: 'refund_failed', data: { refundId: 'r', amount: 1 } }, 'shipped', 'confirmed')).toHaveLength(1);
  });
});
