/** Disputes: a cardholder's claim at the bank, which ends with the money at the customer or at the merchant. */
import { Refusal } from '../ledger/refusal.ts';
import type { DisputeRecord, DisputeResolution, DisputeStatus, Records, TransactionRecord } from './records.ts';
import { nextId } from './records.ts';
import { isCaptured } from './transactions.ts';

export interface DisputeInput {
  /** Null stands for the whole charge; missing: its amount. */
  amount?: number | null | undefined;
  category?: string | undefined;
  /** The merchant's deadline for an answer; null names none. */
  dueAt: string | null;
  now: string;
}

const HOUR_MS = 3600_000;

/** Paystack's hours for an answer in Nigeria and elsewhere. It counts business hours; the sandbox is open day and night. */
export function answerTimeMs(currency: string): number {
  return (currency === 'NGN' ? 16 : 48) * HOUR_MS;
}

export function openDispute(records: Records, transaction: TransactionRecord, input: DisputeInput): DisputeRecord {
  if (!isCaptured(transaction)) throw new Refusal(400, 'invalid_transaction', 'Only captured charges can be disputed');
  const dispute: DisputeRecord = {
    id: nextId(records),
    transactionId: transaction.id,
    reference: transaction.reference,
    amount: input.amount === undefined ? transaction.amount : input.amount,
    currency: transaction.currency,
    domain: transaction.domain,
    category: input.category ?? 'chargeback',
    status: 'awaiting-merchant-feedback',
    resolution: null,
    dueAt: input.dueAt,
    createdAt: input.now,
    updatedAt: input.now,
    resolvedAt: null,
    evidence: null,
    fileName: null,
    history: [{ status: 'awaiting-merchant-feedback', by: transaction.email, at: input.now }],
    messages: [{ sender: transaction.email, body: 'Customer complained about debit without value', at: input.now }],
  };
  records.disputes.push(dispute);
  return dispute;
}

export function findDispute(records: Records, id: string | undefined): DisputeRecord | undefined {
  return records.disputes.find((candidate) => String(candidate.id) === id);
}

export function getDispute(records: Records, id: number | string): DisputeRecord {
  const dispute = findDispute(records, String(id));
  if (dispute === undefined) throw new Refusal(404, 'dispute_not_found', 'Dispute not found');
  return dispute;
}

export interface DisputeMove {
  status: DisputeStatus;
  resolution?: DisputeResolution | null | undefined;
  /** Accepts a part. */
  amount?: number | undefined;
  dueAt?: string | null | undefined;
}

export function moveDispute(dispute: DisputeRecord, move: DisputeMove, now: string, by = 'paystack'): void {
  dispute.status = move.status;
  if (move.resolution !== undefined) dispute.resolution = move.resolution;
  if (move.amount !== undefined) dispute.amount = move.amount;
  if (move.dueAt !== undefined) dispute.dueAt = move.dueAt;
  dispute.resolvedAt = move.status === 'resolved' ? now : null;
  dispute.history.push({ status: move.status, by, at: now });
  touchDispute(dispute, now);
}

/** `updatedAt` rises with every change, also with two in one millisecond. */
export function touchDispute(dispute: DisputeRecord, now: string): void {
  const next = new Date(Date.parse(dispute.updatedAt) + 1).toISOString();
  dispute.updatedAt = now > dispute.updatedAt ? now : next;
}

/** The merchant's turn. */
export function awaitsAnswer({ status }: DisputeRecord): boolean {
  return status === 'awaiting-merchant-feedback' || status === 'pending';
}

export function isLost({ status, resolution }: DisputeRecord): boolean {
  return (status === 'resolved' || status === 'archived') && resolution !== null && resolution !== 'declined';
}

/** The money of the charge that disputes have taken, in subunits. */
export function lostAmount(records: Records, transaction: TransactionRecord): number {
  return records.disputes
    .filter((dispute) => dispute.transactionId === transaction.id && isLost(dispute))
    .reduce((sum, { amount }) => sum + (amount ?? transaction.amount), 0);
}
