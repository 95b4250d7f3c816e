import { Schema, type Types } from 'mongoose';

/** A violation that the running audit has found and not seen repaired. */
export interface KnownViolation {
  /** The check's name. */
  check: string;
  /** See Violation. */
  id: string;
  detail: string;
  foundAt: Date;
  /** When it was found last. */
  seenAt: Date;
}

/** How far the running audit has come; one document. */
export interface AuditState {
  _id: 'audit';
  /** Rises by one with every change; each change is a compare-and-set on it. */
  version: number;
  /** When the next slice may be claimed. */
  sliceDueAt: Date;
  /** Rises with every claim of a slice: a worker whose claim was overtaken cannot store its slice. */
  slice: number;
  /** When the young orders may be claimed. */
  youngDueAt: Date;
  /** The last order of the round that was checked; unset at a round's beginning. */
  position?: Types.ObjectId;
  /** When the round began; unset between two rounds. */
  roundStartedAt?: Date;
  /** When the last round began that found no violation: all orders placed until then were checked. */
  provedUntil?: Date;
  /** At most MAX_KNOWN. */
  violations: KnownViolation[];
}

export const MAX_KNOWN = 50;

const knownViolationSchema = new Schema<KnownViolation>(
  {
    check: { type: String, required: true },
    id: { type: String, required: true },
    detail: { type: String, required: true },
    foundAt: { type: Date, required: true },
    seenAt: { type: Date, required: true },
  },
  { _id: false, id: false, strict: 'throw' },
);

export const auditStateSchema = new Schema<AuditState>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true },
    sliceDueAt: { type: Date, required: true },
    slice: { type: Number, required: true },
    youngDueAt: { type: Date, required: true },
    position: Schema.Types.ObjectId,
    roundStartedAt: Date,
    provedUntil: Date,
    violations: { type: [knownViolationSchema], required: true },
  },
  { collection: 'auditstates', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
