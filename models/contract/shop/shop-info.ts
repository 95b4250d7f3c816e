/** The outputs of the `shop` router. */
import { z } from 'zod';
import { currency } from '../fields.ts';
import { colour, logo, policyName } from './appearance.ts';

/** Shown to everybody on pages and in emails; null where the shop gives none. */
export const shopInfo = z.strictObject({
  name: z.string(),
  contact: z.strictObject({
    email: z.string().nullable(),
    phone: z.string().nullable(),
    /** The phone in E.164. */
    phoneToDial: z.string().nullable(),
  }),
  /** Shown in place of the name's mark. */
  logo: logo.nullable(),
  /** Of links and buttons, as staff chose it; null for the pages' own. */
  colour: colour.nullable(),
  /** Those that the shop has written. */
  policies: z.array(policyName),
  /** In which orders can be placed; new prices are in the first. */
  currencies: z.array(currency).min(1),
  /** The outside issuer where pages sign in, by authorization code with PKCE; null where the shop has accounts of its own. */
  signIn: z.strictObject({ issuer: z.url(), clientId: z.string(), audience: z.string() }).nullable(),
});
