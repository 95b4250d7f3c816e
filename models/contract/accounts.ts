/** Inputs and outputs of the `auth` router. */
import { z } from 'zod';
import { defaulted, email, instant, objectId, password, role, text } from './fields.ts';
import { MAX_LENGTH, PASSWORD_LENGTH } from './limits.ts';
import { PERMISSIONS } from './permissions.ts';

export const registerInput = z.strictObject({ email, password, name: text(MAX_LENGTH.name) });

/** A password that is too short is a wrong password, not an invalid input. */
export const loginInput = z.strictObject({ email, password: z.string().max(PASSWORD_LENGTH.most) });

export const accountView = z.strictObject({
  id: objectId,
  email: z.string(),
  name: z.string(),
  role,
  /** Those of the role; empty for customers. */
  permissions: z.array(z.enum(PERMISSIONS)),
});

export const signOutInput = z.strictObject({ everywhere: defaulted(z.boolean(), () => false) });

export const signOutOutput = z.strictObject({ signedOut: z.enum(['here', 'everywhere']) });

export const sessionView = z.strictObject({
  /** For the header `Authorization: Bearer …` only. */
  token: z.string(),
  expiresAt: instant,
  user: accountView,
});
