/** Amounts are integers in the subunit of the currency beside them; times are ISO 8601 strings in UTC. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type Domain = 'test' | 'live';

/** The statuses that the sandbox sets; `setStatus` may store any other. */
export type KnownStatus =
  | 'abandoned'
  | 'failed'
  | 'success'
  | 'reversal-pending'
  | 'reversed'
  | 'ongoing'
  | 'pending'
  | 'pay_offline';

export type RefundStatus = 'pending' | 'processing' | 'processed' | 'failed' | 'needs-attention';

export const channels = ['card', 'bank_transfer', 'ussd', 'mobile_money'] as const;
export type Channel = (typeof channels)[number];

/** The channels that end elsewhere: at the customer's bank, or on the phone. */
export type WaitingChannel = Exclude<Channel, 'card'>;

/** A payment that was begun on the page and is completed at a bank or on a phone. */
export interface WaitingPayment {
  channel: WaitingChannel;
  /** The account that the money goes to, the code to dial, or the phone that confirms. */
  target: string;
  /** The bank of the account; null for the others. */
  bank: string | null;
  expiresAt: string;
}

/** A transfer of a wrong amount. It has gone back to the sender's account. */
export interface RejectedTransfer {
  at: string;
  amount: number;
}

/** One attempt, as with one card. A reference can have many; at most one succeeds. */
export interface AttemptRecord {
  at: string;
  channel: string;
  last4: string | null;
  succeeded: boolean;
  gatewayResponse: string;
}

/** One reference. It starts as `abandoned`, as verify shows it directly after initialize. */
export interface TransactionRecord {
  id: number;
  reference: string;
  accessCode: string;
  domain: Domain;
  email: string;
  currency: string;
  /** The amount that initialize requested. */
  requestedAmount: number;
  /** The captured amount, before that the requested one. It exceeds `requestedAmount` if the customer bears the fees. */
  amount: number;
  fees: number;
  callbackUrl: string | null;
  /** As sent to initialize; "" if it was missing. */
  metadata: Json;
  status: string;
  gatewayResponse: string | null;
  channel: string | null;
  last4: string | null;
  /** The ways to pay that its page offers. */
  channels: Channel[];
  /** Begun on the page, and completed at a bank or on a phone; null while there is none. */
  waiting: WaitingPayment | null;
  rejectedTransfers: RejectedTransfer[];
  /** The final status of a refund of this charge, set by the card. */
  refundEnd: 'processed' | 'failed' | 'needs-attention';
  createdAt: string;
  paidAt: string | null;
  /** The settlement that has paid it out; null before. */
  settlementId: number | null;
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
  /** The dispute whose money it returns; null for an ordinary refund. */
  disputeId: number | null;
  /** The status after `processing`; retry_with_customer_details sets it to processed. */
  end: 'processed' | 'failed' | 'needs-attention';
  createdAt: string;
  updatedAt: string;
}

export type SettlementStatus = 'pending' | 'processing' | 'success' | 'failed';

/** A payout to the merchant's bank. gross - fees - deductions = net. */
export interface SettlementRecord {
  id: number;
  domain: Domain;
  status: SettlementStatus;
  currency: string;
  gross: number;
  fees: number;
  /** Taken by refunds and lost disputes, as one sum; null for none. */
  deductions: number | null;
  net: number;
  /** Midnight, in UTC, of the day. */
  settlementDate: string;
  /** Its charges, oldest first. */
  transactionIds: number[];
  createdAt: string;
  updatedAt: string;
}

export type DisputeStatus =
  | 'awaiting-merchant-feedback'
  | 'awaiting-bank-feedback'
  | 'pending'
  | 'resolved'
  | 'archived';

/** merchant-accepted and auto-accepted: the customer won and the money goes back; declined: the merchant won. */
export type DisputeResolution = 'merchant-accepted' | 'auto-accepted' | 'declined';

export interface DisputeRecord {
  id: number;
  transactionId: number;
  reference: string;
  /** Null stands for the whole charge. */
  amount: number | null;
  currency: string;
  domain: Domain;
  category: string;
  status: DisputeStatus;
  resolution: DisputeResolution | null;
  /** Null where the sandbox is to name no deadline. */
  dueAt: string | null;
  createdAt: string;
  /** Rises with every change. */
  updatedAt: string;
  resolvedAt: string | null;
  /** The newest one; null once the dispute is opened again. */
  evidence: EvidenceRecord | null;
  /** The file that the answer names. */
  fileName: string | null;
  history: { status: DisputeStatus; by: string; at: string }[];
  messages: { sender: string; body: string; at: string }[];
}

/** A merchant's account of the sale. */
export interface EvidenceRecord {
  id: number;
  customerEmail: string;
  customerName: string;
  customerPhone: string;
  serviceDetails: string;
  deliveryAddress: string | null;
  /** YYYY-MM-DD. */
  deliveryDate: string | null;
  createdAt: string;
}

/** A file that may be uploaded for a dispute, under a name of the sandbox's. Its bytes are not kept across a restart. */
export interface DisputeFileRecord {
  fileName: string;
  disputeId: number;
  /** The name that the merchant gave it. */
  originalName: string;
  issuedAt: string;
  /** Null until it is uploaded. */
  uploaded: { at: string; size: number; contentType: string | null } | null;
}

/** Everything the sandbox remembers across a restart. */
export interface Records {
  lastId: number;
  /** How far the clock has been moved on, in milliseconds. */
  clockMovedMs: number;
  /** By reference, oldest first. */
  transactions: Map<string, TransactionRecord>;
  refunds: RefundRecord[];
  disputes: DisputeRecord[];
  disputeFiles: DisputeFileRecord[];
  settlements: SettlementRecord[];
  /** The last night at which settlements were made, or the start of the sandbox; null before it. */
  settledAt: string | null;
}

/** Ids look like Paystack's: large, and never those of an array index. */
export function emptyRecords(): Records {
  return {
    lastId: 4_099_260_000,
    clockMovedMs: 0,
    transactions: new Map(),
    refunds: [],
    disputes: [],
    disputeFiles: [],
    settlements: [],
    settledAt: null,
  };
}

/** All records share one sequence of ids. */
export function nextId(records: Records): number {
  records.lastId += 1;
  return records.lastId;
}
