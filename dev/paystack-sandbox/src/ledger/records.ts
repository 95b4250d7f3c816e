/**
 * The sandbox's book in plain data: what our imitation of Paystack knows. It shares no type with the application, so
 * that tests can hold it beside the database as a book kept by somebody else.
 * Amounts are integers in the subunit of the currency beside them; instants are ISO strings in UTC.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type Domain = 'test' | 'live';

/** The statuses that the sandbox reaches by itself. `setStatus` may store any other word. */
export type KnownStatus = 'abandoned' | 'failed' | 'success' | 'reversed' | 'ongoing' | 'pending';

export type RefundStatus = 'pending' | 'processing' | 'processed' | 'failed' | 'needs-attention';

/** One try with one card on a reference. A reference may see many of them; at most one succeeds. */
export interface AttemptRecord {
  at: string;
  last4: string;
  succeeded: boolean;
  gatewayResponse: string;
}

/** One reference. Begins `abandoned` at initialize, because that is what verify says of an untouched page. */
export interface TransactionRecord {
  id: number;
  reference: string;
  accessCode: string;
  domain: Domain;
  email: string;
  currency: string;
  /** What initialize asked for. */
  requestedAmount: number;
  /** What was captured once paid, else what was asked for. Exceeds `requestedAmount` when the customer bears the fees. */
  amount: number;
  fees: number;
  callbackUrl: string | null;
  /** As sent to initialize; "" when nothing was sent. */
  metadata: Json;
  status: string;
  gatewayResponse: string | null;
  channel: string | null;
  last4: string | null;
  /** How a refund of this charge ends; decided by the card. */
  refundEnd: 'processed' | 'failed' | 'needs-attention';
  createdAt: string;
  paidAt: string | null;
  attempts: AttemptRecord[];
}

export interface RefundRecord {
  id: number;
  transactionId: number;
  reference: string;
  amount: number;
  currency: string;
  domain: Domain;
  status: RefundStatus;
  customerNote: string | null;
  merchantNote: string | null;
  /** Where it goes after `processing`. `retry_with_customer_details` changes it to processed. */
  end: 'processed' | 'failed' | 'needs-attention';
  createdAt: string;
  updatedAt: string;
}

export interface DisputeRecord {
  id: number;
  transactionId: number;
  reference: string;
  amount: number;
  currency: string;
  domain: Domain;
  status: 'awaiting-merchant-feedback' | 'resolved';
  /** merchant-accepted: the customer won and the charge is reversed; declined: the merchant won. */
  resolution: 'merchant-accepted' | 'declined' | null;
  dueAt: string;
  createdAt: string;
  resolvedAt: string | null;
}

/** Everything the sandbox remembers across a restart. */
export interface Records {
  lastId: number;
  /** By reference, oldest first. */
  transactions: Map<string, TransactionRecord>;
  refunds: RefundRecord[];
  disputes: DisputeRecord[];
}

/** Ids look like Paystack's: large, and never those of an array index. */
export function emptyRecords(): Records {
  return { lastId: 4_099_260_000, transactions: new Map(), refunds: [], disputes: [] };
}

/** The next id of the book; transactions, refunds and disputes draw from one row of numbers. */
export function nextId(records: Records): number {
  records.lastId += 1;
  return records.lastId;
}
