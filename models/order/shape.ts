/**
 * The shape of an order document: which fields it has and what they mean. A release that changes it raises the number.
 * During a rolling upgrade an older process meets orders of a higher shape, which only newer processes may change.
 */
import { AppError } from '../errors.ts';

/** The shape that this program writes, and the highest that it knows. */
export const ORDER_SHAPE = 1;

/** For the filters of work queues: orders of a higher shape stay for a newer process. */
export const KNOWN_SHAPE = { shape: { $lte: ORDER_SHAPE } } as const;

/** Until a newer process is likely to take the call, in ms. */
const RETRY_AFTER_MS = 5_000;

export function hasKnownShape({ shape }: { shape: number }): boolean {
  return shape <= ORDER_SHAPE;
}

/** OVERLOADED, because another process can answer the repeated call. */
export class NewerShapeError extends AppError<'OVERLOADED'> {
  constructor(order: { _id: unknown; shape: number }) {
    super('OVERLOADED', 'The shop is being upgraded; try again in a moment.', {
      details: { retryAfterMs: RETRY_AFTER_MS },
      internal: { orderId: String(order._id), shape: order.shape, known: ORDER_SHAPE },
    });
  }
}

/** Throws NewerShapeError. */
export function assertKnownShape(order: { _id: unknown; shape: number }): void {
  if (!hasKnownShape(order)) throw new NewerShapeError(order);
}
