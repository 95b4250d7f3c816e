/**
 * I22: what the preview of an action said is what then stands. The witness is the database: the action's entry in the history,
 * its refunds and shipments, the ledger's rows and the outbox. An entry never changes, so they may be read long after.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Types } from 'mongoose';
import type { StockMovement } from '../../models/catalogue/stock-movement.ts';
import type { ActionPreview } from '../../models/contract/staff/action-preview.ts';
import type { Database } from '../../models/db/database.ts';
import type { Email } from '../../models/messaging/email-document.ts';
import { parseOutboxId } from '../../models/messaging/outbox-id.ts';
import { contactOf } from '../../models/order/contact.ts';
import type { HistoryEntry } from '../../models/order/history.ts';
import type { Order } from '../../models/order/order-document.ts';
import { currencyOfCharge, findAttempt } from '../../models/order/payment-status.ts';

type Effects = Omit<ActionPreview, 'digest' | 'why' | 'emails'>;

/** The documents that one entry of the history concerns. */
interface Left {
  order: Order;
  entry: HistoryEntry;
  /** Those that the entry owes. */
  emails: readonly Email[];
  /** The ledger's rows of the order. */
  movements: readonly StockMovement[];
}

export interface PreviewOptions {
  /** Renders an email as it would be sent; without it, or once the order has moved on, the texts are not compared. */
  render?: (email: Email, order: Order) => { subject: string; text: string };
}

/** The differences between the preview and what stands of this entry of the order, in words. */
export async function findBrokenPreview(
  db: Database,
  shown: ActionPreview,
  { order, entry }: Pick<Left, 'order' | 'entry'>,
  { render }: PreviewOptions = {},
): Promise<string[]> {
  const [rows, movements] = await Promise.all([
    db.emails.find({ orderId: order._id }).lean<Email[]>(),
    db.stockMovements.find({ orderId: order._id }).lean<StockMovement[]>(),
  ]);
  const emails = rows.filter(({ _id }) => {
    const id = parseOutboxId(_id);
    return id?.about === 'order' && id.seq === entry.seq;
  });
  const left = { order, entry, emails, movements };
  const { digest: _, why, emails: told, ...effects } = shown;
  const isCurrent = render !== undefined && order.version === entry.seq;
  const found = {
    why: null,
    ...effectsOf(left),
    emails: emails.map((email) => ({
      ...emailOf(email, order),
      ...(isCurrent ? textOf(render(email, order)) : {}),
    })),
  };
  const said = {
    why,
    ...effects,
    emails: told.map(({ subject, text, ...email }) => ({ ...email, ...(isCurrent ? { subject, text } : {}) })),
  };
  return (Object.keys(found) as (keyof typeof found)[])
    .filter((field) => !isDeepStrictEqual(sorted(said[field]), sorted(found[field])))
    .map(
      (field) =>
        `I22 ${order.code}: the preview of ${entry.type} (${entry.seq}) said ${field} ${JSON.stringify(said[field])}, and ${JSON.stringify(found[field])} stands`,
    );
}

const emailOf = ({ kind }: Email, order: Order) => ({ kind, to: contactOf(order).email });
const textOf = ({ subject, text }: { subject: string; text: string }) => ({ subject, text });

/** Lists without their order, and plain values. */
function sorted(value: unknown): unknown {
  const plain: unknown = JSON.parse(JSON.stringify(value));
  return Array.isArray(plain) ? plain.map((one) => JSON.stringify(Object.entries(one).sort())).sort() : plain;
}

function effectsOf(left: Left): Effects {
  const { from, to } = left.entry;
  if (from === null) throw new Error('an order is not placed by an action of staff');
  return {
    status: { from: from.status, to: to.status },
    paymentStatus: { from: from.paymentStatus, to: to.paymentStatus },
    money: moneyOf(left),
    units: unitsOf(left),
    stock: stockOf(left),
  };
}

interface Named {
  refundId?: string;
  owed?: { refundId: string };
  shipmentId?: string;
  [other: string]: unknown;
}

const dataOf = (entry: HistoryEntry): Named => ('data' in entry ? { ...entry.data } : {});

/** The refunds that the action made. */
function refundsOf({ order, entry }: Left) {
  const { refundId: own, owed } = dataOf(entry);
  const ids = [own, owed?.refundId];
  return order.refunds.filter(({ refundId }) => ids.includes(refundId));
}

