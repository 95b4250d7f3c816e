import { Schema, type Types } from 'mongoose';

/** A session of one of our own accounts, for the list that its owner sees. The user's document decides whether it is live. */
export interface SessionRow {
  /** The id that its tokens carry. */
  _id: string;
  userId: Types.ObjectId;
  /** `Chrome on Android`: made of the browser's own words, which are not kept. */
  device: string;
  startedAt: Date;
  lastUsedAt: Date;
  /** When its newest token expires. */
  until: Date;
}

export const sessionSchema = new Schema<SessionRow>(
  {
    _id: { type: String, required: true },
    userId: { type: Schema.Types.ObjectId, required: true },
    device: { type: String, required: true },
    startedAt: { type: Date, required: true },
    lastUsedAt: { type: Date, required: true },
    until: { type: Date, required: true },
  },
  { collection: 'sessions', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
sessionSchema.index({ userId: 1, startedAt: -1 });
sessionSchema.index({ until: 1 }, { expireAfterSeconds: 0 });
