/** Inputs and outputs of the `admin` router's procedures on people. */
import { z } from 'zod';
import { amount, count, email, objectId, optional, role } from '../fields.ts';
import { MAXIMUM_TOTAL } from '../limits.ts';

export const staffAccount = z.strictObject({ id: objectId, email: z.string(), name: z.string(), role });

export const staffAccounts = z.strictObject({ items: z.array(staffAccount) });

/** The role `customer` takes away every permission. */
export const setRoleInput = z.strictObject({ email, role });

/** `supportRefund`: what support may give back on one order, in subunits of its currency; null for any sum. */
export const limitsView = z.strictObject({ version: count, supportRefund: amount.nullable() });

export const setLimitsInput = z.strictObject({
  version: count,
  /** Any sum when missing. */
  supportRefund: optional(z.int().min(0).max(MAXIMUM_TOTAL)),
});

/** `outdated`: another change came first, and nothing was changed; the limits are as they are now. */
export const setLimitsOutput = limitsView.extend({ outcome: z.enum(['changed', 'outdated']) });

export const endSessionsInput = z.strictObject({ email });
