/**
 * How the book looks on the wire: the shapes of Paystack's published samples, with the variants that switches.ts
 * names. The data of a charge.success event is the same as verify's.
 */
import type { DisputeRecord, Json, JsonObject, RefundRecord, TransactionRecord } from './records.ts';
import type { Switches } from './switches.ts';

function idView(id: number, switches: Switches): Json {
  return switches.ids === 'string' ? String(id) : id;
}

function metadataView(sent: Json, switches: Switches): Json {
  if (switches.metadata === 'as-sent') return sent;
  return { 'empty-string': '', null: null, zero: 0 }[switches.metadata];
}

function authorizationView(transaction: TransactionRecord): JsonObject {
  if (transaction.last4 === null) return {};
  return {
    authorization_code: `AUTH_${transaction.accessCode.slice(0, 10)}`,
    bin: '408408',
    last4: transaction.last4,
    exp_month: '12',
    exp_year: '2030',
    channel: 'card',
    card_type: 'visa ',
    bank: 'TEST BANK',
    country_code: 'NG',
    brand: 'visa',
    reusable: true,
    signature: `SIG_${transaction.accessCode.slice(-12)}`,
    account_name: null,
  };
}

function customerView(transaction: TransactionRecord): JsonObject {
  return {
    id: transaction.id + 5_000_000,
    first_name: null,
    last_name: null,
    email: transaction.email,
    customer_code: `CUS_${transaction.accessCode.slice(0, 15)}`,
    phone: null,
    metadata: null,
    risk_action: 'default',
    international_format_phone: null,
  };
}

function logView(transaction: TransactionRecord, switches: Switches): Json {
  if (switches.log === 'null') return null;
  return {
    start_time: Math.floor(Date.parse(transaction.createdAt) / 1_000),
    time_spent: 4,
    attempts: transaction.attempts.length,
    errors: transaction.attempts.filter((attempt) => !attempt.succeeded).length,
    success: transaction.paidAt !== null,
    mobile: false,
    input: [],
    history: transaction.attempts.map((attempt) => ({
      type: attempt.succeeded ? 'success' : 'error',
      message: attempt.succeeded ? 'Successfully paid with card' : `Error: ${attempt.gatewayResponse}`,
      time: 4,
    })),
  };
}

/** A full refund shows as `reversed`, or not, by switch; a lost dispute always does. */
export function shownStatus(transaction: TransactionRecord, switches: Switches, disputed: boolean): string {
  const hidesRefund = transaction.status === 'reversed' && switches.fullyRefundedStatus === 'success' && !disputed;
  return hidesRefund ? 'success' : transaction.status;
}

/** Verify's `data`, one entry of the list, and charge.success's `data`. */
export function transactionView(transaction: TransactionRecord, switches: Switches, disputeLost = false): JsonObject {
  return {
    id: idView(transaction.id, switches),
    domain: transaction.domain,
    status: shownStatus(transaction, switches, disputeLost),
    reference: transaction.reference,
    receipt_number: null,
    amount: transaction.amount,
    message: null,
    gateway_response: transaction.gatewayResponse,
    paid_at: transaction.paidAt,
    created_at: transaction.createdAt,
    channel: transaction.channel ?? 'card',
    currency: transaction.currency,
    ip_address: '127.0.0.1',
    metadata: metadataView(transaction.metadata, switches),
    log: logView(transaction, switches),
    fees: transaction.paidAt === null ? null : transaction.fees,
    fees_split: null,
    authorization: authorizationView(transaction),
    customer: customerView(transaction),
    plan: switches.plan === 'null' ? null : {},
    split: {},
    order_id: null,
    paidAt: transaction.paidAt,
    createdAt: transaction.createdAt,
    ...(switches.requestedAmount === 'present' ? { requested_amount: transaction.requestedAmount } : {}),
    pos_transaction_data: null,
    source: null,
    fees_breakdown: null,
    plan_object: {},
    subaccount: {},
  };
}

/** A refund in lists and by id: `transaction` is the number of the transaction. */
export function refundView(refund: RefundRecord, switches: Switches): JsonObject {
  return {
    id: idView(refund.id, switches),
    integration: 100_043,
    domain: refund.domain,
    transaction: idView(refund.transactionId, switches),
    dispute: null,
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

/** A refund as create answers it: `transaction` is an object. */
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

/** The data of refund.* events: sparse, without ids, the amount often as text. */
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

/** The data of charge.dispute.* events: the reference sits at data.transaction.reference. */
export function disputeEventView(
  dispute: DisputeRecord,
  transaction: TransactionRecord,
  switches: Switches,
): JsonObject {
  return {
    id: idView(dispute.id, switches),
    refund_amount: dispute.amount,
    currency: dispute.currency,
    status: dispute.status,
    resolution: dispute.resolution,
    domain: dispute.domain,
    transaction: transactionView(transaction, switches, dispute.resolution === 'merchant-accepted'),
    transaction_reference: null,
    category: 'chargeback',
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
    updatedAt: dispute.resolvedAt ?? dispute.createdAt,
  };
}
