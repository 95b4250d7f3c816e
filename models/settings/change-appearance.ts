import type { PolicyName } from '../contract/shop/policies.ts';
import type { Database } from '../db/database.ts';
import { invalidInput } from '../errors.ts';
import { keepLogo } from '../pictures/store-picture.ts';
import { changePart, type SettingsChange, type SettingsResult } from './settings.ts';
import type { Settings } from './settings-document.ts';

export interface AppearanceChange extends Omit<SettingsChange, 'values'> {
  /** The id of a stored logo; none when missing. */
  logo?: string | undefined;
  /** The pages' own when missing. */
  colour?: string | undefined;
}

/** Replaces logo and colour and keeps the other settings. Throws INVALID_INPUT for a logo that is not stored. */
export async function changeAppearance(
  db: Database,
  defaults: Settings,
  { logo: pictureId, colour, ...change }: AppearanceChange,
): Promise<SettingsResult> {
  const size = pictureId === undefined ? null : await keepLogo(db, pictureId);
  if (pictureId !== undefined && size === null) throw invalidInput('logo', 'is no longer stored; send it once more');
  return changePart(db, defaults, change, ({ logo: _, colour: __, ...values }) => ({
    ...values,
    ...(pictureId === undefined || size === null ? {} : { logo: { pictureId, ...size } }),
    ...(colour === undefined ? {} : { colour }),
  }));
}

export interface PoliciesChange extends Omit<SettingsChange, 'values'> {
  policies: Partial<Record<PolicyName, string | undefined>>;
}

/** Replaces the policies and keeps the other settings. One without a text is removed. */
export async function changePolicies(
  db: Database,
  defaults: Settings,
  { policies, ...change }: PoliciesChange,
): Promise<SettingsResult> {
  const written = Object.fromEntries(Object.entries(policies).filter(([, text]) => text !== undefined));
  return changePart(db, defaults, change, (values) => ({ ...values, policies: written }));
}
