import { Schema } from 'mongoose';
import { type ActionKey, actionKeySchema } from '../../action-key.ts';
import { STAFF_ROLES, type StaffRole } from '../../contract/permissions.ts';

/** A link, sent by email, that makes its reader a member of staff. The email's token is derived from the id and is not stored. */
export interface Invitation {
  _id: string;
  /** Lower case, trimmed. */
  email: string;
  role: StaffRole;
  /** Of the last time it was sent. */
  key: ActionKey;
  /** How often it was sent. */
  sent: number;
  /** The last time. */
  sentAt: Date;
  expiresAt: Date;
  /** When it was accepted or withdrawn. */
  endedAt?: Date;
}

/** Kept after its end, so that a repeat of its key is known. */
const KEPT_SECONDS = 7 * 24 * 3600;

export const invitationSchema = new Schema<Invitation>(
  {
    _id: { type: String, required: true },
    email: { type: String, required: true },
    role: { type: String, required: true, enum: STAFF_ROLES },
    key: { type: actionKeySchema, required: true },
    sent: { type: Number, required: true },
    sentAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    endedAt: Date,
  },
  { collection: 'invitations', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
invitationSchema.index({ email: 1 });
invitationSchema.index({ 'key.id': 1 }, { unique: true });
invitationSchema.index({ expiresAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });
