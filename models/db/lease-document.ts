import { Schema } from 'mongoose';

/** The current holder of a task that one process at a time should do. */
export interface Lease {
  /** The task, e.g. `settlement`. */
  _id: string;
  holder: string;
  until: Date;
}

export const leaseSchema = new Schema<Lease>(
  {
    _id: { type: String, required: true },
    holder: { type: String, required: true },
    until: { type: Date, required: true },
  },
  { collection: 'leases', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
