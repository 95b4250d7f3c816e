/** A count of sign-ins, registrations or links. The fields are those of rate-limiter-flexible's RateLimiterMongo, which writes them. */
import { Schema, type Types } from 'mongoose';

export interface SignInLimit {
  _id: Types.ObjectId;
  /** `failure:`, `registration:` or `link:`, and the SHA-256 of the address or email: personal data is not stored in clear text. */
  key: string;
  points: number;
  /** The end of the window; from then on the count is void. */
  expire: Date;
}

export const signInLimitSchema = new Schema<SignInLimit>(
  {
    key: { type: String, required: true },
    points: { type: Number, required: true },
    expire: { type: Date, required: true },
  },
  { collection: 'signinlimits', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
/** RateLimiterMongo counts concurrent attempts one after another only if two documents cannot have the same key. */
signInLimitSchema.index({ key: 1 }, { unique: true });
signInLimitSchema.index({ expire: 1 }, { expireAfterSeconds: 0 });
