/**
 * The units of an order over random histories of shipments and refunds, by the decisions themselves. The lines add up, the
 * status follows from them, and each move of it is in the table.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toActionKey } from '../../models/action-key.ts';
import { unitsCheck } from '../../models/audit/units.ts';
import { isAppError } from '../../models/errors.ts';
import { decideShipment } from '../../models/fulfilment/create-shipment.ts';
import { decideDelivery, decideUndoDelivery } from '../../models/fulfilment/deliver-shipment.ts';
import { decideVoid } from '../../models/fulfilment/void-shipment.ts';
import { OrderConflict } from '../../models/order/guards.ts';
import type { Order, Refund } from '../../models/order/order-document.ts';
import { type OrderChange, toOrderWrite } from '../../models/order/order-write.ts';
import { canOrderGo, isStepBack } from '../../models/order/status.ts';
import { hasGivenBackUnits, isPartlyShipped, statusOfUnits, unitsByLine } from '../../models/order/units.ts';
import { aConfirmedOrder, aRefund, aShipment, PLACED_AT, REFERENCE } from '../support/an-order.ts';
import { randomRuns, sameRuns } from '../support/property-runs.ts';

const RUNS = randomRuns(250);
const now = PLACED_AT;
const actor = 'staff:1' as const;

const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % list.length];

/** An order of two lines, of 1 to 4 units each, whose charge is large enough for every refund. */
const start = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })).map((quantities): Order => {
  const order = aConfirmedOrder();
  const [item] = order.items;
  if (item === undefined) throw new Error('an order has an item');
  return { ...order, items: quantities.map((quantity) => ({ ...item, quantity })) };
});

