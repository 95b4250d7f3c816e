import { Schema, type Types } from 'mongoose';

/** When a pass over a whole collection was last completed, or the place that it has reached. */
export interface Checkpoint {
  /** The pass, e.g. `reconcile-paystack`. */
  _id: string;
  completedAt: Date;
  /** The last id of a pass that goes on; unset once it begins again. */
  position?: Types.ObjectId;
}

export const checkpointSchema = new Schema<Checkpoint>(
  {
    _id: { type: String, required: true },
    completedAt: { type: Date, required: true },
    position: Schema.Types.ObjectId,
  },
  { collection: 'checkpoints', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
