import { type mongo, Schema } from 'mongoose';
import { DISPUTE_FILE_TYPES, type DisputeFileType } from '../../contract/statuses.ts';

export interface DisputeFile {
  /** `<orderId>:<SHA-256 of the bytes>`, so that a repeat stores nothing new. */
  _id: string;
  bytes: mongo.Binary;
  contentType: DisputeFileType;
  /** When it was last attached. */
  at: Date;
}

/** A dispute ends within weeks; the bank has the file by then. */
const KEPT_SECONDS = 60 * 24 * 3600;

export const disputeFileSchema = new Schema<DisputeFile>(
  {
    _id: { type: String, required: true },
    bytes: { type: Schema.Types.Buffer, required: true },
    contentType: { type: String, required: true, enum: DISPUTE_FILE_TYPES },
    at: { type: Date, required: true },
  },
  { collection: 'disputefiles', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
disputeFileSchema.index({ at: 1 }, { expireAfterSeconds: KEPT_SECONDS });
