import { type mongo, Schema } from 'mongoose';

/** One size of a picture. It is never changed, and no longer deleted once a product has had it: orders may show it. */
export interface Picture {
  /** `<pictureId>/<width>`. */
  _id: string;
  /** WebP. */
  bytes: mongo.Binary;
  /** In pixels; the real width is smaller than the one in the id for a small picture. */
  width: number;
  height: number;
  /** When it is deleted; unset when a product gets it. */
  expiresAt?: Date;
}

export const pictureSchema = new Schema<Picture>(
  {
    _id: { type: String, required: true },
    bytes: { type: Schema.Types.Buffer, required: true },
    width: { type: Number, required: true },
    height: { type: Number, required: true },
    expiresAt: Date,
  },
  { collection: 'pictures', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
pictureSchema.index(
  { expiresAt: 1 },
  { expireAfterSeconds: 0, partialFilterExpression: { expiresAt: { $exists: true } } },
);
