/** Inputs and outputs of the `admin` router's procedures on people. */
import { z } from 'zod';
import { actionKey, amount, count, email, instant, objectId, optional, role } from '../fields.ts';
import { MAX_STOCK, MAXIMUM_TOTAL } from '../limits.ts';
import { STAFF_ROLES } from '../permissions.ts';

export const staffAccount = z.strictObject({ id: objectId, email: z.string(), name: z.string(), role });

const invitation = z.strictObject({
  email: z.string(),
  role,
  /** The last time; `invite` sends the same link again. */
  sentAt: instant,
  expiresAt: instant,
});

export const staffAccounts = z.strictObject({
  items: z.array(
    staffAccount.extend({
      /** When a session of theirs was last used; null if none is live, or where people sign in with an outside issuer. */
      lastSeenAt: instant.nullable(),
    }),
  ),
  /** Those that were neither accepted nor withdrawn, the newest first. */
  invitations: z.array(invitation),
});

export const inviteInput = z.strictObject({
  email,
  role: z.enum(STAFF_ROLES),
  key: actionKey,
});

export const inviteOutput = invitation;

export const byEmail = z.strictObject({ email });

/** The role `customer` takes away every permission. */
export const setRoleInput = z.strictObject({ email, role });

export const limitsView = z.strictObject({
  version: count,
  /** The sum that support may give back on one order, in subunits of its currency; null for any sum. */
  supportRefund: amount.nullable(),
  /** A variant with at most so many units free to sell has a low stock. */
  lowStock: count,
});

export const setLimitsInput = z.strictObject({
  version: count,
  /** Any sum when missing. */
  supportRefund: optional(z.int().min(0).max(MAXIMUM_TOTAL)),
  /** LOW_STOCK when missing. */
  lowStock: optional(
    z.int('must be a whole number of units').min(0, 'must be 0 or more').max(MAX_STOCK, 'must be less'),
  ),
});

/** `outdated`: another change came first, and nothing was changed; the limits are as they are now. */
export const setLimitsOutput = limitsView.extend({ outcome: z.enum(['changed', 'outdated']) });

export const endSessionsInput = z.strictObject({ email });
