import { z } from 'zod';

/** The originator of a change or a note. */
export const actorView = z.strictObject({
  kind: z.enum(['system', 'customer', 'paystack', 'staff']),
  /** Of a member of staff; null when the account is gone, and for the other kinds. */
  name: z.string().nullable(),
});

export type ActorView = z.infer<typeof actorView>;
