import { type mongo, Schema, type Types } from 'mongoose';

/** One size of a picture. It is never changed, and never deleted while an order shows it. */
export interface Picture {
  /** `<pictureId>/<width>`, `<pictureId>/mail` or `<pictureId>/logo`. */
  _id: string;
  /** WebP; JPEG for emails; PNG of a logo. */
  bytes: mongo.Binary;
  /** In pixels; the real width is smaller than the one in the id for a small picture. */
  width: number;
  height: number;
  /** When it is deleted; unset when a product gets it, or the shop as its logo. */
  expiresAt?: Date;
  /** The products that have or had it. */
  productIds?: Types.ObjectId[];
  /** When a product lost it; unset while another is known to have it, or an order. */
  unusedSince?: Date;
}

export const pictureSchema = new Schema<Picture>(
  {
    _id: { type: String, required: true },
    bytes: { type: Schema.Types.Buffer, required: true },
    width: { type: Number, required: true },
    height: { type: Number, required: true },
    expiresAt: Date,
    productIds: { type: [Schema.Types.ObjectId], default: undefined },
    unusedSince: Date,
  },
  { collection: 'pictures', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
pictureSchema.index(
  { expiresAt: 1 },
  { expireAfterSeconds: 0, partialFilterExpression: { expiresAt: { $exists: true } } },
);
pictureSchema.index({ unusedSince: 1 }, { partialFilterExpression: { unusedSince: { $exists: true } } });
