/** One reference is one transaction, and it is captured at most once. */
import { randomBytes } from 'node:crypto';
import { Refusal } from '../ledger/refusal.ts';
import { offeredChannels } from './channels.ts';
import { feesOf } from './fees.ts';
import type { Domain, Json, Records, TransactionRecord } from './records.ts';
import { nextId } from './records.ts';

/** Paystack's minimum charge in subunits; other currencies are not supported. */
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
  /** `channels` as sent; anything but a list counts as missing. */
  channels: unknown;
}

/** As at Paystack, an amount is an integer or a string of digits. */
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

/** Refusal codes: missing_params, unsupported_currency, invalid_amount, invalid_reference, duplicate_reference. */
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
  const channels = offeredChannels(currency, Array.isArray(input.channels) ? input.channels : null);
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
    channels,
    waiting: null,
    rejectedTransfers: [],
    refundEnd: 'processed',
    createdAt: at.now,
    paidAt: null,
    settlementId: null,
    attempts: [],
  };
  records.transactions.set(reference, transaction);
  return transaction;
}

/** Stays true after a refund. */
export function isCaptured(transaction: TransactionRecord): boolean {
  return transaction.paidAt !== null;
}

/** The card, account or phone of one attempt, and how the attempt ends. */
export interface PaymentMeans {
  channel: string;
  /** Of the card, or of the account or phone. */
  last4: string;
  succeeds: boolean;
  gatewayResponse: string;
  refundEnd: TransactionRecord['refundEnd'];
}

/**
 * Returns true if it captured money. A captured reference stays unchanged and returns false, because Paystack does not charge
 * one reference twice. `capture` overrides amount and currency, for charges that differ from the order.
 */
export function attempt(
  transaction: TransactionRecord,
  means: PaymentMeans,
  options: {
    now: string;
    customerBearsFees: boolean;
    international?: boolean | undefined;
    capture?: { amount?: number | undefined; currency?: string | undefined } | undefined;
  },
): boolean {
  if (isCaptured(transaction)) return false;
  const { now } = options;
  const { channel, last4, succeeds, gatewayResponse } = means;
  transaction.attempts.push({ at: now, channel, last4, succeeded: succeeds, gatewayResponse });
  Object.assign(transaction, { gatewayResponse, channel, last4, waiting: null });
  if (!succeeds) {
    transaction.status = 'failed';
    return false;
  }
  const { capture } = options;
  const currency = capture?.currency ?? transaction.currency;
  const charged = capture?.amount ?? transaction.requestedAmount;
  const international = options.international === true;
  const fees = feesOf({ amount: charged, currency, channel, international });
  transaction.status = 'success';
  transaction.paidAt = now;
  transaction.fees = fees;
  transaction.amount = capture?.amount ?? transaction.requestedAmount + (options.customerBearsFees ? fees : 0);
  transaction.currency = currency;
  transaction.refundEnd = means.refundEnd;
  return true;
}

export function findTransaction(records: Records, reference: string): TransactionRecord | undefined {
  return records.transactions.get(reference);
}

/** Paystack accepts an id or a reference in the same field. */
export function findByIdOrReference(records: Records, key: string): TransactionRecord | undefined {
  return records.transactions.get(key) ?? findById(records, key);
}

/** Compares numbers, because a year has tens of thousands of transactions. */
export function findById(records: Records, key: string | undefined): TransactionRecord | undefined {
  const wanted = /^\d{1,15}$/.test(key ?? '') ? Number(key) : Number.NaN;
  return findWhere(records, ({ id }) => id === wanted);
}

/** The oldest transaction that passes `test`. */
export function findWhere(
  records: Records,
  test: (transaction: TransactionRecord) => boolean,
): TransactionRecord | undefined {
  for (const transaction of records.transactions.values()) if (test(transaction)) return transaction;
  return undefined;
}

/** Throws Refusal for an unknown reference. */
export function getTransaction(records: Records, reference: string, unknownStatus: 400 | 404): TransactionRecord {
  const transaction = findTransaction(records, reference);
  if (transaction !== undefined) return transaction;
  throw new Refusal(unknownStatus, 'transaction_not_found', 'Transaction reference not found', {
    nextStep: 'Ensure that you are passing a reference that exists on this integration',
  });
}