const step = fc.record({
  what: fc.constantFrom('ship', 'ship', 'ship', 'deliver', 'deliver', 'undo', 'void', 'withdraw', 'give back', 'fail'),
  which: fc.nat({ max: 9 }),
  units: fc.integer({ min: 1, max: 3 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The change that the step decides on; null when it changes nothing. Refusals are thrown. */
function changeOf(order: Order, { what, which, units }: Step, n: number): OrderChange | null {
  const shipmentId = pick(order.shipments ?? [], which)?.shipmentId ?? 'none';
  const reason = 'a mistake';
  const lineId = (which % order.items.length) + 1;
  switch (what) {
    case 'ship': {
      const key = toActionKey(`key-${n}`, null);
      const lines = which < 3 ? {} : { lines: [{ lineId, quantity: units }] };
      return decideShipment(order, { key, kind: 'parcel', domain: 'test', otherDomain: false, ...lines, actor, now });
    }
    case 'deliver':
      return decideDelivery(order, { shipmentId, actor, now });
    case 'undo':
      return decideUndoDelivery(order, { shipmentId, reason, actor, now });
    case 'void':
      return decideVoid(order, { shipmentId, reason, actor, now });
    case 'fail':
      return failRefund(order, which);
    default:
      return refundUnits(order, { what, lineId, units }, n);
  }
}

/** As a refund by lines: bounded by what is left to ship, or by what was shipped and has not come back. */
function refundUnits(
  order: Order,
  { what, lineId, units }: { what: 'withdraw' | 'give back'; lineId: number; units: number },
  n: number,
): OrderChange | null {
  const line = unitsByLine(order)[lineId - 1];
  if (line === undefined) return null;
  const most = what === 'withdraw' ? line.toShip : line.shipped - line.givenBack;
  const taken = Math.min(most, units);
  const [unshipped, shipped] = what === 'withdraw' ? [taken, 0] : [0, taken];
  if (taken === 0) return null;
  const refund: Refund = aRefund({
    refundId: `r${n}`,
    amount: 1,
    lines: [{ lineId, unshipped, shipped, restock: taken }],
  });
  const data = { refundId: refund.refundId, reference: REFERENCE, amount: 1, cause: 'staff' } as const;
  return { set: { refunds: [...order.refunds, refund] }, actor, event: { type: 'refund_requested', data } };
}

/** A refund that fails keeps its lines: the money is then still owed, the goods are not. */
function failRefund(order: Order, which: number): OrderChange | null {
  const refund = pick(order.refunds, which);
  if (refund?.state !== 'requested') return null;
  const refunds = order.refunds.map((one) => (one === refund ? { ...one, state: 'failed' as const } : one));
  const data = { refundId: refund.refundId, amount: refund.amount };
  return { set: { refunds }, actor: 'paystack', event: { type: 'refund_failed', data } };
}

function apply(order: Order, change: OrderChange): Order {
  const { after, entry } = toOrderWrite(order, change, now);
  return { ...after, history: entry === null ? order.history : [...order.history, entry] };
}

/** The order after the step; the same order when the step is refused. */
function after(order: Order, one: Step, n: number): Order {
  try {
    const change = changeOf(order, one, n);
    return change === null ? order : apply(order, change);
  } catch (error) {
    if (error instanceof OrderConflict || isAppError(error, 'NOT_FOUND')) return order;
    throw error;
  }
}

/** Returns the steps that took effect. */
function playSteps(runs: fc.Parameters<[Order, Step[]]>): ReadonlySet<string> {
  const seen = new Set<string>();
  fc.assert(
    fc.property(start, fc.array(step, { minLength: 1, maxLength: 14 }), (first, steps) => {
      let order = first;
      for (const [n, one] of steps.entries()) {
        const next = after(order, one, n);
        if (next !== order) seen.add(one.what);
        for (const { ordered, unshipped, shipped, toShip, givenBack, restocked } of unitsByLine(next)) {
          expect(toShip).toBeGreaterThanOrEqual(0);
          expect(unshipped + shipped + toShip).toBe(ordered);
          expect(givenBack).toBeLessThanOrEqual(shipped);
          expect(restocked).toBeLessThanOrEqual(unshipped + givenBack);
        }
        expect(next.status).toBe(statusOfUnits(next));
        if (next.status !== order.status) expect(canOrderGo(order.status, next.status)).toBe(true);
        if (isStepBack(order.status, next.status)) expect(['undo', 'void']).toContain(one.what);
        expect(unitsCheck.inspect({ order: next, emails: [], movements: [] }, AUDIT)).toEqual([]);
        order = next;
      }
    }),
    runs,
  );
  return seen;
}

test('over random histories the units add up, the status follows from them, and each move is allowed', () => {
  playSteps(RUNS);
});

test('in the random histories each step takes effect', () => {
  const seen = playSteps(sameRuns(120));
  for (const what of ['ship', 'deliver', 'undo', 'void', 'withdraw', 'give back', 'fail']) expect(seen).toContain(what);
});

const AUDIT = { now, graceMs: 0, since: null, domain: 'test' as const };

describe('the status of units', () => {
  const of = (quantity: number, overrides: Partial<Order>): Order => {
    const order = aConfirmedOrder(overrides);
    return { ...order, items: order.items.map((item) => ({ ...item, quantity })) };
  };
  const one = (changes: object = {}) => aShipment({ lines: [{ lineId: 1, quantity: 1 }], ...changes });
  const delivered = { deliveredAt: now };
  const refund = (unshipped: number, shipped = 0) =>
    aRefund({ amount: 1, lines: [{ lineId: 1, unshipped, shipped, restock: 0 }] });

  test.each<[string, Order, string, boolean]>([
    ['nothing shipped', of(3, {}), 'confirmed', false],
    ['one of three', of(3, { shipments: [one()] }), 'confirmed', true],
    ['one of three, delivered', of(3, { shipments: [one(delivered)] }), 'confirmed', true],
    [
      'one of three, delivered, and two refunded',
      of(3, { shipments: [one(delivered)], refunds: [refund(2)] }),
      'delivered',
      false,
    ],
    ['one of three, and two refunded', of(3, { shipments: [one()], refunds: [refund(2)] }), 'shipped', false],
    ['two parcels, one delivered', of(2, { shipments: [one(delivered), one({ shipmentId: 's2' })] }), 'shipped', false],
    [
      'a delivered parcel that is voided',
      of(1, { shipments: [one({ ...delivered, voidedAt: now })] }),
      'confirmed',
      false,
    ],
    ['delivered and given back', of(1, { shipments: [one(delivered)], refunds: [refund(0, 1)] }), 'delivered', false],
  ])('%s', (_, order, status, partial) => {
    expect(statusOfUnits(order)).toBe(status);
    expect(isPartlyShipped(order)).toBe(partial);
  });

  test('a shipment is kept when units that came back can only be of it', () => {
    const parcels = [one(), one({ shipmentId: 's2' })];
    const [first] = parcels;
    if (first === undefined) throw new Error('there are two');
    expect(hasGivenBackUnits(of(2, { shipments: parcels }), first)).toBe(false);
    expect(hasGivenBackUnits(of(2, { shipments: parcels, refunds: [refund(0, 1)] }), first)).toBe(false);
    expect(hasGivenBackUnits(of(2, { shipments: parcels, refunds: [refund(0, 2)] }), first)).toBe(true);
    expect(hasGivenBackUnits(of(1, { shipments: [first], refunds: [refund(0, 1)] }), first)).toBe(true);
  });
});
