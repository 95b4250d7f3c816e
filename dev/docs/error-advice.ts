import type { ErrorCode } from '../../models/contract/errors.ts';

/** For the table of errors in docs/api-and-errors.md. A code without an entry does not compile. */
export const ERROR_ADVICE: Record<ErrorCode, { when: string; remedy: string }> = {
  INVALID_INPUT: {
    when: 'a field is missing, too long, or of the wrong kind',
    remedy: '`details.issues` names the path and the problem of each field',
  },
  CART_EMPTY: { when: 'checkout of a cart without lines', remedy: 'add something to the cart' },
  UNAUTHENTICATED: {
    when: 'no token, or one that is no longer valid; a wrong password; a webhook that Paystack did not sign',
    remedy: 'sign in again',
  },
  FORBIDDEN: {
    when: "the account's role lacks the permission, or its refund limit is used up; a POST to Agendash from another site",
    remedy: 'ask somebody whose role may do it; the message names the role',
  },
  NOT_FOUND: {
    when: 'it does not exist, or it belongs to somebody else: the reply is the same',
    remedy: 'check the id',
  },
  INSUFFICIENT_STOCK: {
    when: 'stock does not cover a line',
    remedy: '`details.shortages` gives the available units per line',
  },
  PRICE_CHANGED: {
    when: '`expectedTotal` is no longer the total',
    remedy: 'show `details.total` and let the shopper confirm it',
  },
  ORDER_STATE_CONFLICT: {
    when: 'the order is past that step, a refund is under way, or a dispute is open',
    remedy: 'read the order again; the message gives the reason',
  },
  PREVIEW_OUTDATED: {
    when: "the action's effects are no longer those of the preview that `expect` names",
    remedy: 'show `details.preview`, then act with its digest',
  },
  CHECKOUT_KEY_REUSED: {
    when: 'this `checkoutKey` belongs to an order with another address or total',
    remedy: 'make a new key for a new checkout',
  },
  ACTION_KEY_REUSED: {
    when: 'this key belongs to an action with other input',
    remedy: 'make a new key for each action; a repeat sends the same key and the same input',
  },
  TOO_MANY_UNPAID_ORDERS: {
    when: 'five orders of this account await payment',
    remedy: 'pay or cancel one of `details.orders`',
  },
  REFUND_EXCEEDS_PAYMENT: {
    when: 'the refund is more than what is left of the charge',
    remedy: 'refund at most `details.refundable`',
  },
  RATE_LIMITED: { when: 'too many calls, sign-ins or subscriptions', remedy: 'wait `details.retryAfterMs`' },
  GATEWAY_REJECTED: {
    when: 'Paystack refused to open a payment page',
    remedy: 'the order is kept; the log gives the reason to staff',
  },
  GATEWAY_UNAVAILABLE: {
    when: 'Paystack does not answer',
    remedy: 'the order is kept; the same `checkoutKey` resumes it',
  },
  OVERLOADED: {
    when: 'too many requests at once, or the reply took too long',
    remedy: 'wait `details.retryAfterMs`, then try again',
  },
  INTERNAL: { when: 'a bug, or the database is unreachable', remedy: 'give `details.requestId` to the operator' },
};
