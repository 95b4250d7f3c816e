/** The values that the full documents are made of. */
import { mongo, Types } from 'mongoose';

/** Every optional field is required and every list has an element, at any depth. */
export type Full<T> = T extends string | number | boolean | Date | Types.ObjectId | mongo.Binary
  ? T
  : T extends readonly (infer Element)[]
    ? [Full<Element>, ...Full<Element>[]]
    : { [K in keyof T]-?: Full<NonNullable<T[K]>> };

/** In the future, so that no TTL index deletes a document during the test. */
export const at = (minute: number) => new Date(Date.UTC(2099, 2, 1, 10, minute));
export const hash = (letter: string) => new mongo.Binary(Buffer.from(letter.repeat(32)));
export const id = (digit: string) => new Types.ObjectId(digit.repeat(24));

export const REFERENCE = 'ord-FULL00000001-1';

export const FAILURE = { job: 'processOrderPayment', error: 'the variant is missing', at: at(3), times: 2 } as const;
export const CHANGES: Full<{ at: Date; actor: string; what: string }[]> = [
  { at: at(1), actor: 'system', what: 'edited' },
];
