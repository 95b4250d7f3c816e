/**
 * A customer or a member of staff. Role and sessions are read from the document at every call, never from a token.
 * Users of an outside issuer (JWKS_URL) have a `subject` and no password; an email never joins them to another account.
 */

import { Schema, type Types } from 'mongoose';
import type { Address } from '../address/address.ts';
import { addressSchema } from '../address/address-schema.ts';
import { ROLES, type Role, STAFF_ROLES } from '../contract/permissions.ts';
import type { LinkPurpose } from './links/one-time-link-document.ts';

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
  /** As its owner entered it. */
  phone?: string;
  /** When a link proved that the owner reads what is sent to the address. */
  emailVerifiedAt?: Date;
  /** Where orders went or may go, the last used first; see profile/saved-addresses. */
  addresses?: SavedAddress[];
  /** The emails about the account so far: a part of the next one's id. */
  emails?: number;
  /** When a link of each purpose was last sent. */
  linksSentAt?: { [Purpose in LinkPurpose]?: Date };
  /** Sessions that began before are refused: set by signing out everywhere, and when staff end them. */
  sessionsFrom?: Date;
  /** The sessions that were ended one by one, oldest first, until their tokens have expired; see end-sessions. */
  endedSessions?: EndedSession[];
}

export interface SavedAddress {
  id: string;
  address: Address;
  usedAt: Date;
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

const savedAddressSchema = new Schema<SavedAddress>(
  {
    id: { type: String, required: true },
    address: { type: addressSchema, required: true },
    usedAt: { type: Date, required: true },
  },
  { _id: false, id: false, strict: 'throw' },
);

const linksSentAtSchema = new Schema<NonNullable<User['linksSentAt']>>(
  { reset_password: Date, verify_email: Date },
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
    phone: String,
    emailVerifiedAt: Date,
    addresses: { type: [savedAddressSchema], default: undefined },
    emails: Number,
    linksSentAt: { type: linksSentAtSchema, default: undefined },
    sessionsFrom: Date,
    endedSessions: { type: [endedSessionSchema], default: undefined },
  },
  { collection: 'users', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
userSchema.index({ email: 1 }, { unique: true });
userSchema.index({ role: 1 }, { partialFilterExpression: { role: { $in: [...STAFF_ROLES] } } });
userSchema.index({ subject: 1 }, { unique: true, partialFilterExpression: { subject: { $exists: true } } });

/** A user without the fields that only signing in and the account's own page need. */
export type Account = Omit<User, 'passwordHash' | 'subject' | 'addresses' | 'emails' | 'linksSentAt'>;
