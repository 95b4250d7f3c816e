/** JSON of disputes in replies and events. Source: Paystack's published samples, whose members differ from each other. */
import type { DisputeRecord, EvidenceRecord, JsonObject, TransactionRecord } from '../ledger/records.ts';
import type { Switches } from '../switches.ts';
import { customerView } from './customer-view.ts';
import { idView, transactionView } from './transaction-view.ts';

/** A switch decides how a dispute names its charge. */
export function disputeView(dispute: DisputeRecord, transaction: TransactionRecord, switches: Switches): JsonObject {
  const { disputeCharge } = switches;
  const charge = transactionView(transaction, switches);
  return {
    id: idView(dispute.id, switches),
    integration: 100_043,
    organization: 1,
    source: 'bank',
    created_by: null,
    refund_amount: dispute.amount,
    currency: dispute.currency,
    status: dispute.status,
    resolution: dispute.resolution,
    domain: dispute.domain,
    transaction: disputeCharge === 'transaction' ? charge : idView(transaction.id, switches),
    transaction_reference: disputeCharge === 'reference' ? transaction.reference : null,
    merchant_transaction_reference: null,
    category: dispute.category,
    customer: customerView(transaction),
    bin: '408408',
    last4: transaction.last4,
    dueAt: dispute.dueAt,
    resolvedAt: dispute.resolvedAt,
    evidence: dispute.evidence === null ? null : evidenceView(dispute.evidence, dispute, switches),
    attachments: dispute.fileName ?? '[]',
    note: null,
    history: dispute.history.map(({ status, by, at }) => ({ status, by, createdAt: at })),
    messages: dispute.messages.map(({ sender, body, at }) => ({ sender, body, createdAt: at })),
    createdAt: dispute.createdAt,
    updatedAt: dispute.updatedAt,
  };
}

/** The data of charge.dispute.* events, which write times in both spellings. */
export function disputeEventView(
  dispute: DisputeRecord,
  transaction: TransactionRecord,
  switches: Switches,
): JsonObject {
  const view = disputeView(dispute, transaction, switches);
  return { ...view, created_at: dispute.createdAt, updated_at: dispute.updatedAt };
}

export function evidenceView(evidence: EvidenceRecord, dispute: DisputeRecord, switches: Switches): JsonObject {
  return {
    id: idView(evidence.id, switches),
    dispute: idView(dispute.id, switches),
    customer_email: evidence.customerEmail,
    customer_name: evidence.customerName,
    customer_phone: evidence.customerPhone,
    service_details: evidence.serviceDetails,
    delivery_address: evidence.deliveryAddress,
    delivery_date: evidence.deliveryDate,
    createdAt: evidence.createdAt,
    updatedAt: evidence.createdAt,
  };
}

/** The reply of an answer has the merchant's message besides. */
export function answeredDisputeView(
  dispute: DisputeRecord,
  transaction: TransactionRecord,
  switches: Switches,
): JsonObject {
  const last = dispute.messages.at(-1);
  const message =
    last === undefined
      ? null
      : {
          id: idView(dispute.id + dispute.messages.length, switches),
          dispute: idView(dispute.id, switches),
          sender: last.sender,
          body: last.body,
          createdAt: last.at,
          updatedAt: last.at,
        };
  return { ...disputeView(dispute, transaction, switches), message };
}
