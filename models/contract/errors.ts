import type { StockPreview } from './desk/products.ts';
import type { ActionPreview } from './staff/action-preview.ts';

export const ERROR_CODES = [
  'INVALID_INPUT',
  'CART_EMPTY',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'INSUFFICIENT_STOCK',
  'PRICE_CHANGED',
  'ORDER_STATE_CONFLICT',
  'PREVIEW_OUTDATED',
  'CHECKOUT_KEY_REUSED',
  'ACTION_KEY_REUSED',
  'TOO_MANY_UNPAID_ORDERS',
  'REFUND_EXCEEDS_PAYMENT',
  'RATE_LIMITED',
  'GATEWAY_REJECTED',
  'GATEWAY_UNAVAILABLE',
  'OVERLOADED',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** A line of a cart or order that exceeds the stock. */
export interface Shortage {
  variantId: string;
  sku: string;
  requested: number;
  available: number;
}

/** The data of an error beside its message, by code. The other codes have none. */
export interface ErrorDetails {
  /** `path` is the input's path joined by dots, e.g. `shippingAddress.city`. */
  INVALID_INPUT: { issues: { path: string; message: string }[] };
  INSUFFICIENT_STOCK: { shortages: Shortage[] };
  /** Amounts in the currency's subunit. */
  PRICE_CHANGED: { expectedTotal: number; total: number; currency: string };
  ORDER_STATE_CONFLICT: { status: string; paymentStatus: string };
  /** The effects that the action has now: on an order, or on the stock of a variant. None for a form that is out of date. */
  PREVIEW_OUTDATED: { preview: ActionPreview | null; stock?: StockPreview };
  TOO_MANY_UNPAID_ORDERS: { orders: { id: string; code: string }[] };
  /** Amounts in the currency's subunit. */
  REFUND_EXCEEDS_PAYMENT: { refundable: number; currency: string };
  RATE_LIMITED: { retryAfterMs: number };
  OVERLOADED: { retryAfterMs: number };
  INTERNAL: { requestId: string };
}

export type DetailsOf<C extends ErrorCode> = C extends keyof ErrorDetails ? ErrorDetails[C] : undefined;
