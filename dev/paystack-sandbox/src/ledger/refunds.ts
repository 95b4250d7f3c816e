/**
 * The refunds of a charge that have not failed never exceed its captured amount. After a failed refund the money is with the
 * merchant, and the charge is a success again.
 */
import { Refusal } from '../ledger/refusal.ts';
import type { Switches } from '../switches.ts';
import { findBank } from './banks.ts';
import { lostAmount } from './disputes.ts';
import type { DisputeRecord, Records, RefundRecord, RefundStatus, TransactionRecord } from './records.ts';
import { nextId } from './records.ts';
import { pendingPayout } from './settlements.ts';
import { findByIdOrReference, isCaptured } from './transactions.ts';

/** The sum of the refunds that have not failed, in subunits; without those that name a dispute, which count with it. */
export function refundedAmount(records: Records, transaction: TransactionRecord): number {
  return records.refunds
    .filter(({ transactionId }) => transactionId === transaction.id)
    .filter(({ status, disputeId }) => status !== 'failed' && disputeId === null)
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
  const left = transaction.amount - refundedAmount(records, transaction) - lostAmount(records, transaction);
  if (left <= 0) {
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
  if (rules.refundBalance === 'pending-payout-only' && amount > pendingPayout(records, transaction.currency)) {
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
    disputeId: null,
    end: transaction.refundEnd,
    createdAt: now,
    updatedAt: now,
  };
  records.refunds.push(refund);
  return refund;
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

/** The status follows from all refunds of the charge, see statusAfterRefund. */
export function moveRefund(refund: RefundRecord, to: RefundStatus, now: string): void {
  refund.status = to;
  refund.updatedAt = now;
}

/** The refund by which the money of a lost dispute goes back, as it may also appear in the list. */
export function createDisputeRefund(
  records: Records,
  { id, amount }: Pick<DisputeRecord, 'id' | 'amount'>,
  transaction: TransactionRecord,
  now: string,
): RefundRecord {
  const refund: RefundRecord = {
    id: nextId(records),
    transactionId: transaction.id,
    reference: transaction.reference,
    amount: amount ?? transaction.amount,
    currency: transaction.currency,
    domain: transaction.domain,
    status: 'processed',
    customerNote: null,
    merchantNote: null,
    disputeId: id,
    end: 'processed',
    createdAt: now,
    updatedAt: now,
  };
  records.refunds.push(refund);
  return refund;
}

/**
 * Continues a refund that could not reach the card, with the customer's bank account. It ends as processed. Refusal codes:
 * missing_params, invalid_params.
 */
export function retryWithCustomerDetails(records: Records, id: string, details: unknown, now: string): RefundRecord {
  const refund = getRefund(records, id);
  checkAccount(details, refund.currency);
  if (refund.status !== 'needs-attention') {
    throw new Refusal(422, 'invalid_params', 'Invalid Refund state, refund status should be "needs-attention"');
  }
  refund.end = 'processed';
  moveRefund(refund, 'processing', now);
  return refund;
}

/** The account is used for this transfer and not kept. Its currency is that of the payment, its bank one of Paystack's list. */
function checkAccount(details: unknown, currency: string): void {
  if (typeof details !== 'object' || details === null) {
    throw new Refusal(400, 'missing_params', 'Refund account details are required');
  }
  const account: Record<string, unknown> = { ...details };
  for (const name of ['currency', 'account_number', 'bank_id']) {
    if (account[name] === undefined || account[name] === null || account[name] === '') {
      throw new Refusal(400, 'missing_params', `refund_account_details.${name} is required`);
    }
  }
  const invalid = (message: string) => new Refusal(400, 'invalid_params', message);
  if (account.currency !== currency) throw invalid('Currency does not match the transaction');
  const number = account.account_number;
  if (typeof number !== 'string' || !/^\d{6,20}$/.test(number)) throw invalid('Account number is invalid');
  const bank = findBank(account.bank_id);
  if (bank?.currency !== currency) throw invalid('Bank is invalid');
}
