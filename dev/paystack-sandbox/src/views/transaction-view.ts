/** Source: Paystack's published samples, with the variants of switches.ts. */
import type { Json, JsonObject, TransactionRecord } from '../ledger/records.ts';
import type { Switches } from '../switches.ts';
import { customerView } from './customer-view.ts';

export function idView(id: number, switches: Switches): Json {
  return switches.ids === 'string' ? String(id) : id;
}

function metadataView(sent: Json, switches: Switches): Json {
  if (switches.metadata === 'as-sent') return sent;
  return { 'empty-string': '', null: null, zero: 0 }[switches.metadata];
}

function authorizationView(transaction: TransactionRecord): JsonObject {
  if (transaction.last4 === null) return {};
  if (transaction.channel !== 'card') return otherAuthorization(transaction);
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

/** Of a bank transfer, USSD or mobile money: nothing of it can be charged again. */
function otherAuthorization({ accessCode, channel, last4 }: TransactionRecord): JsonObject {
  return {
    authorization_code: `AUTH_${accessCode.slice(0, 10)}`,
    bin: '008XXX',
    last4: `X${last4?.slice(-3) ?? ''}`,
    exp_month: '12',
    exp_year: '2030',
    channel,
    card_type: channel === 'bank_transfer' ? 'transfer' : '',
    bank: 'TEST BANK',
    country_code: 'NG',
    brand: channel === 'bank_transfer' ? 'Managed Account' : '',
    reusable: false,
    signature: null,
    account_name: null,
  };
}

/** Paystack's account of the attempts, in seconds after the start. */
export function logView(transaction: TransactionRecord): JsonObject {
  const start = Date.parse(transaction.createdAt);
  const after = (at: string): number => Math.max(0, Math.round((Date.parse(at) - start) / 1_000));
  return {
    start_time: Math.floor(start / 1_000),
    time_spent: after(transaction.attempts.at(-1)?.at ?? transaction.createdAt),
    attempts: transaction.attempts.length,
    errors: transaction.attempts.filter((attempt) => !attempt.succeeded).length,
    success: transaction.paidAt !== null,
    mobile: false,
    input: [],
    history: transaction.attempts.flatMap(({ at, channel, succeeded, gatewayResponse }) => [
      { type: 'action', message: `Attempted to pay with ${channel.replaceAll('_', ' ')}`, time: after(at) },
      {
        type: succeeded ? 'success' : 'error',
        message: succeeded ? `Successfully paid with ${channel.replaceAll('_', ' ')}` : `Error: ${gatewayResponse}`,
        time: after(at),
      },
    ]),
  };
}

/** Verify's `data` and charge.success's `data`. */
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
    log: switches.log === 'null' ? null : logView(transaction),
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
    connect: null,
    transaction_date: transaction.createdAt,
    plan_object: {},
    subaccount: {},
  };
}

const API_SOURCE = { type: 'api', source: 'merchant_api', identifier: null };

/** The `data` of a transaction read by its number. */
export function fetchedTransactionView(transaction: TransactionRecord, switches: Switches): JsonObject {
  const { transaction_date, plan_object, ...shared } = transactionView(transaction, switches);
  return { ...shared, helpdesk_link: null, plan: {}, source: API_SOURCE };
}

/** One entry of the list. */
export function listedTransactionView(transaction: TransactionRecord, switches: Switches): JsonObject {
  const { receipt_number, helpdesk_link, fees_breakdown, ...shared } = fetchedTransactionView(transaction, switches);
  return { ...shared, source: { ...API_SOURCE, entry_point: 'transaction_initialize' } };
}
