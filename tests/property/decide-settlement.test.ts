/** Properties of decideSettlement. A failure prints its seed, which repeats the case. */
import { describe, test } from '@jest/globals';
import fc from 'fast-check';
import type { ReservationState } from '../../models/order/order-document.ts';
import {
  decideSettlement,
  type OrderToSettle,
  type SettlementDecision,
} from '../../models/settlement/decide-settlement.ts';
import { randomRuns } from '../support/property-runs.ts';

const RUNS = randomRuns(2_000);

/** Few variants and small numbers, so that orders compete. No stock list contains `missing`. */
const VARIANTS = ['a', 'b', 'c', 'missing'];
const line = fc.record({
  variantId: fc.constantFrom(...VARIANTS),
  quantity: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 4 }) }, fc.integer({ min: 1, max: 999 })),
});
const reservation: fc.Arbitrary<ReservationState> = fc.constantFrom('none', 'none', 'none', 'reserved');
const orders = fc
  .array(fc.record({ reservation, lines: fc.array(line, { minLength: 1, maxLength: 4 }) }), { maxLength: 12 })
  .map((generated) => generated.map((order, index): OrderToSettle => ({ id: `o${index}`, ...order })));
const stock = fc.record({ a: fc.nat(12), b: fc.nat(12), c: fc.nat(3) }).map((units) => new Map(Object.entries(units)));

interface Case {
  orders: OrderToSettle[];
  stock: Map<string, number>;
  decision: SettlementDecision;
}

/** Checks `holds` on random cases; false or an exception is a counterexample. */
function always(holds: (given: Case) => boolean): void {
  fc.assert(
    fc.property(orders, stock, (orders, stock) => holds({ orders, stock, decision: decideSettlement(orders, stock) })),
    RUNS,
  );
}

/** Units per variant over all lines. */
function unitsOf(orders: readonly OrderToSettle[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const { variantId, quantity } of orders.flatMap(({ lines }) => lines))
    units.set(variantId, (units.get(variantId) ?? 0) + quantity);
  return units;
}

const sameUnits = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>) =>
  a.size === b.size && [...a].every(([id, units]) => b.get(id) === units);

const chosen = (orders: readonly OrderToSettle[], ids: readonly string[]) =>
  orders.filter(({ id }) => ids.includes(id));

describe('for any queue and any stock', () => {
  test('settlement never takes more than there is in stock', () =>
    always(({ stock, decision }) =>
      decision.takes.every(({ variantId, fromStock }) => fromStock <= (stock.get(variantId) ?? 0)),
    ));

  test('every order is confirmed or cancelled, once, in the order given', () =>
    always(({ orders, decision: { confirmed, cancelled } }) => {
      const ids = orders.map(({ id }) => id);
      const inOrder = (part: string[]) => part.join() === ids.filter((id) => part.includes(id)).join();
      const whole = [...confirmed, ...cancelled].sort().join() === [...ids].sort().join();
      return whole && inOrder(confirmed) && inOrder(cancelled);
    }));

  test('an order with reserved stock is always confirmed', () =>
    always(({ orders, decision }) =>
      orders.every(({ id, reservation }) => reservation !== 'reserved' || decision.confirmed.includes(id)),
    ));

  test('first come, first served: an order is cancelled exactly when those before it left too little', () =>
    always(({ orders, stock, decision }) =>
      orders.every((order, index) => {
        if (order.reservation === 'reserved') return true;
        const before = chosen(orders.slice(0, index), decision.confirmed).filter(
          ({ reservation }) => reservation !== 'reserved',
        );
        const taken = unitsOf(before);
        const covered = [...unitsOf([order])].every(
          ([id, quantity]) => (taken.get(id) ?? 0) + quantity <= (stock.get(id) ?? 0),
        );
        return covered === decision.confirmed.includes(order.id);
      }),
    ));

  test('no order is confirmed in part: the takes are the quantities of the confirmed orders, from stock or reservation', () =>
    always(({ orders, decision }) => {
      const confirmed = chosen(orders, decision.confirmed);
      const taken = (part: 'fromStock' | 'fromReserved') =>
        new Map(decision.takes.filter((take) => take[part] > 0).map((take) => [take.variantId, take[part]]));
      const expected = (reserved: boolean) =>
        unitsOf(confirmed.filter(({ reservation }) => (reservation === 'reserved') === reserved));
      return sameUnits(taken('fromStock'), expected(false)) && sameUnits(taken('fromReserved'), expected(true));
    }));

  test('each variant is taken from once, ids sorted, nothing below 0 and no empty take', () =>
    always(({ decision: { takes } }) => {
      const ids = takes.map(({ variantId }) => variantId);
      const sorted = ids.every((id, index) => index === 0 || (ids[index - 1] ?? '') < id);
      return (
        sorted &&
        takes.every(
          ({ fromStock, fromReserved }) => fromStock >= 0 && fromReserved >= 0 && fromStock + fromReserved > 0,
        )
      );
    }));

  test('the same input has the same result, and the input is not changed', () =>
    always(({ orders, stock, decision }) => {
      const before = JSON.stringify([orders, [...stock]]);
      const again = decideSettlement(orders, stock);
      return JSON.stringify(again) === JSON.stringify(decision) && before === JSON.stringify([orders, [...stock]]);
    }));
});
