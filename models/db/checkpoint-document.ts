import { Schema } from 'mongoose';

/** When a pass over a whole collection was last completed. */
export interface Checkpoint {
  /** The pass, e.g. `reconcile-paystack`. */
  _id: string;
  completedAt: Date;
}

export const checkpointSchema = new Schema<Checkpoint>(
  { _id: { type: String, required: true }, completedAt: { type: Date, required: true } },
  { collection: 'checkpoints', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
