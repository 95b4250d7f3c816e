/**
 * An email that is owed or was sent. Its id is its key, `<orderId>:<kind>:<seq>`, the same on every copy that is sent.
 * `dueAt` is set while it is queued.
 */

import { Schema, type Types } from 'mongoose';
import { EMAIL_KINDS, type EmailKind, type EmailState } from '../contract/statuses.ts';
import { type JobFailure, jobFailureSchema } from '../job-failures.ts';

/** What the kind's text needs beside the order itself; amounts in subunits of the order's currency. */
export interface EmailData {
  reason?: string;
  amount?: number;
  refundId?: string;
  /** True when what was paid is back with the customer already, so that nothing is owed. */
  returned?: boolean;
}

export interface Email {
  /** The key: `<orderId>:<kind>:<seq>`, seq the order's version when it was queued. */
  _id: string;
  orderId: Types.ObjectId;
  kind: EmailKind;
  data: EmailData;
  state: EmailState;
  createdAt: Date;
  /** When it may be sent, or sent again; set while queued. */
  dueAt?: Date;
  /** Who is sending it; a sender that lost its claim cannot mark it. */
  claimedBy?: string;
  attempts: number;
  lastError?: string;
  /** The last 20, oldest first, also of earlier sendings; missing when none failed. */
  failures?: JobFailure[];
  sentAt?: Date;
  messageId?: string | null;
  parkedAt?: Date;
}

/** Sent emails go after 90 days; the order's history keeps the event itself. */
export const RETENTION_MS = 90 * 24 * 3600_000;

export const emailSchema = new Schema<Email>(
  {
    _id: { type: String, required: true },
    orderId: { type: Schema.Types.ObjectId, required: true },
    kind: { type: String, required: true, enum: EMAIL_KINDS },
    data: { type: Schema.Types.Mixed, required: true },
    state: { type: String, required: true, enum: ['queued', 'sent', 'parked'] },
    createdAt: { type: Date, required: true },
    dueAt: Date,
    claimedBy: String,
    attempts: { type: Number, required: true },
    lastError: String,
    failures: { type: [jobFailureSchema], default: undefined },
    sentAt: Date,
    messageId: String,
    parkedAt: Date,
  },
  { collection: 'emails', versionKey: false, strict: 'throw', strictQuery: 'throw', minimize: false },
);
emailSchema.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $exists: true } } });
emailSchema.index({ parkedAt: 1 }, { partialFilterExpression: { parkedAt: { $exists: true } } });
emailSchema.index(
  { sentAt: 1 },
  { expireAfterSeconds: RETENTION_MS / 1000, partialFilterExpression: { sentAt: { $exists: true } } },
);

/** The id of an email, on every copy of it. `seq` is the order's version after the event that owes it. */
export function emailKey(orderId: Types.ObjectId, kind: EmailKind, seq: number): string {
  return `${orderId}:${kind}:${seq}`;
}

/** A queued email, to be inserted in the transaction of its event. `seq` is the order's version after that event. */
export function newEmail(orderId: Types.ObjectId, kind: EmailKind, seq: number, data: EmailData, now: Date): Email {
  return {
    _id: emailKey(orderId, kind, seq),
    orderId,
    kind,
    data,
    state: 'queued',
    createdAt: now,
    dueAt: now,
    attempts: 0,
  };
}
