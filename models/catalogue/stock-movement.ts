import { Schema, Types } from 'mongoose';

export const MOVEMENT_REASONS = ['initial', 'sale', 'restock', 'adjustment'] as const;
export type MovementReason = (typeof MOVEMENT_REASONS)[number];

/**
 * A row of the stock ledger: one for every change of `stock + reserved`, written in the transaction that makes the change.
 * A reservation has none, because it only moves units between the two. The id is derived from order and variant, so that
 * an order's sale or restock of a variant cannot be recorded twice.
 */
export interface StockMovement {
  /** `sale:<orderId>:<variantId>`, `restock:<orderId>:<variantId>`, `initial:<variantId>` or `adjustment:<id>`. */
  _id: string;
  variantId: Types.ObjectId;
  /** Units; negative for a sale, never 0. */
  delta: number;
  reason: MovementReason;
  orderId?: Types.ObjectId;
  /** The reason that staff entered. */
  note?: string;
  /** 'system', or a staff member's user id. */
  actor: string;
  at: Date;
}

export const stockMovementSchema = new Schema<StockMovement>(
  {
    _id: { type: String, required: true },
    variantId: { type: Schema.Types.ObjectId, required: true },
    delta: { type: Number, required: true, validate: (delta: number) => Number.isSafeInteger(delta) && delta !== 0 },
    reason: { type: String, required: true, enum: MOVEMENT_REASONS },
    orderId: Schema.Types.ObjectId,
    note: String,
    actor: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'stockmovements', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
// Covers the audit's sum per variant.
stockMovementSchema.index({ variantId: 1, delta: 1 });

/** `quantity` is 1 or more. */
export function orderMovement(
  reason: 'sale' | 'restock',
  orderId: Types.ObjectId,
  variantId: Types.ObjectId,
  quantity: number,
  actor: string,
  at: Date,
): StockMovement {
  const delta = reason === 'sale' ? -quantity : quantity;
  return { _id: `${reason}:${orderId}:${variantId}`, variantId, delta, reason, orderId, actor, at };
}

/** For a change of stock by staff, or the initial stock of a new variant. `delta` is not 0. */
export function staffMovement(
  reason: 'initial' | 'adjustment',
  variantId: Types.ObjectId,
  delta: number,
  note: string,
  actor: string,
  at: Date,
): StockMovement {
  const _id = reason === 'initial' ? `initial:${variantId}` : `adjustment:${new Types.ObjectId()}`;
  return { _id, variantId, delta, reason, note, actor, at };
}
