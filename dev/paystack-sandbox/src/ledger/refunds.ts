/**
 * The refunds of a charge that have not failed never exceed its captured amount. After a failed refund the money is with the
 * merchant, and the charge is a success again.
 */
import { Refusal } from '../ledger/refusal.ts';
import type { Switches } from '../switches.ts';
import type { DisputeRecord, Records, RefundRecord, RefundStatus, TransactionRecord } from './records.ts';
import { nextId } from './records.ts';
import { findByIdOrReference, isCaptured } from './transactions.ts';

/** The sum of the refunds that have not failed, in subunits. */
export function refundedAmount(records: Records, transaction: TransactionRecord): number {
  return records.refunds
    .filter((refund) => refund.transactionId === transaction.id && refund.status !== 'failed')
    .reduce((sum, refund) => sum + refund.amount, 0);
}

export interface RefundInput {
  transaction: unknown;
  /** Missing: the whole rest. */
  amount: unknown;
  currency: unknown;
  customerNote: string | null;
  merchantNote: string | null;
}

function readRefundAmount(value: unknown, left: number): number {
  if (value === undefined || value === null) return left;
  const amount = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount < 1) {
    throw new Refusal(400, 'invalid_amount', 'Invalid Amount Sent');
  }
  if (amount > left) {
    throw new Refusal(400, 'invalid_amount', 'Refund amount cannot be more than what is left of the transaction');
  }
  return amount;
}

type RefundRules = Pick<Switches, 'secondRefundWhilePending' | 'refundBalance'>;

/**
 * Refusal codes: missing_params, transaction_not_found, transaction_not_successful, transaction_reversed, invalid_amount,
 * refund_pending, insufficient_balance.
 */
export function createRefund(records: Records, input: RefundInput, rules: RefundRules, now: string): RefundRecord {
  const key = typeof input.transaction === 'number' ? String(input.transaction) : input.transaction;
  if (typeof key !== 'string' || key === '') {
    throw new Refusal(400, 'missing_params', 'Transaction is required');
  }
  const transaction = findByIdOrReference(records, key);
  if (transaction === undefined) throw new Refusal(404, 'transaction_not_found', 'Transaction not found');
  if (!isCaptured(transaction)) {
    throw new Refusal(400, 'transaction_not_successful', 'Only successful transactions can be refunded');
  }
  if (input.currency !== undefined && input.currency !== null && input.currency !== transaction.currency) {
    throw new Refusal(400, 'unsupported_currency', 'Currency does not match the transaction');
  }
  const left = transaction.amount - refundedAmount(records, transaction);
  if (left <= 0 || isLostInDispute(records, transaction)) {
    throw new Refusal(400, 'transaction_reversed', 'Transaction has been fully reversed', {
      nextStep: 'Ensure that the transaction has not been refunded before',
    });
  }
  const isUnderWay = (refund: RefundRecord) => refund.status === 'pending' || refund.status === 'processing';
  const others = records.refunds.filter((refund) => refund.transactionId === transaction.id);
  if (rules.secondRefundWhilePending === 'refused' && others.some(isUnderWay)) {
    throw new Refusal(400, 'refund_pending', 'Another refund of this transaction is still being processed');
  }
  const amount = readRefundAmount(input.amount, left);
  if (rules.refundBalance === 'pending-payout-only' && amount > pendingPayout(records, transaction, now)) {
    throw new Refusal(400, 'insufficient_balance', 'Your balance is not enough to fulfil this request');
  }
  const refund: RefundRecord = {
    id: nextId(records),
    transactionId: transaction.id,
    reference: transaction.reference,
    amount,
    currency: transaction.currency,
    domain: transaction.domain,
    status: 'pending',
    customerNote: input.customerNote,
    merchantNote: input.merchantNote,
    end: transaction.refundEnd,
    createdAt: now,
    updatedAt: now,
  };
  records.refunds.push(refund);
  return refund;
}

const DAY_MS = 24 * 3600_000;

/** The charges of 24 hours less the refunds of 24 hours, in the currency of the transaction. Earlier ones are paid out. */
function pendingPayout(records: Records, { currency, domain }: TransactionRecord, now: string): number {
  const isRecent = (at: string | null) => at !== null && Date.parse(now) - Date.parse(at) < DAY_MS;
  const charges = [...records.transactions.values()].filter(
    (charge) => charge.currency === currency && charge.domain === domain && isRecent(charge.paidAt),
  );
  const refunds = records.refunds.filter(
    (refund) =>
      refund.currency === currency &&
      refund.domain === domain &&
      refund.status !== 'failed' &&
      isRecent(refund.createdAt),
  );
  const sum = (amounts: { amount: number }[]) => amounts.reduce((total, { amount }) => total + amount, 0);
  return sum(charges) - sum(refunds);
}

