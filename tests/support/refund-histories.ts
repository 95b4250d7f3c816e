/**
 * Random histories of one order: line refunds, part refunds, failures, replacements and shipments in any order. After each
 * step the goods are accounted for, no more is refunded than was paid, and the rest can still be refunded.
 */
import fc from 'fast-check';
import { Types } from 'mongoose';
import { toActionKey } from '../../models/action-key.ts';
import { actionKeysCheck, refundLinesCheck } from '../../models/audit/goods/refund-lines.ts';
import { statusPathCheck } from '../../models/audit/history.ts';
import { refundedStatusCheck, refundLimitCheck } from '../../models/audit/money.ts';
import { orderMovementsCheck } from '../../models/audit/stock.ts';
import { movementsOf } from '../../models/catalogue/return-stock.ts';
import { orderMovement, type StockMovement } from '../../models/catalogue/stock-movement.ts';
import { isAppError } from '../../models/errors.ts';
import { decideCancel } from '../../models/fulfilment/cancel-order.ts';
import { decideShipment } from '../../models/fulfilment/create-shipment.ts';
import { decideDelivery } from '../../models/fulfilment/deliver-shipment.ts';
import { isInFlight, workableRefunds } from '../../models/order/money/open-refunds.ts';
import type { Order, Refund } from '../../models/order/order-document.ts';
import { toOrderWrite } from '../../models/order/order-write.ts';
import { isFailureOwed } from '../../models/order/payment-status.ts';
import { canRefundGo } from '../../models/order/status.ts';
import { unitsByLine } from '../../models/order/units.ts';
import { returnedMoney } from '../../models/payment/returned-money.ts';
import { refundChange } from '../../models/refund/change-refund.ts';
import { decideRefund, type RefundRequest } from '../../models/refund/request-refund.ts';
import { decidePaidElsewhere, decideRetryRefund } from '../../models/refund/staff-refund-actions.ts';
import { keyed } from '../../models/staff-actions/keyed.ts';
import type { Decide } from '../../models/staff-actions/preview.ts';
import { aCharge, aConfirmedOrder, PLACED_AT } from './an-order.ts';

const now = PLACED_AT;
const by = { actor: 'staff:1', now } as const;
const QUANTITIES = [3, 2] as const;
const PRICES = [5_000, 2_000] as const;
const SHIPPING = 1_000;
const TOTAL = 3 * 5_000 + 2 * 2_000 + SHIPPING;

/** Three units at 5,000, two at 2,000, and 1,000 of shipping; paid and confirmed. */
function soldOrder(): Order {
  const order = aConfirmedOrder();
  const [item] = order.items;
  if (item === undefined) throw new Error('an order has a line');
  const items = QUANTITIES.map((quantity, index) => {
    const unitPrice = PRICES[index] ?? 0;
    const variantId = new Types.ObjectId(String(index + 1).repeat(24));
    return { ...item, variantId, quantity, unitPrice, lineTotal: quantity * unitPrice };
  });
  const from = { status: 'pending', paymentStatus: 'paid' } as const;
  const to = { status: 'confirmed', paymentStatus: 'paid' } as const;
  return {
    ...order,
    items,
    subtotal: TOTAL - SHIPPING,
    shippingFee: SHIPPING,
    total: TOTAL,
    payments: [aCharge({ amount: TOTAL, requestedAmount: TOTAL })],
    version: 2,
    history: [
      { seq: 1, at: now, actor: 'customer', type: 'order_placed', from: null, to: from },
      { seq: 2, at: now, actor: 'system', type: 'order_confirmed', from, to },
    ],
  };
}

/** The order with its ledger, as the database would hold them. */
class Life {
  order: Order = soldOrder();
  readonly rows: StockMovement[] = [orderMovement('sale', this.order._id, this.order.items, 'system', now)];
  /** Staff cancelled it and kept the units out of stock. */
  cancelKeepsRest = false;
  /** The names of what took effect, for the counts at the end. */
  readonly did: string[] = [];

  act(name: string, decide: Decide): void {
    const change = decideOrRefuse(this.order, decide);
    if (change === null) return;
    const { after, entry } = toOrderWrite(this.order, change, now);
    this.rows.push(...movementsOf(this.order._id, change.stock ?? [], 'staff:1', now));
    this.order = { ...after, history: entry === null ? this.order.history : [...this.order.history, entry] };
    this.did.push(name);
  }

