import { Schema, type Types } from 'mongoose';
import { type ActionKey, actionKeySchema } from '../action-key.ts';
import type { VariantQuantity } from './quantities-by-variant.ts';

export const MOVEMENT_REASONS = ['initial', 'sale', 'restock', 'return', 'adjust', 'count'] as const;
export type MovementReason = (typeof MOVEMENT_REASONS)[number];

export interface MovementLine {
  variantId: Types.ObjectId;
  /** Units; negative for a sale, never 0. */
  delta: number;
}

/**
 * A row of the stock ledger: one for every event that changes `stock + reserved`, written in the transaction that makes the
 * change. A reservation has none, because it only moves units between the two. The id is derived from the event, so that
 * no sale, restock, return of a refund's units or keyed adjustment is recorded twice.
 */
export interface StockMovement {
  /**
   * `sale:<orderId>`, `restock:<orderId>`, `return:<orderId>:<refundId>`, `initial:<variantId>`, `adjust:<key's id>` or
   * `count:<key's id>`.
   */
  _id: string;
  reason: MovementReason;
  orderId?: Types.ObjectId;
  /** At least one; each variant once. */
  lines: MovementLine[];
  /** 'system', or a staff member's user id. */
  actor: string;
  at: Date;
  /** The reason that staff entered. */
  note?: string;
  /** Of an adjustment or a count, so that its repeat is recognised. */
  key?: ActionKey;
}

const isDelta = (delta: number) => Number.isSafeInteger(delta) && delta !== 0;

const lineSchema = new Schema<MovementLine>(
  {
    variantId: { type: Schema.Types.ObjectId, required: true },
    delta: { type: Number, required: true, validate: isDelta },
  },
  { _id: false, strict: 'throw' },
);

export const stockMovementSchema = new Schema<StockMovement>(
  {
    _id: { type: String, required: true },
    reason: { type: String, required: true, enum: MOVEMENT_REASONS },
    orderId: Schema.Types.ObjectId,
    lines: { type: [lineSchema], required: true, validate: (lines: MovementLine[]) => lines.length > 0 },
    actor: { type: String, required: true },
    at: { type: Date, required: true },
    note: String,
    key: actionKeySchema,
  },
  { collection: 'stockmovements', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
/** The movements of a variant, newest first. */
stockMovementSchema.index({ 'lines.variantId': 1, at: -1 });

/** `quantities`: each variant once, with 1 unit or more. */
export function orderMovement(
  reason: 'sale' | 'restock',
  orderId: Types.ObjectId,
  quantities: readonly VariantQuantity<Types.ObjectId>[],
  actor: string,
  at: Date,
): StockMovement {
  const sign = reason === 'sale' ? -1 : 1;
  const lines = quantities.map(({ variantId, quantity }) => ({ variantId, delta: sign * quantity }));
  return { _id: `${reason}:${orderId}`, reason, orderId, lines, actor, at };
}

/** The id of the row that a refund's units went into stock with. */
export function refundMovementId(orderId: Types.ObjectId, refundId: string): string {
  return `return:${orderId}:${refundId}`;
}

/** `quantities`: each variant once, with 1 unit or more. */
export function refundMovement(
  orderId: Types.ObjectId,
  refundId: string,
  quantities: readonly VariantQuantity<Types.ObjectId>[],
  actor: string,
  at: Date,
): StockMovement {
  const lines = quantities.map(({ variantId, quantity }) => ({ variantId, delta: quantity }));
  return { _id: refundMovementId(orderId, refundId), reason: 'return', orderId, lines, actor, at };
}

/** The initial stock of a new variant, 1 unit or more. */
export function initialMovement(
  variantId: Types.ObjectId,
  delta: number,
  note: string,
  { actor, now }: { actor: string; now: Date },
): StockMovement {
  return { _id: `initial:${variantId}`, reason: 'initial', lines: [{ variantId, delta }], actor, at: now, note };
}

export function adjustMovementId(key: Pick<ActionKey, 'id'>): string {
  return `adjust:${key.id}`;
}

/** A change of stock by staff. `delta` is not 0. */
export function adjustMovement(
  key: ActionKey,
  variantId: Types.ObjectId,
  delta: number,
  note: string,
  { actor, now }: { actor: string; now: Date },
): StockMovement {
  return { _id: adjustMovementId(key), reason: 'adjust', lines: [{ variantId, delta }], actor, at: now, note, key };
}

export function countMovementId(key: Pick<ActionKey, 'id'>): string {
  return `count:${key.id}`;
}

/** Staff counted the shelf, and the stock was off by `delta`, which is not 0. */
export function countMovement(
  key: ActionKey,
  variantId: Types.ObjectId,
  delta: number,
  note: string | undefined,
  { actor, now }: { actor: string; now: Date },
): StockMovement {
  const words = note === undefined ? {} : { note };
  return { _id: countMovementId(key), reason: 'count', lines: [{ variantId, delta }], actor, at: now, ...words, key };
}
