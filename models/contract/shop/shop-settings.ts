/** Inputs and outputs of the `admin` router's procedures on the shop's name, contact and emails. */
import { z } from 'zod';
import { count, optional, reachableEmail, text } from '../fields.ts';
import { MAX_LENGTH, MAX_RECIPIENTS } from '../limits.ts';
import { shopInfo } from './shop-info.ts';

/** `recipients`: to whom emails to staff go; the owners when empty. */
export const shopSettingsView = z.strictObject({
  /** Of the settings; 0 before their first change. */
  version: count,
  shopName: z.string(),
  contact: shopInfo.shape.contact.omit({ phoneToDial: true }),
  replyTo: z.string().nullable(),
  recipients: z.array(z.string()),
  /** Staff are emailed of new orders at most so often; 0 for never. */
  newOrdersMinutes: count,
});

/** All of them are replaced: a field that is missing is removed. `version`: of the settings as they were seen. */
export const setShopSettingsInput = z.strictObject({
  version: count,
  shopName: text(MAX_LENGTH.name),
  contact: z.strictObject({ email: optional(reachableEmail), phone: optional(text(MAX_LENGTH.phone)) }),
  replyTo: optional(reachableEmail),
  recipients: z
    .array(reachableEmail)
    .max(MAX_RECIPIENTS, `must be at most ${MAX_RECIPIENTS} addresses`)
    .refine((addresses) => new Set(addresses).size === addresses.length, 'must name each address once'),
  /** Every minute when missing. */
  newOrdersMinutes: z
    .int('must be a whole number of minutes, from 0 to 1,440')
    .min(0, 'must be 0 or more')
    .max(1_440, 'must be at most 1,440, which is a day')
    .optional(),
});

/** `outdated`: another change came first, and nothing was changed; the settings are as they are now. */
export const setShopSettingsOutput = shopSettingsView.extend({ outcome: z.enum(['changed', 'outdated']) });
