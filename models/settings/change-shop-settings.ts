import type { Database } from '../db/database.ts';
import { changeSettings, readSettings, type SettingsChange, type SettingsResult } from './settings.ts';
import type { Settings } from './settings-document.ts';

export interface ShopSettingsChange extends Omit<SettingsChange, 'values'> {
  shop: {
    shopName: string;
    contact: { email?: string | undefined; phone?: string | undefined };
    replyTo?: string | undefined;
    recipients: string[];
    newOrdersMinutes?: number | undefined;
  };
}

/** Replaces what pages and emails show of the shop, and the recipients of emails to staff; keeps the other settings. */
export async function changeShopSettings(
  db: Database,
  defaults: Settings,
  { shop: { shopName, contact, replyTo, recipients, newOrdersMinutes }, ...change }: ShopSettingsChange,
): Promise<SettingsResult> {
  const { carriers, limits } = await readSettings(db, defaults);
  const { email, phone } = contact;
  const values = {
    shopName,
    contact: { ...(email === undefined ? {} : { email }), ...(phone === undefined ? {} : { phone }) },
    ...(replyTo === undefined ? {} : { replyTo }),
    recipients,
    ...(newOrdersMinutes === undefined ? {} : { newOrdersMinutes }),
    carriers,
    limits,
  };
  return changeSettings(db, defaults, { ...change, values });
}