export function getRefund(records: Records, id: string): RefundRecord {
  const refund = records.refunds.find((candidate) => String(candidate.id) === id);
  if (refund === undefined) throw new Refusal(404, 'refund_not_found', 'Refund not found');
  return refund;
}

/** The next status without intervention; null for a final one. */
export function nextRefundStatus(refund: RefundRecord): RefundStatus | null {
  if (refund.status === 'pending') return 'processing';
  return refund.status === 'processing' ? refund.end : null;
}

/** A charge becomes reversed once its processed refunds reach the captured amount. */
export function moveRefund(records: Records, refund: RefundRecord, to: RefundStatus, now: string): void {
  refund.status = to;
  refund.updatedAt = now;
  const transaction = records.transactions.get(refund.reference);
  if (transaction === undefined || isLostInDispute(records, transaction)) return;
  const processed = records.refunds
    .filter((other) => other.transactionId === transaction.id && other.status === 'processed')
    .reduce((sum, other) => sum + other.amount, 0);
  transaction.status = processed >= transaction.amount ? 'reversed' : 'success';
}

/** Continues a refund that could not reach the card, with the customer's bank account. It ends as processed. */
export function retryWithCustomerDetails(records: Records, id: string, details: unknown, now: string): RefundRecord {
  const refund = getRefund(records, id);
  if (!hasDetails(details)) throw new Refusal(400, 'missing_params', 'Refund account details are required');
  if (refund.status !== 'needs-attention') {
    throw new Refusal(422, 'invalid_params', 'Invalid Refund state, refund status should be "needs-attention"');
  }
  refund.end = 'processed';
  moveRefund(records, refund, 'processing', now);
  return refund;
}

/** The account is used for this transfer and not kept. */
function hasDetails(details: unknown): boolean {
  if (typeof details !== 'object' || details === null) return false;
  const { currency, account_number, bank_id } = details as Record<string, unknown>;
  const isBank = typeof bank_id === 'number' || (typeof bank_id === 'string' && /^\d+$/.test(bank_id));
  return (
    typeof currency === 'string' && typeof account_number === 'string' && /^\d{6,20}$/.test(account_number) && isBank
  );
}

/** True once the customer has won a dispute: the bank has taken the money, so no refund is possible. */
export function isLostInDispute(records: Records, transaction: TransactionRecord): boolean {
  return records.disputes.some(
    (dispute) => dispute.transactionId === transaction.id && dispute.resolution === 'merchant-accepted',
  );
}

/** `dueAt` is the merchant's deadline for a response. */
export function openDispute(
  records: Records,
  transaction: TransactionRecord,
  input: { amount?: number | undefined; dueAt: string; now: string },
): DisputeRecord {
  if (!isCaptured(transaction)) throw new Refusal(400, 'invalid_transaction', 'Only captured charges can be disputed');
  const dispute: DisputeRecord = {
    id: nextId(records),
    transactionId: transaction.id,
    reference: transaction.reference,
    amount: input.amount ?? transaction.amount,
    currency: transaction.currency,
    domain: transaction.domain,
    status: 'awaiting-merchant-feedback',
    resolution: null,
    dueAt: input.dueAt,
    createdAt: input.now,
    resolvedAt: null,
  };
  records.disputes.push(dispute);
  return dispute;
}

export function getDispute(records: Records, id: number): DisputeRecord {
  const dispute = records.disputes.find((candidate) => candidate.id === id);
  if (dispute === undefined) throw new Refusal(404, 'dispute_not_found', 'Dispute not found');
  return dispute;
}

/** `merchant-accepted` takes the money from the merchant, and the charge stays reversed. */
export function resolveDispute(
  records: Records,
  dispute: DisputeRecord,
  resolution: 'merchant-accepted' | 'declined',
  now: string,
): void {
  dispute.status = 'resolved';
  dispute.resolution = resolution;
  dispute.resolvedAt = now;
  const transaction = records.transactions.get(dispute.reference);
  if (transaction !== undefined && resolution === 'merchant-accepted') transaction.status = 'reversed';
}
