import { z } from 'zod';
import { objectId } from '../fields.ts';

/** An item of the staff's stream with more changed orders says `more` instead. */
export const MAX_CHANGES_AT_ONCE = 100;

/** Kinds and ids alone: what has changed is read by calls that have permissions of their own. */
export const staffChanges = z.strictObject({
  /** `confirmed`: it was paid and settled, and waits to be shipped; such an order is there as `order` too. */
  changes: z.array(z.strictObject({ kind: z.enum(['order', 'confirmed']), id: objectId })).max(2 * MAX_CHANGES_AT_ONCE),
  /** More has changed, and it is not known what: read again all that is shown. */
  more: z.boolean(),
});

export type StaffChanges = z.infer<typeof staffChanges>;
