/** A checkpoint: when a pass over everything last came to its end. */
import { Schema } from 'mongoose';

export interface Checkpoint {
  /** The pass, e.g. `reconcile-paystack`. */
  _id: string;
  completedAt: Date;
}

export const checkpointSchema = new Schema<Checkpoint>(
  { _id: { type: String, required: true }, completedAt: { type: Date, required: true } },
  { collection: 'checkpoints', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
