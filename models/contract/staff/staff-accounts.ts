/** Inputs and outputs of the `admin` router's procedures on people. */
import { z } from 'zod';
import { email, objectId, role } from '../fields.ts';

export const staffAccount = z.strictObject({ id: objectId, email: z.string(), name: z.string(), role });

export const staffAccounts = z.strictObject({ items: z.array(staffAccount) });

/** The role `customer` takes away every permission. */
export const setRoleInput = z.strictObject({ email, role });

export const endSessionsInput = z.strictObject({ email });
