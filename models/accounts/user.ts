/**
 * A customer or a member of staff. The role is read from the document at every staff call, never from a token.
 * Users of an outside issuer (JWKS_URL) have a `subject` and no password; an email never joins them to another account.
 */

import { Schema, type Types } from 'mongoose';
import { ROLES, type Role } from '../contract/roles.ts';

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
}

export const userSchema = new Schema<User>(
  {
    email: { type: String, required: true },
    name: { type: String, required: true },
    passwordHash: String,
    subject: String,
    role: { type: String, required: true, enum: ROLES },
    createdAt: { type: Date, required: true },
  },
  { collection: 'users', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
userSchema.index({ email: 1 }, { unique: true });
userSchema.index({ subject: 1 }, { unique: true, partialFilterExpression: { subject: { $exists: true } } });

/** A user without the fields that only signing in needs. */
export type Account = Omit<User, 'passwordHash' | 'subject'>;
