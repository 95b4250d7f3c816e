/** Inputs and outputs of the `auth` and `account` routers. */
import { z } from 'zod';
import { count, defaulted, email, instant, objectId, optional, reachableEmail, role, text } from './fields.ts';
import { MAX_LENGTH, PASSWORD_LENGTH } from './limits.ts';
import { addressInput, addressView } from './orders.ts';
import { PERMISSIONS } from './permissions.ts';

/** Keys of different keyboards and phones send the same letter in different ways; NFKC makes them one. */
const charactersOf = (password: string) => Array.from(password.normalize('NFKC')).length;

/** As it was typed: not trimmed, and any characters that are text. */
const typedPassword = z
  .string()
  .max(PASSWORD_LENGTH.sent, { abort: true, error: `must be at most ${PASSWORD_LENGTH.most} characters` })
  .refine((password) => !/\p{Cs}/u.test(password), 'must be text');

/** A new password. The server also refuses those that are easily guessed. */
const password = typedPassword
  .refine(
    (typed) => charactersOf(typed) >= PASSWORD_LENGTH.least,
    `must be at least ${PASSWORD_LENGTH.least} characters`,
  )
  .refine((typed) => charactersOf(typed) <= PASSWORD_LENGTH.most, `must be at most ${PASSWORD_LENGTH.most} characters`);

/** Of a link that was sent by email. */
const token = z.string().regex(/^[\w-]{10,40}\.[\w-]{30,60}$/, 'must be the token of a link that we sent');

export const registerInput = z.strictObject({ email: reachableEmail, password, name: text(MAX_LENGTH.name) });

/** A password that is too short is a wrong password, not an invalid input. */
export const loginInput = z.strictObject({ email, password: typedPassword });

export const accountView = z.strictObject({
  id: objectId,
  email: z.string(),
  /** The owner has opened a link that we sent to the address. */
  emailVerified: z.boolean(),
  name: z.string(),
  phone: z.string().nullable(),
  role,
  /** Those of the role; empty for customers. */
  permissions: z.array(z.enum(PERMISSIONS)),
  /** The account signs in with a password that this shop keeps. */
  signsInHere: z.boolean(),
});

export const signOutInput = z.strictObject({ everywhere: defaulted(z.boolean(), () => false) });

export const signOutOutput = z.strictObject({ signedOut: z.enum(['here', 'everywhere']) });

export const sessionView = z.strictObject({
  /** For the header `Authorization: Bearer …` only. */
  token: z.string(),
  expiresAt: instant,
  user: accountView,
});

export const forgotPasswordInput = z.strictObject({ email });

/** The same for every address. If it has an account, a link that works for so many minutes is on its way. */
export const forgotPasswordOutput = z.strictObject({ validMinutes: count });

export const resetPasswordInput = z.strictObject({ token, password });

export const invitationInput = z.strictObject({ token });

export const invitationView = z.strictObject({
  email: z.string(),
  role,
  shopName: z.string(),
  /** The address has an account: it keeps its name, and its password becomes the one that is sent. */
  hasAccount: z.boolean(),
});

/** `name`: of a new account. */
export const acceptInvitationInput = z.strictObject({ token, name: text(MAX_LENGTH.name), password });

export const verifyEmailInput = z.strictObject({ token });

/** The address that is verified now. */
export const verifyEmailOutput = z.strictObject({ email: z.string() });

/** False when a link was sent less than a minute ago, or the address is verified already. */
export const sendVerificationOutput = z.strictObject({ sent: z.boolean() });

export const changePasswordInput = z.strictObject({ currentPassword: typedPassword, password });

export const setProfileInput = z.strictObject({
  name: text(MAX_LENGTH.name),
  /** Left out, the account has none. */
  phone: optional(addressInput.shape.phone),
});

const savedAddressId = z.string().regex(/^[\w-]{8,40}$/, 'must be the id of a saved address');

/** The last used first. */
export const savedAddresses = z.strictObject({
  items: z.array(z.strictObject({ id: z.string(), address: addressView })),
});

/** Without an id it is added. */
export const saveAddressInput = z.strictObject({ id: optional(savedAddressId), address: addressInput });

export const removeAddressInput = z.strictObject({ id: savedAddressId });

/** The newest first; empty where people sign in with an outside issuer. */
export const sessionList = z.strictObject({
  items: z.array(
    z.strictObject({
      id: z.string(),
      /** The session of this call. */
      current: z.boolean(),
      /** `Chrome on Android` */
      device: z.string(),
      startedAt: instant,
      lastUsedAt: instant,
    }),
  ),
});

export const endOtherSessionsInput = z.strictObject({});

export const endSessionInput = z.strictObject({
  id: z.string().regex(/^[\w-]{8,50}$/, 'must be the id of a session'),
});
