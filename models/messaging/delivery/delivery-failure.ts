import { Schema } from 'mongoose';
import { DELIVERY_FAILURES, type DeliveryFailureKind } from '../../contract/statuses.ts';

/** An email that the provider accepted, and that did not arrive. */
export interface DeliveryFailure {
  what: DeliveryFailureKind;
  /** The words of the other side without addresses; absent when it gave none. */
  reason?: string;
  at: Date;
}

/** As it is stored; `sentAt` is when the provider had accepted the email. */
export interface Undelivered extends DeliveryFailure {
  sentAt: Date;
}

export const undeliveredSchema = new Schema<Undelivered>(
  {
    what: { type: String, required: true, enum: DELIVERY_FAILURES },
    reason: String,
    at: { type: Date, required: true },
    sentAt: { type: Date, required: true },
  },
  { _id: false, strict: 'throw' },
);

/** A copy that was accepted before the email was queued once more. */
export interface EarlierCopy {
  sentAt: Date;
  undelivered?: Undelivered;
}

export const earlierCopySchema = new Schema<EarlierCopy>(
  { sentAt: { type: Date, required: true }, undelivered: undeliveredSchema },
  { _id: false, strict: 'throw' },
);

const WORDS: Record<DeliveryFailureKind, string> = {
  bounced: 'The address did not take it',
  blocked: 'The mail server of the address refused it',
  dropped: 'The provider did not send it',
};

/** A sentence without the address. */
export function describeDeliveryFailure({ what, reason }: Omit<DeliveryFailure, 'at'>): string {
  return reason === undefined ? `${WORDS[what]}.` : `${WORDS[what]}: ${reason}`;
}
