/** Source: Paystack's published samples, with the variants of switches.ts. */
import type { Json, JsonObject, TransactionRecord } from '../ledger/records.ts';
import type { Switches } from '../switches.ts';

export function idView(id: number, switches: Switches): Json {
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

export function customerView(transaction: TransactionRecord): JsonObject {
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

/** Verify's `data`, one entry of the list, and charge.success's `data`. */
export function transactionView(transaction: TransactionRecord, switches: Switches): JsonObject {
  return {
    id: idView(transaction.id, switches),
    domain: transaction.domain,
    status: transaction.status,
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
