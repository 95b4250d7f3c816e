/** Variants of Paystack's replies where its documentation and samples disagree; the default is the current documentation's. */
import * as z from 'zod';

export const switchesSchema = z.strictObject({
  /** HTTP status beside "Transaction reference not found"; sources disagree. */
  unknownReferenceStatus: z.union([z.literal(400), z.literal(404)]),
  /** How replies show metadata, independent of the value sent. */
  metadata: z.enum(['as-sent', 'empty-string', 'null', 'zero']),
  /**
   * Status of a charge with refunds.
   * - follows-refund: reversal-pending, then reversed, also for a part, and success again after a failure
   * - only-when-full: reversed once all is refunded
   * - never: success
   */
  statusAfterRefund: z.enum(['follows-refund', 'only-when-full', 'never']),
  /** Status of a charge after a lost dispute. */
  statusAfterDispute: z.enum(['reversed', 'success']),
  /**
   * Whether the money of a lost dispute is also a refund in the list, announced before or after the dispute's end. Between:
   * the refund is announced as pending before it and as processed after it.
   */
  disputeRefundEvents: z.enum(['before', 'between', 'after', 'none']),
  /**
   * When a declined dispute ends.
   * - when-decided: the bank decides it, see resolveDispute; until then it is awaiting-bank-feedback
   * - at-once: with the merchant's answer
   */
  declineAnnounced: z.enum(['when-decided', 'at-once']),
  /** Whether pre-arbitration opens the same dispute again or makes one with a new id. */
  preArbitrationId: z.enum(['same', 'new']),
  /** How a dispute names its charge: by the transaction, by `transaction_reference`, or by the transaction's id alone. */
  disputeCharge: z.enum(['transaction', 'reference', 'id']),
  /** `status` of an error body: one published sample carries the string "false". */
  errorStatus: z.enum(['boolean', 'string']),
  nextStepKey: z.enum(['nextStep', 'next_step']),
  /** customer: the captured amount exceeds the requested one by the fees. */
  feesBearer: z.enum(['merchant', 'customer']),
  requestedAmount: z.enum(['present', 'absent']),
  log: z.enum(['history', 'null']),
  plan: z.enum(['null', 'object']),
  /** Ids are unsigned 64-bit numbers; some clients receive them as text. */
  ids: z.enum(['number', 'string']),
  /** Whether a second refund of a charge is taken while the first is under way; unsure. */
  secondRefundWhilePending: z.enum(['refused', 'accepted']),
  /** pending-payout-only: a refund is taken from what waits for a settlement; unsure is only how Paystack words the refusal. */
  refundBalance: z.enum(['enough', 'pending-payout-only']),
  refundEventAmount: z.enum(['string', 'number']),
  refundEventReference: z.enum(['null', 'text']),
  /** The encodings of views/json-encoding.ts. */
  webhookEncoding: z.enum(['plain', 'spaced', 'escaped', 'float']),
});

export type Switches = z.infer<typeof switchesSchema>;

/** Some of the switches; undefined leaves a switch as it is. */
export type SwitchChanges = { [Name in keyof Switches]?: Switches[Name] | undefined };

export const defaultSwitches: Switches = {
  unknownReferenceStatus: 400,
  metadata: 'as-sent',
  statusAfterRefund: 'follows-refund',
  statusAfterDispute: 'reversed',
  disputeRefundEvents: 'before',
  declineAnnounced: 'when-decided',
  preArbitrationId: 'same',
  disputeCharge: 'transaction',
  errorStatus: 'boolean',
  nextStepKey: 'nextStep',
  feesBearer: 'merchant',
  requestedAmount: 'present',
  log: 'history',
  plan: 'null',
  ids: 'number',
  secondRefundWhilePending: 'refused',
  refundBalance: 'enough',
  refundEventAmount: 'string',
  refundEventReference: 'null',
  webhookEncoding: 'plain',
};

export function withChanges(switches: Switches, changes: SwitchChanges): Switches {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return switchesSchema.parse({ ...switches, ...Object.fromEntries(given) });
}
