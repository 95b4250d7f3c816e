/** JSON of refunds in replies and events. Source: Paystack's published samples. */
import type { JsonObject, RefundRecord, TransactionRecord } from '../ledger/records.ts';
import type { Switches } from '../switches.ts';
import { customerView } from './customer-view.ts';
import { idView, transactionView } from './transaction-view.ts';

const MERCHANT = 'merchant@example.com';

/** Why a refund stands where it stands. The published samples repeat the status. */
function reasonOf({ status, disputeId }: RefundRecord): string {
  return disputeId === null ? status.toUpperCase().replace('-', '_') : 'DISPUTE';
}

/** A refund in lists, by id and after a retry. It has the members of all published samples, which differ from each other. */
export function refundView(refund: RefundRecord, transaction: TransactionRecord, switches: Switches): JsonObject {
  const isProcessed = refund.status === 'processed';
  return {
    id: idView(refund.id, switches),
    integration: 100_043,
    domain: refund.domain,
    transaction: idView(refund.transactionId, switches),
    transaction_reference: refund.reference,
    transaction_amount: transaction.amount,
    dispute: refund.disputeId === null ? null : idView(refund.disputeId, switches),
    settlement: null,
    amount: refund.amount,
    deducted_amount: isProcessed ? refund.amount : 0,
    fully_deducted: isProcessed ? 1 : 0,
    currency: refund.currency,
    channel: null,
    refund_channel: 'card',
    refund_type: refund.amount === transaction.amount ? 'full' : 'partial',
    status: refund.status,
    reason: reasonOf(refund),
    initiated_by: MERCHANT,
    refunded_by: MERCHANT,
    refunded_at: isProcessed ? refund.updatedAt : null,
    reversed_at: refund.status === 'failed' ? refund.updatedAt : null,
    expected_at: new Date(Date.parse(refund.createdAt) + EXPECTED_AFTER_MS).toISOString(),
    customer_note: refund.customerNote ?? `Refund for transaction ${refund.reference}`,
    merchant_note: refund.merchantNote ?? `Refund for transaction ${refund.reference} by ${MERCHANT}`,
    customer: customerView(transaction),
    bank_reference: null,
    session_id: null,
    collect_account_number: refund.status === 'needs-attention',
    createdAt: refund.createdAt,
    updatedAt: refund.updatedAt,
    created_at: refund.createdAt,
    updated_at: refund.updatedAt,
  };
}

/** The reply of create has fewer members, and `transaction` is an object. */
export function createdRefundView(
  refund: RefundRecord,
  transaction: TransactionRecord,
  switches: Switches,
): JsonObject {
  const view = refundView(refund, transaction, switches);
  const charge = transactionView(transaction, switches);
  return {
    ...pick(view, CREATED_MEMBERS),
    fully_deducted: view.fully_deducted === 1,
    transaction: { ...pick(charge, CHARGE_MEMBERS), plan: {}, subaccount: { currency: null } },
  };
}

/** Paystack promises ten working days. */
const EXPECTED_AFTER_MS = 10 * 24 * 3600_000;

const CREATED_MEMBERS = [
  ...['id', 'integration', 'domain', 'amount', 'deducted_amount', 'currency', 'channel', 'status', 'dispute'],
  ...['refunded_by', 'expected_at', 'customer_note', 'merchant_note', 'createdAt', 'updatedAt'],
];

const CHARGE_MEMBERS = [
  ...['id', 'domain', 'reference', 'amount', 'paid_at', 'paidAt', 'channel', 'currency', 'authorization', 'customer'],
  ...['split', 'order_id', 'pos_transaction_data', 'source', 'fees_breakdown'],
];

function pick(members: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, members[name] ?? null]));
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
