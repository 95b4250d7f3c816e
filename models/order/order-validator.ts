import { MAX_CART_LINES, MAX_NOTES, MAX_PAYMENT_ATTEMPTS, MAX_SHIPMENTS, MAX_TAGS } from '../contract/limits.ts';
import {
  ATTEMPT_STATUSES,
  ORDER_STATUSES,
  PAYMENT_STATUSES,
  REFUND_CAUSES,
  REFUND_STATES,
  SHIPMENT_KINDS,
} from '../contract/statuses.ts';
import { HISTORY_TYPES, MAX_HISTORY } from './history.ts';
import { RESERVATION_STATES } from './order-document.ts';

const wholeFrom = (minimum: number) => ({ bsonType: ['int', 'long', 'double'], minimum, multipleOf: 1 }) as const;
const string = { bsonType: 'string' } as const;

/** Orders are updated by the driver, which bypasses mongoose's validation, so MongoDB validates them as well. */
export const orderValidator = {
  $jsonSchema: {
    bsonType: 'object',
    required: ['shape', 'code', 'userId', 'status', 'version', 'items', 'total', 'currency', 'payments', 'history'],
    properties: {
      shape: wholeFrom(1),
      status: { enum: [...ORDER_STATUSES] },
      paymentStatus: { enum: [...PAYMENT_STATUSES] },
      version: wholeFrom(1),
      items: { bsonType: 'array', minItems: 1, maxItems: MAX_CART_LINES },
      subtotal: wholeFrom(0),
      shippingFee: wholeFrom(0),
      total: wholeFrom(0),
      currency: string,
      payments: {
        bsonType: 'array',
        maxItems: MAX_PAYMENT_ATTEMPTS,
        items: {
          bsonType: 'object',
          required: ['reference', 'status'],
          properties: { reference: string, status: { enum: [...ATTEMPT_STATUSES] }, amount: wholeFrom(0) },
        },
      },
      refunds: {
        bsonType: 'array',
        items: {
          bsonType: 'object',
          required: ['refundId', 'reference', 'amount', 'cause', 'state'],
          properties: {
            amount: wholeFrom(1),
            cause: { enum: [...REFUND_CAUSES] },
            state: { enum: [...REFUND_STATES] },
          },
        },
      },
      shipments: {
        bsonType: 'array',
        minItems: 1,
        maxItems: MAX_SHIPMENTS,
        items: {
          bsonType: 'object',
          required: ['shipmentId', 'kind', 'lines', 'shippedAt', 'by'],
          properties: {
            kind: { enum: [...SHIPMENT_KINDS] },
            lines: {
              bsonType: 'array',
              minItems: 1,
              maxItems: MAX_CART_LINES,
              items: {
                bsonType: 'object',
                required: ['lineId', 'quantity'],
                properties: { lineId: wholeFrom(1), quantity: wholeFrom(1) },
              },
            },
          },
        },
      },
      history: {
        bsonType: 'array',
        maxItems: MAX_HISTORY,
        items: {
          bsonType: 'object',
          required: ['seq', 'at', 'actor', 'type', 'to'],
          properties: {
            seq: wholeFrom(1),
            actor: { bsonType: 'string', pattern: '^(system|customer|paystack|staff:.{1,64})$' },
            type: { enum: [...HISTORY_TYPES] },
          },
        },
      },
      reservation: { enum: [...RESERVATION_STATES] },
      // Absent when empty.
      corrections: { bsonType: 'array', minItems: 1, maxItems: MAX_HISTORY },
      notes: { bsonType: 'array', minItems: 1, maxItems: MAX_NOTES },
      tags: { bsonType: 'array', minItems: 1, maxItems: MAX_TAGS },
    },
  },
} as const;
