import { z } from 'zod';
import { amount, currency, objectId, quantity } from '../fields.ts';
import { EMAIL_KINDS, ORDER_STATUSES, PAYMENT_STATUSES } from '../statuses.ts';

/** The digest of a preview. An action that carries it is refused with PREVIEW_OUTDATED when its effects have changed. */
export const expectInput = z.string().regex(/^[0-9a-f]{32}$/, 'must be the digest of a preview');

const move = <T extends z.ZodType>(of: T) => z.strictObject({ from: of, to: of });

/** The effects of an action that was not done. Equal effects have equal digests. */
export const actionPreview = z.strictObject({
  digest: z.string(),
  /** Why the action is refused, or has been done before; then it has no effects. */
  why: z.string().nullable(),
  status: move(z.enum(ORDER_STATUSES)),
  paymentStatus: move(z.enum(PAYMENT_STATUSES)),
  money: z.array(
    z.strictObject({
      what: z.enum(['refund_requested', 'return_entered', 'charge_accepted', 'dispute_accepted']),
      reference: z.string(),
      amount,
      currency,
    }),
  ),
  units: z.array(
    z.strictObject({
      /**
       * - voided: to be shipped again
       * - withdrawn: not to be shipped any more
       * - given_back: came back after it was shipped
       */
      what: z.enum(['shipped', 'voided', 'withdrawn', 'given_back']),
      /** The line's place in the order, from 1. */
      lineId: z.int().min(1),
      sku: z.string(),
      quantity,
    }),
  ),
  /** The numbers that are added to the variant's counts. */
  stock: z.array(z.strictObject({ variantId: objectId, sku: z.string(), stock: z.int(), reserved: z.int() })),
  emails: z.array(z.strictObject({ kind: z.enum(EMAIL_KINDS), to: z.string(), subject: z.string(), text: z.string() })),
});

export type ActionPreview = z.infer<typeof actionPreview>;
