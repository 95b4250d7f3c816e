import { Schema, type Types } from 'mongoose';
import { isSubunitAmount } from '../contract/money.ts';

/** A row of Paystack's that a pass could not read or apply. Ids alone. */
export interface UnreadRow {
  id: string;
  /** Passes in a row. */
  passes: number;
  /** Our own words, or the kind of the gateway's error. */
  error: string;
}

/** A row that stayed unread for too many passes. The pass goes on without it, and tries it once in each pass. */
export interface SetAsideRow {
  id: string;
  error: string;
  at: Date;
}

/** When a pass over a whole collection was last completed, or the place that it has reached. */
export interface Checkpoint {
  /** The pass, e.g. `reconcile:charges`. */
  _id: string;
  /** Unset before the first completed pass. */
  completedAt?: Date;
  /** The last id of a pass that goes on; unset once it begins again. */
  position?: Types.ObjectId;
  /** How far back the first completed pass has looked. */
  since?: Date;
  unread?: UnreadRow[];
  setAside?: SetAsideRow[];
  /** Of the digests of new orders to staff. */
  digest?: { n: number; at?: Date; until: Date };
  /** The last round of a worker's timer, in `round:<job>`. */
  round?: Round;
  /** Money that is in no payout yet, by currency, in subunits; at `completedAt`. */
  awaited?: AwaitedMoney[];
}

export interface AwaitedMoney {
  currency: string;
  amount: number;
  charges: number;
}

export interface Round {
  endedAt: Date;
  /** In a sentence for staff; the error of a round that failed. */
  outcome: string;
  failed: boolean;
}

const text = { type: String, required: true };
const part = <T>(definition: ConstructorParameters<typeof Schema<T>>[0]) =>
  new Schema<T>(definition, { _id: false, strict: 'throw' });

export const checkpointSchema = new Schema<Checkpoint>(
  {
    _id: text,
    completedAt: Date,
    position: Schema.Types.ObjectId,
    since: Date,
    // Without a default, because mongoose would store an empty list.
    unread: {
      type: [part<UnreadRow>({ id: text, passes: { type: Number, required: true }, error: text })],
      default: undefined,
    },
    setAside: {
      type: [part<SetAsideRow>({ id: text, error: text, at: { type: Date, required: true } })],
      default: undefined,
    },
    digest: part<NonNullable<Checkpoint['digest']>>({
      n: { type: Number, required: true },
      at: Date,
      until: { type: Date, required: true },
    }),
    round: part<Round>({
      endedAt: { type: Date, required: true },
      outcome: text,
      failed: { type: Boolean, required: true },
    }),
    awaited: {
      type: [
        part<AwaitedMoney>({
          currency: text,
          amount: { type: Number, required: true, validate: isSubunitAmount },
          charges: { type: Number, required: true },
        }),
      ],
      default: undefined,
    },
  },
  { collection: 'checkpoints', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
