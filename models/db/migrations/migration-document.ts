import { Schema, type Types } from 'mongoose';

/** The `_id` of the last document of a batch. */
export type MigrationPosition = Types.ObjectId | string;

/** How far a migration has come. */
export interface MigrationRecord {
  /** The migration's name. */
  _id: string;
  startedAt: Date;
  /** Where the next batch begins; committed together with the batch. */
  position?: MigrationPosition;
  /** Committed batches, a last one without documents included. */
  batches: number;
  /** Set once, after the last batch. */
  finishedAt?: Date;
}

export const migrationSchema = new Schema<MigrationRecord>(
  {
    _id: { type: String, required: true },
    startedAt: { type: Date, required: true },
    position: Schema.Types.Mixed,
    batches: { type: Number, required: true },
    finishedAt: Date,
  },
  { collection: 'migrations', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