  check(): void {
    const records = { order: this.order, emails: [], movements: this.rows };
    const scope = { now, graceMs: 0, since: null, domain: null };
    const checks = [
      orderMovementsCheck,
      refundLinesCheck,
      refundLimitCheck,
      refundedStatusCheck,
      actionKeysCheck,
      statusPathCheck,
    ];
    const problems = [
      ...checks.flatMap((check) => check.inspect(records, scope)),
      ...this.goodsProblems(),
      ...this.moneyProblems(),
    ];
    if (problems.length > 0) throw new Error(`After ${this.did.join(', ')}: ${problems.join('; ')}.`);
  }

  /** Each unit is with the customer, with the shop, or still to be sent; what the shop has again is in its ledger. */
  private goodsProblems(): string[] {
    const { order, rows } = this;
    const ended = order.status === 'refunded' || order.status === 'cancelled';
    const keepsRest =
      order.status === 'cancelled'
        ? this.cancelKeepsRest
        : order.refunds.some(({ state, restockRest }) => state !== 'failed' && restockRest === false);
    return unitsByLine(order).flatMap(({ lineId, ordered, unshipped, shipped, toShip, givenBack, restocked }) => {
      const variantId = order.items[lineId - 1]?.variantId;
      const lines = rows.flatMap((row) => row.lines).filter((line) => variantId?.equals(line.variantId));
      const sold = lines.reduce((sum, { delta }) => sum - delta, 0);
      const expected = ordered - restocked - (ended && !keepsRest ? toShip : 0);
      const least = Math.min(toShip, shipped - givenBack, unshipped + givenBack - restocked);
      return [
        ...(unshipped + shipped + toShip === ordered ? [] : [`line ${lineId} has not ${ordered} units`]),
        ...(least >= 0 ? [] : [`line ${lineId} has a negative count`]),
        ...(sold === expected ? [] : [`${sold} units of line ${lineId} are out of stock instead of ${expected}`]),
      ];
    });
  }

  private moneyProblems(): string[] {
    const { order } = this;
    const [charge] = order.payments;
    if (charge === undefined) return ['the charge is gone'];
    const { left, captured, byRefund, elsewhere, open } = returnedMoney(order, charge);
    const tooMuch = byRefund + elsewhere + open - captured;
    const sending = workableRefunds(order).filter(isInFlight).length;
    const owed = order.refunds.filter((refund) => isFailureOwed(order, refund));
    const rest = { ...MONEY_ALONE, amount: left, refundId: 'rest' };
    return [
      ...(tooMuch <= 0 ? [] : [`${tooMuch} more is refunded than was paid`]),
      ...(sending <= 1 ? [] : [`${sending} refunds are sent at once`]),
      ...(left === 0 && owed.length > 0 ? ['a refund is owed although all went back'] : []),
      // Whatever happened before, all that is left can be given back.
      ...(left > 0 && decideOrRefuse(order, (of) => decideRefund(of, rest)) === null
        ? [`the ${left} that are left cannot be refunded`]
        : []),
    ];
  }
}

function decideOrRefuse(order: Order, decide: Decide) {
  try {
    return decide(order);
  } catch (error) {
    if (isAppError(error)) return null;
    throw error;
  }
}

const MONEY_ALONE: RefundRequest = { ...by, lines: [], delivery: false, refundId: 'none' };

type ReportedState = 'pending' | 'processed' | 'failed' | 'needs_attention';

