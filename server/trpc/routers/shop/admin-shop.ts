/** admin: the shop's settings that pages and emails show, its logo and colour, its policies, and who gets emails to staff. */
import type { z } from 'zod';
import {
  appearanceView,
  colourPreview,
  policiesView,
  previewColourInput,
  setAppearanceInput,
  setAppearanceOutput,
  setPoliciesInput,
  setPoliciesOutput,
} from '../../../../models/contract/shop/appearance.ts';
import {
  setShopSettingsInput,
  setShopSettingsOutput,
  shopSettingsView,
} from '../../../../models/contract/shop/shop-settings.ts';
import { changeAppearance, changePolicies } from '../../../../models/settings/change-appearance.ts';
import { changeShopSettings } from '../../../../models/settings/change-shop-settings.ts';
import { readSettings } from '../../../../models/settings/settings.ts';
import type { Settings } from '../../../../models/settings/settings-document.ts';
import { shopColours } from '../../../../models/settings/shop-colour.ts';
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

  /** The logo and the colour of pages and emails. */
  appearance: staffProcedure('settings')
    .output(appearanceView)
    .query(async ({ ctx: { app } }) => toAppearance(await readSettings(app.db, app.defaultSettings))),

  /** The shades that pages and emails would use. Changes nothing. */
  previewColour: staffProcedure('settings')
    .input(previewColourInput)
    .output(colourPreview)
    .mutation(({ input: { colour } }) => {
      const { contrast, light, dark } = shopColours(colour);
      return { colour, contrast, light: light.accent, dark: dark.accent };
    }),

  /** Replaces both. Pages and emails follow within 5 s. */
  setAppearance: staffProcedure('settings')
    .input(setAppearanceInput)
    .output(setAppearanceOutput)
    .mutation(async ({ ctx: { app, user }, input }) => {
      const change = { ...input, changedBy: String(user._id), now: app.clock.now() };
      const { outcome, settings } = await changeAppearance(app.db, app.defaultSettings, change);
      return { outcome, ...toAppearance(settings) };
    }),

  policies: staffProcedure('settings')
    .output(policiesView)
    .query(async ({ ctx: { app } }) => toPolicies(await readSettings(app.db, app.defaultSettings))),

  /** Replaces them all. Pages and emails follow within 5 s. */
  setPolicies: staffProcedure('settings')
    .input(setPoliciesInput)
    .output(setPoliciesOutput)
    .mutation(async ({ ctx: { app, user }, input }) => {
      const change = { ...input, changedBy: String(user._id), now: app.clock.now() };
      const { outcome, settings } = await changePolicies(app.db, app.defaultSettings, change);
      return { outcome, ...toPolicies(settings) };
    }),
});

function toAppearance(settings: Settings): z.input<typeof appearanceView> {
  const { version, logo = null, colour = null } = settings;
  return { version, logo, colour };
}

function toPolicies({ version, policies = {} }: Settings): z.input<typeof policiesView> {
  const { returns = null, delivery = null, privacy = null } = policies;
  return { version, policies: { returns, delivery, privacy } };
}

function toView(settings: Settings): z.input<typeof shopSettingsView> {
  const { version, shopName, contact, replyTo, recipients, newOrdersMinutes = 1 } = settings;
  const { email = null, phone = null } = contact;
  return { version, shopName, contact: { email, phone }, replyTo: replyTo ?? null, recipients, newOrdersMinutes };
}
