/**
 * The rules of a transaction in the sandbox's book: initialize, an attempt with a card, finding and listing.
 * One reference is one transaction, and it is captured at most once. Called by the API's routes and by the simulator.
 */
import { randomBytes } from 'node:crypto';
import { Refusal } from '../ledger/refusal.ts';
import type { Domain, Json, Records, TransactionRecord } from './records.ts';
import { nextId } from './records.ts';
import type { TestCard } from './test-cards.ts';

/** Paystack's smallest charge per currency, in subunits. A currency that is missing here is not supported. */
export const minimumAmounts: ReadonlyMap<string, number> = new Map([
  ['NGN', 5_000],
  ['GHS', 10],
  ['ZAR', 100],
  ['KES', 300],
  ['USD', 200],
  ['XOF', 100],
]);

const REFERENCE = /^[A-Za-z0-9.=-]{1,100}$/;

export interface InitializeInput {
  email: unknown;
  amount: unknown;
  currency: unknown;
  reference: unknown;
  callbackUrl: string | null;
  metadata: Json;
}

/** Paystack takes an amount as an integer or as its decimal digits; anything else is refused. */
function readAmount(value: unknown, currency: string): number {
  const amount = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount < (minimumAmounts.get(currency) ?? 1)) {
    throw new Refusal(400, 'invalid_amount', 'Invalid Amount Sent', {
      nextStep: 'Pass a whole number of subunits that is not below the minimum of the currency',
    });
  }
  return amount;
}

function readReference(records: Records, value: unknown): string {
  if (value === undefined || value === null || value === '') return randomBytes(8).toString('hex');
  if (typeof value !== 'string' || !REFERENCE.test(value)) {
    throw new Refusal(400, 'invalid_reference', 'Reference can only contain alphanumeric characters, "-", "." and "="');
  }
  if (findTransaction(records, value) !== undefined) {
    throw new Refusal(400, 'duplicate_reference', 'Duplicate Transaction Reference', {
      nextStep: 'Pass a reference that has not been used before',
    });
  }
  return value;
}

/** Opens a transaction. Refuses with missing_params, unsupported_currency, invalid_amount, invalid_reference, duplicate_reference. */
export function initialize(
  records: Records,
  input: InitializeInput,
  at: { domain: Domain; now: string },
): TransactionRecord {
  if (typeof input.email !== 'string' || !/^[^@\s]+@[^@\s]+$/.test(input.email)) {
    throw new Refusal(400, 'missing_params', 'Email is required', { nextStep: 'Pass the email of the customer' });
  }
  if (input.amount === undefined || input.amount === null || input.amount === '') {
    throw new Refusal(400, 'missing_params', 'Amount is required', { nextStep: 'Pass the amount in subunits' });
  }
  const currency = input.currency ?? 'NGN';
  if (typeof currency !== 'string' || !minimumAmounts.has(currency)) {
    throw new Refusal(400, 'unsupported_currency', 'Currency not supported by merchant');
  }
  const amount = readAmount(input.amount, currency);
  const reference = readReference(records, input.reference);
  const transaction: TransactionRecord = {
    id: nextId(records),
    reference,
    accessCode: randomBytes(10).toString('hex'),
    domain: at.domain,
    email: input.email,
    currency,
    requestedAmount: amount,
    amount,
    fees: 0,
    callbackUrl: input.callbackUrl,
    metadata: input.metadata,
    status: 'abandoned',
    gatewayResponse: 'The transaction was not completed',
    channel: null,
    last4: null,
    refundEnd: 'processed',
    createdAt: at.now,
    paidAt: null,
    attempts: [],
  };
  records.transactions.set(reference, transaction);
  return transaction;
}

/** True once money was captured, also when it has been given back since. */
export function isCaptured(transaction: TransactionRecord): boolean {
  return transaction.paidAt !== null;
}

/** Paystack's local NGN tariff, as an example of fees: 1.5 % plus NGN 100 from NGN 2,500, at most NGN 2,000. */
function feesOf(amount: number): number {
  return Math.min(Math.ceil((amount * 15) / 1_000) + (amount >= 250_000 ? 10_000 : 0), 200_000);
}

/**
 * One attempt with one card. Returns true when money was captured. A reference that is captured already is left as it
 * is and gives false: Paystack's page does not charge one reference twice.
 * `capture` overrides the captured amount and currency, for charges that do not agree with the order.
 */
export function attempt(
  transaction: TransactionRecord,
  card: TestCard,
  options: {
    now: string;
    customerBearsFees: boolean;
    capture?: { amount?: number | undefined; currency?: string | undefined } | undefined;
  },
): boolean {
  if (isCaptured(transaction)) return false;
  const { now } = options;
  const last4 = card.number.slice(-4);
  transaction.attempts.push({ at: now, last4, succeeded: card.succeeds, gatewayResponse: card.gatewayResponse });
  transaction.gatewayResponse = card.gatewayResponse;
  transaction.channel = 'card';
  transaction.last4 = last4;
  if (!card.succeeds) {
    transaction.status = 'failed';
    return false;
  }
  const fees = feesOf(transaction.requestedAmount);
  transaction.status = 'success';
  transaction.paidAt = now;
  transaction.fees = fees;
  transaction.amount = options.capture?.amount ?? transaction.requestedAmount + (options.customerBearsFees ? fees : 0);
  transaction.currency = options.capture?.currency ?? transaction.currency;
  transaction.refundEnd = card.refundEnd;
  return true;
}

export function findTransaction(records: Records, reference: string): TransactionRecord | undefined {
  return records.transactions.get(reference);
}

/** Paystack takes a transaction's id or its reference in the same field. */
export function findByIdOrReference(records: Records, key: string): TransactionRecord | undefined {
  return records.transactions.get(key) ?? findWhere(records, (transaction) => String(transaction.id) === key);
}

/** The first transaction, oldest first, of which `test` is true. */
export function findWhere(
  records: Records,
  test: (transaction: TransactionRecord) => boolean,
): TransactionRecord | undefined {
  for (const transaction of records.transactions.values()) if (test(transaction)) return transaction;
  return undefined;
}

/** The transaction of a reference, or Paystack's words for not knowing it. */
export function getTransaction(records: Records, reference: string, unknownStatus: 400 | 404): TransactionRecord {
  const transaction = findTransaction(records, reference);
  if (transaction !== undefined) return transaction;
  throw new Refusal(unknownStatus, 'transaction_not_found', 'Transaction reference not found', {
    nextStep: 'Ensure that you are passing a reference that exists on this integration',
  });
}
