import { Schema } from 'mongoose';
import type { TransferRejection } from '../contract/statuses.ts';
import type { ChargeReport } from '../payment/gateway-reports.ts';
import type { InboxOutcome } from './webhook-outcome.ts';

/** The kinds that this program applies; events of other kinds stay in the inbox for a newer one. */
export const INBOX_KINDS = ['charge', 'refund', 'dispute', 'transfer', 'other'] as const;

/** A bank transfer as Paystack announces that it was not accepted. */
export interface ReportedTransfer {
  /** The transaction's id at Paystack: the event names no reference. */
  gatewayId: string;
  /** Subunits; null when it cannot be read. */
  amount: number | null;
  cause: TransferRejection;
}

/** A stored webhook. Of the body only the fields that are acted on are kept: no card digits, no address of the payer. */
export interface InboxEvent {
  /** SHA-256 of the bytes received, hex, because Paystack sends no event id. */
  _id: string;
  event: string;
  kind: (typeof INBOX_KINDS)[number];
  /** The charge's reference; null when the event names none. */
  reference: string | null;
  /** The facts of a charge event; null when it lacks a field, so that Paystack's verify must be called. */
  charge: ChargeReport | null;
  /** The charge may then be known at Paystack alone. */
  dispute?: { id: string; dueAt: Date | null };
  /** A bank transfer that was not accepted. */
  transfer?: ReportedTransfer;
  receivedAt: Date;
  /** How often these bytes were received. */
  deliveries: number;
  /** When it is to be applied; unset once it is applied. */
  dueAt?: Date;
  /** Applications that failed, for whatever reason. */
  attempts: number;
  /** Those that failed by the event's or its order's own fault, in a row; unset while there are none. */
  ownFailures?: number;
  /** Set, with `dueAt` unset, after eight of them: staff must act, or Paystack deliver the event again. */
  parkedAt?: Date;
  appliedAt?: Date;
  outcome?: InboxOutcome;
  /** Of the last failure; kept when the event is applied later. */
  lastError?: string;
}

/** Applied events serve only the timeline and are deleted after 90 days. No amount or status depends on them. */
const RETENTION_SECONDS = 90 * 24 * 3600;

export const inboxEventSchema = new Schema<InboxEvent>(
  {
    _id: { type: String, required: true },
    event: { type: String, required: true },
    kind: { type: String, required: true },
    reference: { type: String, default: null },
    charge: { type: Schema.Types.Mixed, default: null },
    dispute: Schema.Types.Mixed,
    transfer: Schema.Types.Mixed,
    receivedAt: { type: Date, required: true },
    deliveries: { type: Number, required: true },
    dueAt: Date,
    attempts: { type: Number, required: true },
    ownFailures: Number,
    parkedAt: Date,
    appliedAt: Date,
    outcome: Schema.Types.Mixed,
    lastError: String,
  },
  { collection: 'webhookevents', versionKey: false, strict: 'throw', strictQuery: 'throw', minimize: false },
);
inboxEventSchema.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $exists: true } } });
inboxEventSchema.index({ parkedAt: 1 }, { partialFilterExpression: { parkedAt: { $exists: true } } });
inboxEventSchema.index({ reference: 1, receivedAt: 1 });
inboxEventSchema.index({ appliedAt: 1 }, { expireAfterSeconds: RETENTION_SECONDS });
