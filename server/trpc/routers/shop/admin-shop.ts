/** admin: the shop's settings that pages and emails show, and who gets emails to staff. */
import type { z } from 'zod';
import {
  setShopSettingsInput,
  setShopSettingsOutput,
  shopSettingsView,
} from '../../../../models/contract/shop/shop-settings.ts';
import { changeShopSettings } from '../../../../models/settings/change-shop-settings.ts';
import { readSettings } from '../../../../models/settings/settings.ts';
import type { Settings } from '../../../../models/settings/settings-document.ts';
import { router, staffProcedure } from '../../trpc.ts';

export const adminShopRouter = router({
  shopSettings: staffProcedure('settings')
    .output(shopSettingsView)
    .query(async ({ ctx: { app } }) => toView(await readSettings(app.db, app.defaultSettings))),

  /** Replaces them all. Pages and emails follow within 5 s. */
  setShopSettings: staffProcedure('settings')
    .input(setShopSettingsInput)
    .output(setShopSettingsOutput)
    .mutation(async ({ ctx: { app, user }, input: { version, ...shop } }) => {
      const change = { version, shop, changedBy: String(user._id), now: app.clock.now() };
      const { outcome, settings } = await changeShopSettings(app.db, app.defaultSettings, change);
      return { outcome, ...toView(settings) };
    }),
});

function toView(settings: Settings): z.input<typeof shopSettingsView> {
  const { version, shopName, contact, replyTo, recipients, newOrdersMinutes = 1 } = settings;
  const { email = null, phone = null } = contact;
  return { version, shopName, contact: { email, phone }, replyTo: replyTo ?? null, recipients, newOrdersMinutes };
}
