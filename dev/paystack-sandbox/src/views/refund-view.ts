/** JSON of refunds and disputes in replies and events. Source: Paystack's published samples. */
import type { DisputeRecord, JsonObject, RefundRecord, TransactionRecord } from '../ledger/records.ts';
import type { Switches } from '../switches.ts';
import { customerView } from './customer-view.ts';
import { idView, transactionView } from './transaction-view.ts';

/** A refund in lists and by id, where `transaction` is a number. */
export function refundView(refund: RefundRecord, switches: Switches): JsonObject {
  return {
    id: idView(refund.id, switches),
    integration: 100_043,
    domain: refund.domain,
    transaction: idView(refund.transactionId, switches),
    dispute: refund.disputeId === null ? null : idView(refund.disputeId, switches),
    settlement: null,
    amount: refund.amount,
    deducted_amount: refund.status === 'processed' ? refund.amount : 0,
    fully_deducted: refund.status === 'processed',
    currency: refund.currency,
    channel: null,
    status: refund.status,
    refunded_by: 'merchant@example.com',
    refunded_at: refund.status === 'processed' ? refund.updatedAt : null,
    expected_at: refund.createdAt,
    customer_note: refund.customerNote,
    merchant_note: refund.merchantNote,
    createdAt: refund.createdAt,
    updatedAt: refund.updatedAt,
  };
}

/** A refund in the reply of create, where `transaction` is an object. */
export function createdRefundView(
  refund: RefundRecord,
  transaction: TransactionRecord,
  switches: Switches,
): JsonObject {
  const { id, domain, reference, amount, paid_at, channel, currency, authorization, customer } = transactionView(
    transaction,
    switches,
  );
  return {
    ...refundView(refund, switches),
    transaction: {
      id: id ?? null,
      domain: domain ?? null,
      reference: reference ?? null,
      amount: amount ?? null,
      paid_at: paid_at ?? null,
      channel: channel ?? null,
      currency: currency ?? null,
      authorization: authorization ?? null,
      customer: customer ?? null,
    },
  };
}

/** The data of refund.* events, which have no ids and often the amount as text. */
export function refundEventView(refund: RefundRecord, transaction: TransactionRecord, switches: Switches): JsonObject {
  return {
    status: refund.status,
    transaction_reference: refund.reference,
    refund_reference: switches.refundEventReference === 'null' ? null : `TRF_${refund.id}`,
    amount: switches.refundEventAmount === 'string' ? String(refund.amount) : refund.amount,
    currency: refund.currency,
    processor: 'instant-transfer',
    customer: { first_name: null, last_name: null, email: transaction.email },
    integration: 100_043,
    domain: refund.domain,
  };
}

/** A dispute in replies and events. A switch decides how it names its charge. */
export function disputeView(dispute: DisputeRecord, transaction: TransactionRecord, switches: Switches): JsonObject {
  const { disputeCharge } = switches;
  const charge = transactionView(transaction, switches);
  return {
    id: idView(dispute.id, switches),
    refund_amount: dispute.amount,
    currency: dispute.currency,
    status: dispute.status,
    resolution: dispute.resolution,
    domain: dispute.domain,
    transaction: disputeCharge === 'transaction' ? charge : idView(transaction.id, switches),
    transaction_reference: disputeCharge === 'reference' ? transaction.reference : null,
    category: dispute.category,
    customer: customerView(transaction),
    bin: '408408',
    last4: transaction.last4,
    dueAt: dispute.dueAt,
    resolvedAt: dispute.resolvedAt,
    evidence: null,
    attachments: null,
    note: null,
    history: [{ status: dispute.status, by: transaction.email, createdAt: dispute.createdAt }],
    messages: [],
    createdAt: dispute.createdAt,
    updatedAt: dispute.updatedAt,
  };
}
