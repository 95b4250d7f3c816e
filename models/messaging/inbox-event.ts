/**
 * A webhook as stored. Its id is the digest of its bytes, because Paystack sends no event id. Of the body only what is
 * acted on is kept: no card digits, no address of the payer.
 */
import { Schema } from 'mongoose';
import type { ChargeReport } from '../payment/gateway-reports.ts';
import type { InboxOutcome } from './webhook-outcome.ts';

export interface InboxEvent {
  /** SHA-256 of the bytes received, hex. */
  _id: string;
  event: string;
  kind: 'charge' | 'refund' | 'dispute' | 'other';
  /** The charge's reference; null when the event names none. */
  reference: string | null;
  /** What a charge event says; null when it lacks a field and Paystack must be asked. */
  charge: ChargeReport | null;
  dispute?: { id: string; status: string | null; resolution: string | null; dueAt: Date | null };
  receivedAt: Date;
  /** How often these bytes came. */
  deliveries: number;
  /** When it is to be applied; unset once it has been. */
  dueAt?: Date;
  attempts: number;
  appliedAt?: Date;
  outcome?: InboxOutcome;
  /** Of the last failure; it stays when the event is applied after all. */
  lastError?: string;
}

/** Applied events serve only the timeline; they go after 90 days. Nothing in the books rests on them. */
const RETENTION_SECONDS = 90 * 24 * 3600;

export const inboxEventSchema = new Schema<InboxEvent>(
  {
    _id: { type: String, required: true },
    event: { type: String, required: true },
    kind: { type: String, required: true },
    reference: { type: String, default: null },
    charge: { type: Schema.Types.Mixed, default: null },
    dispute: Schema.Types.Mixed,
    receivedAt: { type: Date, required: true },
    deliveries: { type: Number, required: true },
    dueAt: Date,
    attempts: { type: Number, required: true },
    appliedAt: Date,
    outcome: Schema.Types.Mixed,
    lastError: String,
  },
  { collection: 'webhookevents', versionKey: false, strict: 'throw', strictQuery: 'throw', minimize: false },
);
inboxEventSchema.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $exists: true } } });
inboxEventSchema.index({ reference: 1, receivedAt: 1 });
inboxEventSchema.index({ appliedAt: 1 }, { expireAfterSeconds: RETENTION_SECONDS });
