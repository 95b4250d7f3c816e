/** Previews of staff actions: the effects of a decided change, without the change. */
import { sha256OfCanonical } from '../canonical-json.ts';
import type { ActionPreview } from '../contract/staff/action-preview.ts';
import { AppError, isAppError } from '../errors.ts';
import type { Email } from '../messaging/email-document.ts';
import { emailOwedBy } from '../messaging/email-of-type.ts';
import { contactOf } from '../order/contact.ts';
import { OrderConflict } from '../order/guards.ts';
import type { Order } from '../order/order-document.ts';
import { type OrderChange, toOrderWrite } from '../order/order-write.ts';
import { currencyOfCharge, findAttempt } from '../order/payment-status.ts';
import { hasKnownShape, NewerShapeError } from '../order/shape.ts';
import { unitsByLine } from '../order/units.ts';
import { RefundLimitError } from '../refund/refund-limit.ts';

/** Decides a change of an order, as changeOrder calls it: null when nothing is to be done; throws to refuse. Pure. */
export type Decide = (order: Order) => OrderChange | null;

export interface PreviewContext {
  now: Date;
  /** The email as the customer would read it; `order` is the order after the change. */
  render: (email: Email, order: Order) => { subject: string; text: string };
}

/** The preview that a staff member acts on. */
export interface Expected extends PreviewContext {
  digest: string;
}

/** `why`: the order refuses the change, or has it already. */
type Decision = { change: OrderChange } | { why: string; error: unknown };

const DONE_BEFORE = 'this was done before';

/** Runs `decide`. Only a refusal that the order's state explains is a decision; other errors are thrown. */
export function tryDecide(order: Order, decide: Decide): Decision {
  if (!hasKnownShape(order)) return { why: 'the shop is being upgraded', error: new NewerShapeError(order) };
  try {
    const change = decide(order);
    return change === null ? { why: DONE_BEFORE, error: null } : { change };
  } catch (error) {
    if (error instanceof OrderConflict) return { why: error.why, error };
    if (isAppError(error, 'REFUND_EXCEEDS_PAYMENT')) return { why: error.message.replace(/\.$/, ''), error };
    if (error instanceof RefundLimitError) return { why: error.message.replace(/\.$/, ''), error };
    throw error;
  }
}

/** The effects that `decide` has on this order now. Writes nothing. */
export function previewOf(order: Order, decide: Decide, context: PreviewContext): ActionPreview {
  return toPreview(order, tryDecide(order, decide), context);
}

/**
 * `decide`, under the condition that its effects on the order, as it is read for the change, are those of the preview.
 * Throws PREVIEW_OUTDATED with the new preview when they differ.
 */
export function expecting(decide: Decide, expected: Expected | undefined): Decide {
  if (expected === undefined) return decide;
  return (order) => {
    const decision = tryDecide(order, decide);
    const preview = toPreview(order, decision, expected);
    if (preview.digest !== expected.digest)
      throw new AppError('PREVIEW_OUTDATED', 'The order has changed since the preview; look at the new one.', {
        details: { preview },
      });
    if ('change' in decision) return decision.change;
    if (decision.error !== null) throw decision.error;
    return null;
  };
}

function toPreview(order: Order, decision: Decision, context: PreviewContext): ActionPreview {
  const effects = 'change' in decision ? effectsOf(order, decision.change, context) : withoutEffects(order);
  const content = { why: 'why' in decision ? decision.why : null, ...effects };
  return { ...content, digest: sha256OfCanonical(content).toString('hex').slice(0, 32) };
}

type Effects = Omit<ActionPreview, 'digest' | 'why'>;

function withoutEffects({ status, paymentStatus }: Order): Effects {
  return {
    status: { from: status, to: status },
    paymentStatus: { from: paymentStatus, to: paymentStatus },
    money: [],
    units: [],
    stock: [],
    emails: [],
  };
}

/** Without ids and times that differ between a preview and its action. */
function effectsOf(order: Order, change: OrderChange, { now, render }: PreviewContext): Effects {
  const { after, entry } = toOrderWrite(order, change, now);
  const email = entry === null ? null : emailOwedBy(order._id, entry, now);
  return {
    status: { from: order.status, to: after.status },
    paymentStatus: { from: order.paymentStatus, to: after.paymentStatus },
    money: moneyEffects(order, after),
    units: unitEffects(order, after),
    stock: stockEffects(order, change),
    emails: email === null ? [] : [{ kind: email.kind, to: contactOf(order).email, ...textOf(render(email, after)) }],
  };
}

function textOf({ subject, text }: { subject: string; text: string }) {
  return { subject, text };
}

function moneyEffects(order: Order, after: Order): Effects['money'] {
  const known = new Set(order.refunds.map(({ refundId }) => refundId));
  const requested = after.refunds
    .filter(({ refundId }) => !known.has(refundId))
    .map(({ reference, amount, state }) => ({
      what: state === 'processed' ? ('return_entered' as const) : ('refund_requested' as const),
      reference,
      amount,
      currency: currencyOfCharge(order, reference),
    }));
  const accepted = acceptedEffects(order, after);
  const reference = after.paidReference;
  if (reference === undefined || reference === order.paidReference) return [...requested, ...accepted];
  const amount = findAttempt(after, reference)?.amount ?? 0;
  return [...requested, { what: 'charge_accepted', reference, amount, currency: currencyOfCharge(order, reference) }];
}

/** The money that new answers to disputes give back. */
function acceptedEffects(order: Order, after: Order): Effects['money'] {
  return after.disputes.flatMap(({ disputeId, reference, answer }) => {
    const before = order.disputes.find((dispute) => dispute.disputeId === disputeId)?.answer;
    if (answer?.refundAmount === undefined || answer.key === before?.key) return [];
    const currency = currencyOfCharge(order, reference);
    return [{ what: 'dispute_accepted' as const, reference, amount: answer.refundAmount, currency }];
  });
}

/** A cancelled order withdraws all that was still to be shipped. */
function unitEffects(before: Order, after: Order): Effects['units'] {
  const withdraws = after.status === 'cancelled' && before.status !== 'cancelled';
  const unitsBefore = unitsByLine(before);
  return unitsByLine(after).flatMap((units, index) => {
    const { lineId, shipped, unshipped, toShip, givenBack } = units;
    const earlier = unitsBefore[index] ?? units;
    const moved = {
      shipped: shipped - earlier.shipped,
      voided: earlier.shipped - shipped,
      withdrawn: unshipped - earlier.unshipped + (withdraws ? toShip : 0),
      given_back: givenBack - earlier.givenBack,
    };
    const sku = before.items[index]?.variantSnapshot.sku ?? '';
    return UNIT_EFFECTS.filter((what) => moved[what] > 0).map((what) => ({ what, lineId, sku, quantity: moved[what] }));
  });
}

const UNIT_EFFECTS = ['shipped', 'voided', 'withdrawn', 'given_back'] as const;

function stockEffects({ items }: Order, { stock = [] }: OrderChange): Effects['stock'] {
  const skus = new Map(items.map(({ variantId, variantSnapshot }) => [String(variantId), variantSnapshot.sku]));
  return stock.map(({ variantId, quantity, as }) => ({
    variantId: String(variantId),
    sku: skus.get(String(variantId)) ?? '',
    stock: quantity,
    reserved: as === 'release' ? -quantity : 0,
  }));
}
