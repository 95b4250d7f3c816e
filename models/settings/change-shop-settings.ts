import { readPhone } from '../address/phone.ts';
import type { Database } from '../db/database.ts';
import { invalidInput } from '../errors.ts';
import { changePart, type SettingsChange, type SettingsResult } from './settings.ts';
import type { Settings } from './settings-document.ts';

/** Of a number that names none. */
export const COUNTRY_OF_PHONE = 'NG';

export interface ShopSettingsChange extends Omit<SettingsChange, 'values'> {
  shop: {
    shopName: string;
    contact: { email?: string | undefined; phone?: string | undefined };
    replyTo?: string | undefined;
    recipients: string[];
    newOrdersMinutes?: number | undefined;
  };
}

/**
 * Replaces what pages and emails show of the shop, and the recipients of emails to staff; keeps the other settings. Throws
 * INVALID_INPUT for a phone number that cannot be one; without its country it is read as a Nigerian one.
 */
export async function changeShopSettings(
  db: Database,
  defaults: Settings,
  { shop: { shopName, contact, replyTo, recipients, newOrdersMinutes }, ...change }: ShopSettingsChange,
): Promise<SettingsResult> {
  const { email, phone } = contact;
  const read = phone === undefined ? null : readPhone(phone, COUNTRY_OF_PHONE);
  if (read !== null && 'problem' in read) throw invalidInput('contact.phone', read.problem);
  const shown = {
    shopName,
    contact: { ...(email === undefined ? {} : { email }), ...(phone === undefined ? {} : { phone }) },
    ...(replyTo === undefined ? {} : { replyTo }),
    recipients,
    ...(newOrdersMinutes === undefined ? {} : { newOrdersMinutes }),
  };
  return changePart(db, defaults, change, ({ carriers, limits, logo, colour, policies }) => ({
    ...shown,
    carriers,
    limits,
    ...(logo === undefined ? {} : { logo }),
    ...(colour === undefined ? {} : { colour }),
    ...(policies === undefined ? {} : { policies }),
  }));
}
