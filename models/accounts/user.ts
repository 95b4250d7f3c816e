/**
 * A customer or a member of staff. Role and sessions are read from the document at every call, never from a token.
 * Users of an outside issuer (JWKS_URL) have a `subject` and no password; an email never joins them to another account.
 */

import { Schema, type Types } from 'mongoose';
import { ROLES, type Role, STAFF_ROLES } from '../contract/permissions.ts';

export interface User {
  _id: Types.ObjectId;
  /** Lower case, trimmed; unique. */
  email: string;
  name: string;
  /** argon2id, in its PHC string; absent for users of an outside issuer. */
  passwordHash?: string;
  /** `<issuer>|<sub>` of an outside issuer. */
  subject?: string;
  role: Role;
  createdAt: Date;
  /** Sessions that began before are refused: set by signing out everywhere, and when staff end them. */
  sessionsFrom?: Date;
  /** The sessions that were ended one by one, oldest first, until their tokens have expired; see end-sessions. */
  endedSessions?: EndedSession[];
}

export interface EndedSession {
  id: string;
  /** When its last token expires. */
  until: Date;
}

const endedSessionSchema = new Schema<EndedSession>(
  { id: { type: String, required: true }, until: { type: Date, required: true } },
  { _id: false, strict: 'throw' },
);

export const userSchema = new Schema<User>(
  {
    email: { type: String, required: true },
    name: { type: String, required: true },
    passwordHash: String,
    subject: String,
    role: { type: String, required: true, enum: ROLES },
    createdAt: { type: Date, required: true },
    sessionsFrom: Date,
    endedSessions: { type: [endedSessionSchema], default: undefined },
  },
  { collection: 'users', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
userSchema.index({ email: 1 }, { unique: true });
userSchema.index({ role: 1 }, { partialFilterExpression: { role: { $in: [...STAFF_ROLES] } } });
userSchema.index({ subject: 1 }, { unique: true, partialFilterExpression: { subject: { $exists: true } } });

/** A user without the fields that only signing in needs. */
export type Account = Omit<User, 'passwordHash' | 'subject'>;
