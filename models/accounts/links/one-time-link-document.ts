import { Schema, type Types } from 'mongoose';

export const LINK_PURPOSES = ['reset_password', 'verify_email'] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

/** A link that was or will be sent by email and works once. The email's token is derived from the id and is not stored. */
export interface OneTimeLink {
  _id: string;
  userId: Types.ObjectId;
  purpose: LinkPurpose;
  /** The address that it is sent to, which opening it proves. */
  email: string;
  createdAt: Date;
  expiresAt: Date;
  usedAt?: Date;
}

/** Kept after its end, so that a link that is opened once more is known. */
const KEPT_SECONDS = 7 * 24 * 3600;

export const oneTimeLinkSchema = new Schema<OneTimeLink>(
  {
    _id: { type: String, required: true },
    userId: { type: Schema.Types.ObjectId, required: true },
    purpose: { type: String, required: true, enum: LINK_PURPOSES },
    email: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    usedAt: Date,
  },
  { collection: 'onetimelinks', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
oneTimeLinkSchema.index({ userId: 1, purpose: 1 });
oneTimeLinkSchema.index({ expiresAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });
