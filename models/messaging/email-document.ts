import { Schema, type Types } from 'mongoose';
import {
  EMAIL_STATES,
  type EmailKind,
  type EmailState,
  OUTBOX_KINDS,
  type RefundCause,
  type ReviewCause,
} from '../contract/statuses.ts';
import { type JobFailure, jobFailureSchema } from '../job-failures.ts';
import {
  type EarlierCopy,
  earlierCopySchema,
  type Undelivered,
  undeliveredSchema,
} from './delivery/delivery-failure.ts';
import { orderEmailId } from './outbox-id.ts';

/** The values that the text needs beside the order; amounts in subunits of the order's currency. */
export interface EmailData {
  /** Why the order was cancelled or the money is refunded. */
  cause?: RefundCause;
  /** Why the payment is in review. */
  review?: ReviewCause;
  amount?: number;
  refundId?: string;
  /** The shipment that the email is about; its text is rendered from that row. */
  shipmentId?: string;
  /** The part of the payment that had gone back before. */
  returned?: number;
  /** The part that was on its way back before. */
  underWay?: number;
  /** The charge that a bank took back in a dispute. */
  reference?: string;
}

export interface Email {
  /** See models/messaging/outbox-id; the same on every copy that is sent. */
  _id: string;
  orderId: Types.ObjectId;
  kind: EmailKind;
  data: EmailData;
  state: EmailState;
  createdAt: Date;
  /** When it was last queued to be sent once more. */
  requeuedAt?: Date;
  /** When the next sending is due; set while queued. */
  dueAt?: Date;
  /** The name of the claim; a sender whose claim has expired cannot mark the email. */
  claimedBy?: string;
  attempts: number;
  /** Failures of sendEmails on this email alone, not refusals by the provider; unset while there are none. */
  ownFailures?: number;
  lastError?: string;
  /** Also those before a resend; see withFailure. */
  failures?: JobFailure[];
  sentAt?: Date;
  messageId?: string | null;
  /** Of an email to staff: the addresses for which the provider has accepted it. */
  sentTo?: string[];
  /** When it was parked, or did not arrive: the list of failed emails goes by it. */
  parkedAt?: Date;
  /** Reported after it was sent. */
  undelivered?: Undelivered;
  /** Oldest first. */
  earlierCopies?: EarlierCopy[];
}

/** Bounds the document's size. */
export const KEPT_COPIES = 20;

/** Sent emails are deleted after 90 days; the order's history keeps the event itself. */
export const RETENTION_MS = 90 * 24 * 3600_000;

export const emailSchema = new Schema<Email>(
  {
    _id: { type: String, required: true },
    orderId: Schema.Types.ObjectId,
    kind: { type: String, required: true, enum: OUTBOX_KINDS },
    data: { type: Schema.Types.Mixed, required: true },
    state: { type: String, required: true, enum: EMAIL_STATES },
    createdAt: { type: Date, required: true },
    requeuedAt: Date,
    dueAt: Date,
    claimedBy: String,
    attempts: { type: Number, required: true },
    ownFailures: Number,
    lastError: String,
    failures: { type: [jobFailureSchema], default: undefined },
    sentAt: Date,
    messageId: String,
    parkedAt: Date,
    undelivered: undeliveredSchema,
    earlierCopies: { type: [earlierCopySchema], default: undefined },
    sentTo: { type: [String], default: undefined },
  },
  { collection: 'emails', versionKey: false, strict: 'throw', strictQuery: 'throw', minimize: false },
);
emailSchema.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $exists: true } } });
emailSchema.index({ parkedAt: 1 }, { partialFilterExpression: { parkedAt: { $exists: true } } });
emailSchema.index(
  { sentAt: 1 },
  { expireAfterSeconds: RETENTION_MS / 1000, partialFilterExpression: { sentAt: { $exists: true } } },
);

/** To be inserted in the transaction of its event. `seq` is the order's version after the event. */
export function newEmail(orderId: Types.ObjectId, kind: EmailKind, seq: number, data: EmailData, now: Date): Email {
  return {
    _id: orderEmailId(orderId, kind, seq),
    orderId,
    kind,
    data,
    state: 'queued',
    createdAt: now,
    dueAt: now,
    attempts: 0,
  };
}
