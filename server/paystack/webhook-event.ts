/**
 * Parses the body of a signed webhook tolerantly: no body may stop the inbox. An unreadable field becomes null instead of
 * an exception, and the event's handler then verifies the charge at Paystack.
 */
import * as z from 'zod';
import type { ReportedTransfer } from '../../models/messaging/inbox-event.ts';
import type { ChargeReport } from '../../models/payment/gateway-reports.ts';
import { parseJsonKeepingDigits } from './json.ts';
import { chargeSchema, gatewayIdSchema, instantSchema, isReference, refundAmountSchema } from './reports.ts';

export interface ParsedWebhook {
  /** `unreadable`: the body is no JSON object with an event's name. `other`: an event that no order depends on. */
  kind: 'charge' | 'refund' | 'dispute' | 'transfer' | 'other' | 'unreadable';
  /** Paystack's name, e.g. charge.success; at most 100 characters; empty when unreadable. */
  event: string;
  /** Only for kind charge, and only when every field of a charge can be read. */
  charge: ChargeReport | null;
  /** The reference of the transaction that the event is about; null when missing or not in Paystack's alphabet. */
  reference: string | null;
  /** Only for kind dispute, when it carries an id. The rest is read at Paystack. */
  dispute?: { id: string; dueAt: Date | null };
  /** Only for kind transfer, when it names its transaction. */
  transfer?: ReportedTransfer;
}

const envelopeSchema = z.object({ event: z.string().min(1), data: z.unknown().optional() });

const referenceSchema = z
  .unknown()
  .optional()
  .transform((value) => (isReference(value) ? value : null));
const withReference = z.object({ reference: referenceSchema });
const withTransaction = z.object({ transaction: withReference });

/** Refund events, and some dispute events, name the charge there. */
const chargeNameSchema = z.object({ transaction_reference: referenceSchema });

const disputeSchema = z.object({
  id: gatewayIdSchema,
  due_at: instantSchema,
  dueAt: instantSchema,
});

/** The amount is text in Paystack's sample; the words of its message are for people and are not read. */
const rejectedTransferSchema = z
  .object({
    bank_transfer: z.object({
      transaction_id: gatewayIdSchema,
      amount: refundAmountSchema.nullish().catch(null),
      message_type: z.unknown(),
    }),
  })
  .transform(
    ({ bank_transfer: { transaction_id: gatewayId, amount, message_type: type } }): ReportedTransfer => ({
      gatewayId,
      amount: amount ?? null,
      cause: type === 'INCORRECT_AMOUNT' ? 'wrong_amount' : 'refused',
    }),
  );

/** Parses the bytes of a webhook. Never throws: unknown events, null data and missing fields become nulls. */
export function parseWebhookEvent(bytes: Uint8Array): ParsedWebhook {
  const envelope = envelopeSchema.safeParse(parseOrNull(bytes));
  if (!envelope.success) return { kind: 'unreadable', event: '', charge: null, reference: null };
  const { data } = envelope.data;
  const event = envelope.data.event.slice(0, 100);
  // Disputes first: their names begin with `charge.` too.
  if (event.startsWith('charge.dispute.')) return disputeEvent(event, data);
  if (event.startsWith('charge.')) {
    return {
      kind: 'charge',
      event,
      charge: chargeSchema.safeParse(data).data ?? null,
      reference: withReference.safeParse(data).data?.reference ?? null,
    };
  }
  if (event.startsWith('refund.')) {
    const reference = chargeNameSchema.safeParse(data).data?.transaction_reference ?? transactionReference(data);
    return { kind: 'refund', event, charge: null, reference };
  }
  if (event === 'bank.transfer.rejected') {
    const transfer = rejectedTransferSchema.safeParse(data).data;
    return { kind: 'transfer', event, charge: null, reference: null, ...(transfer === undefined ? {} : { transfer }) };
  }
  return { kind: 'other', event, charge: null, reference: null };
}

function disputeEvent(event: string, data: unknown): ParsedWebhook {
  const reference = transactionReference(data) ?? chargeNameSchema.safeParse(data).data?.transaction_reference ?? null;
  const read: ParsedWebhook = { kind: 'dispute', event, charge: null, reference };
  const dispute = disputeSchema.safeParse(data).data;
  if (dispute === undefined) return read;
  return { ...read, dispute: { id: dispute.id, dueAt: dispute.due_at ?? dispute.dueAt } };
}

function transactionReference(data: unknown): string | null {
  return withTransaction.safeParse(data).data?.transaction.reference ?? null;
}

function parseOrNull(bytes: Uint8Array): unknown {
  try {
    return parseJsonKeepingDigits(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