const line = fc.record({ unshipped: fc.nat({ max: 3 }), shipped: fc.nat({ max: 3 }), restock: fc.nat({ max: 4 }) });
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant('ship' as const), units: fc.tuple(fc.nat(3), fc.nat(2)) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('deliver' as const), n: fc.nat(3) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('refundLines' as const),
      lines: fc.tuple(line, line),
      delivery: fc.boolean(),
      amount: fc.option(fc.integer({ min: 1, max: TOTAL + 1 }), { nil: undefined, freq: 3 }),
      restockRest: fc.constantFrom(undefined, undefined, false),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('refundMoney' as const), amount: fc.integer({ min: 1, max: TOTAL }) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('refundAll' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('paystack' as const),
      n: fc.nat(5),
      to: fc.constantFrom<ReportedState>('pending', 'processed', 'processed', 'failed', 'needs_attention'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('replace' as const), n: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('paidElsewhere' as const), n: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('retry' as const), n: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('cancel' as const), restockRest: fc.constantFrom(undefined, false) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The decision of a step; null for one that has nothing to act on. */
type Act = { name: string; decide: Decide } | null;

function take(life: Life, taken: Step, index: number): void {
  const { order } = life;
  const act = actOnOrder(order, taken, keyOf(index)) ?? actOnRefund(order, taken, index);
  if (act === null) return;
  life.act(act.name, act.decide);
  if (taken.does === 'cancel') life.cancelKeepsRest ||= life.order !== order && taken.restockRest === false;
  // The same key again changes nothing.
  if (taken.does === 'refundLines' && life.order !== order) life.act('repeat', act.decide);
}

const keyOf = (index: number) => `key-${String(index).padStart(4, '0')}`;

function refundWith(id: string, more: Partial<RefundRequest>): Decide {
  return keyed(toActionKey(id, more), (of) => decideRefund(of, { ...MONEY_ALONE, refundId: id, ...more }));
}

function actOnOrder(order: Order, taken: Step, id: string): Act {
  switch (taken.does) {
    case 'ship':
      return { name: 'ship', decide: shipping(taken.units, id) };
    case 'deliver': {
      const { shipments = [] } = order;
      const shipmentId = shipments[taken.n % Math.max(1, shipments.length)]?.shipmentId;
      if (shipmentId === undefined) return null;
      return { name: 'deliver', decide: (of) => decideDelivery(of, { shipmentId, ...by }) };
    }
    case 'refundLines': {
      const { delivery, amount, restockRest } = taken;
      const lines = taken.lines
        .map((units, n) => ({ lineId: n + 1, ...units }))
        .filter(({ unshipped, shipped }) => unshipped + shipped > 0);
      const more = {
        lines,
        delivery,
        ...(amount === undefined ? {} : { amount }),
        ...(restockRest === undefined ? {} : { restockRest }),
      };
      return { name: lines.length === 0 ? 'refundDelivery' : 'refundLines', decide: refundWith(id, more) };
    }
    case 'refundMoney':
      return { name: 'refundMoney', decide: refundWith(id, { amount: taken.amount }) };
    case 'refundAll':
      return { name: 'refundAll', decide: refundWith(id, {}) };
    case 'cancel': {
      const more = taken.restockRest === undefined ? {} : { restockRest: taken.restockRest };
      const decide: Decide = (of) => decideCancel(of, { ...by, ...more, reason: 'by_staff', refundId: id });
      return { name: 'cancel', decide };
    }
    default:
      return null;
  }
}

function shipping(units: readonly number[], id: string): Decide {
  const lines = units.map((quantity, n) => ({ lineId: n + 1, quantity })).filter(({ quantity }) => quantity > 0);
  const key = toActionKey(id, lines);
  return (of) => decideShipment(of, { ...by, key, kind: 'parcel', lines, domain: 'test', otherDomain: false });
}

function actOnRefund(order: Order, taken: Step, index: number): Act {
  const refund = 'n' in taken ? order.refunds[taken.n % Math.max(1, order.refunds.length)] : undefined;
  if (refund === undefined) return null;
  const { refundId } = refund;
  switch (taken.does) {
    case 'paystack':
      return canRefundGo(refund.state, taken.to) ? { name: taken.to, decide: reported(refund, taken.to, index) } : null;
    case 'replace':
      return { name: 'replace', decide: refundWith(keyOf(index), { replaces: refundId }) };
    case 'paidElsewhere': {
      const request = { ...by, refundId, note: 'in cash', newRefundId: keyOf(index) };
      return { name: 'paidElsewhere', decide: (of) => decidePaidElsewhere(of, request) };
    }
    case 'retry':
      return { name: 'retry', decide: (of) => decideRetryRefund(of, { ...by, refundId }) };
    default:
      return null;
  }
}

/** Paystack reports the refund in another state. */
function reported(refund: Refund, to: ReportedState, index: number): Decide {
  // A refund that needs attention may be one that Paystack never accepted.
  const accepted = to === 'needs_attention' ? {} : { gatewayRefundId: refund.gatewayRefundId ?? `7${index}` };
  const moved = { ...refund, ...accepted, state: to };
  const { refundId, amount } = refund;
  const step = { refund: moved, event: { type: `refund_${to}`, data: { refundId, amount } } } as const;
  return (of) => refundChange(of, step, now);
}

/** Plays random histories. Returns the names of what took effect, and of the statuses they ended in. */
export function playHistories(runs: fc.Parameters<[Step[]]>): ReadonlySet<string> {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const life = new Life();
      for (const [index, taken] of steps.entries()) {
        take(life, taken, index);
        life.check();
      }
      for (const name of [...life.did, life.order.status]) seen.add(name);
    }),
    runs,
  );
  return seen;
}
