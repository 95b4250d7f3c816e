import { z } from 'zod';
import { objectId } from '../fields.ts';

/** An item of the staff's stream with more changes says `more` instead. */
export const MAX_CHANGES_AT_ONCE = 100;

/** Kinds and ids alone: what has changed is read by calls that have permissions of their own. */
export const staffChanges = z.strictObject({
  changes: z.array(z.strictObject({ kind: z.enum(['order']), id: objectId })).max(MAX_CHANGES_AT_ONCE),
  /** More has changed, and it is not known what: read again all that is shown. */
  more: z.boolean(),
});

export type StaffChanges = z.infer<typeof staffChanges>;