function moneyOf(left: Left): Effects['money'] {
  const { order, entry } = left;
  const refunds = refundsOf(left).map(({ cause, reference, amount, refundId }) => ({
    what: cause === 'external' ? ('return_entered' as const) : ('refund_requested' as const),
    reference,
    amount: wasReduced(order, refundId) ? Number(dataOf(entry).amount) : amount,
    currency: currencyOfCharge(order, reference),
  }));
  if (entry.type === 'dispute_answered' && entry.data.amount !== undefined) {
    const { reference, amount } = entry.data;
    return [{ what: 'dispute_accepted', reference, amount, currency: currencyOfCharge(order, reference) }];
  }
  // A charge in review pays the order since staff accepted it, unless it paid before.
  const isAccepted = entry.type === 'review_accepted' && entry.from?.paymentStatus === 'review';
  if (!isAccepted || entry.data.reference !== order.paidReference || wasPaying(left, entry.data.reference))
    return refunds;
  const { reference } = entry.data;
  const amount = findAttempt(order, reference)?.amount ?? 0;
  return [...refunds, { what: 'charge_accepted', reference, amount, currency: currencyOfCharge(order, reference) }];
}

/** Less of the charge was left once it was sent; the entry keeps the first amount. */
function wasReduced({ history }: Order, reduced: string): boolean {
  return history.some((entry) => entry.type === 'refund_reduced' && entry.data.refundId === reduced);
}

/** The charge was received as payment before the entry. */
function wasPaying({ order, entry }: Left, paying: string): boolean {
  return order.history.some(
    (earlier) => earlier.seq < entry.seq && earlier.type === 'payment_received' && earlier.data.reference === paying,
  );
}

function unitsOf(left: Left): Effects['units'] {
  const { order, entry } = left;
  const { shipmentId: named } = dataOf(entry);
  const shipment = order.shipments?.find(({ shipmentId }) => shipmentId === named);
  const inParcel = (what: 'shipped' | 'voided') =>
    (shipment?.lines ?? []).map(({ lineId, quantity }) => ({ what, lineId, quantity }));
  const refunded = refundsOf(left).flatMap(({ lines = [] }) => lines);
  const moved = [
    ...(entry.type === 'shipment_created' ? inParcel('shipped') : []),
    ...(entry.type === 'shipment_voided' ? inParcel('voided') : []),
    ...refunded.map(({ lineId, unshipped }) => ({ what: 'withdrawn' as const, lineId, quantity: unshipped })),
    ...refunded.map(({ lineId, shipped }) => ({ what: 'given_back' as const, lineId, quantity: shipped })),
    ...(entry.type === 'order_cancelled' ? restOf(order) : []),
  ];
  return moved
    .filter(({ quantity }) => quantity > 0)
    .map(({ lineId, ...rest }) => ({ ...rest, lineId, sku: order.items[lineId - 1]?.variantSnapshot.sku ?? '' }));
}

/** The units of a cancelled order that no refund had withdrawn before; none was shipped. */
function restOf({ items, refunds }: Order) {
  const withdrawn = refunds.flatMap(({ lines = [] }) => lines);
  return items.map(({ quantity }, index) => ({
    what: 'withdrawn' as const,
    lineId: index + 1,
    quantity: withdrawn
      .filter(({ lineId }) => lineId === index + 1)
      .reduce((left, { unshipped }) => left - unshipped, quantity),
  }));
}

/** Rows of the ledger; for an order that was never sold, its reservation. */
function stockOf(left: Left): Effects['stock'] {
  const { order, entry, movements } = left;
  const { _id, items, reservation } = order;
  const skuOf = (variantId: Types.ObjectId) =>
    items.find((item) => item.variantId.equals(variantId))?.variantSnapshot.sku ?? '';
  const ids = [
    ...refundsOf(left).map(({ refundId }) => `return:${_id}:${refundId}`),
    ...(entry.type === 'order_cancelled' ? [`restock:${_id}`] : []),
  ];
  const back = movements.filter((row) => ids.includes(row._id)).flatMap(({ lines }) => lines);
  const isReleased = entry.type === 'order_cancelled' && reservation === 'released';
  const released = isReleased ? items.map(({ variantId, quantity: delta }) => ({ variantId, delta })) : [];
  return [...sumsOf(back), ...sumsOf(released)].map(({ variantId, delta }) => ({
    variantId: String(variantId),
    sku: skuOf(variantId),
    stock: delta,
    reserved: isReleased ? -delta : 0,
  }));
}

/** Per variant. */
function sumsOf(lines: StockMovement['lines']): StockMovement['lines'] {
  const sums = new Map<string, StockMovement['lines'][number]>();
  for (const { variantId, delta } of lines) {
    const sum = sums.get(String(variantId));
    sums.set(String(variantId), { variantId, delta: (sum?.delta ?? 0) + delta });
  }
  return [...sums.values()];
}
