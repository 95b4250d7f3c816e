/** The shop's own looks in emails, and the links to its policies. */

import { LOGO_BOX } from '../../models/contract/limits.ts';
import { logoPath } from '../../models/contract/pages/looks.ts';
import { POLICIES, POLICY_TITLES } from '../../models/contract/shop/policies.ts';
import type { Settings } from '../../models/settings/settings-document.ts';
import { shopColours } from '../../models/settings/shop-colour.ts';
import { escapeHtml } from './templates/plain-text.ts';

export interface EmailLooks {
  /** Of links and buttons, as `#rrggbb`; its contrast on white suffices for text. */
  accent: string;
  /** In place of the shop's name at the top; `width` and `height` as shown. */
  logo: { url: string; width: number; height: number } | null;
  policies: readonly { title: string; url: string }[];
}

/** Of a shop that has chosen nothing. */
export const PLAIN_LOOKS: EmailLooks = { accent: '#0b6e4f', logo: null, policies: [] };

interface Addresses {
  storefrontUrl: string;
  /** Serves the logo. */
  publicUrl: string;
}

export function looksOf(
  { logo, colour, policies = {} }: Pick<Settings, 'logo' | 'colour' | 'policies'>,
  addresses: Addresses,
): EmailLooks {
  const storefrontUrl = addresses.storefrontUrl.replace(/\/+$/, '');
  const publicUrl = addresses.publicUrl.replace(/\/+$/, '');
  return {
    accent: colour === undefined ? PLAIN_LOOKS.accent : shopColours(colour).light.accent,
    logo: logo === undefined ? null : { url: `${publicUrl}${logoPath(logo.pictureId)}`, ...shownSize(logo) },
    policies: POLICIES.filter((name) => policies[name] !== undefined).map((name) => ({
      title: POLICY_TITLES[name],
      url: `${storefrontUrl}/policies/${name}`,
    })),
  };
}

/** Half of what is stored, for sharp screens; a small logo as it is. */
function shownSize({ width, height }: { width: number; height: number }): { width: number; height: number } {
  const scale = Math.min(1, LOGO_BOX.width / 2 / width, LOGO_BOX.height / 2 / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The top of an email as HTML: the logo, or the shop's name. */
export function brandHtml(shopName: string, { logo }: EmailLooks): string {
  if (logo === null) return escapeHtml(shopName);
  const { url, width, height } = logo;
  return `<img src="${escapeHtml(url)}" width="${width}" height="${height}" alt="${escapeHtml(shopName)}" style="display:block;border:0">`;
}

/** Links as HTML, in one line with its end; empty without policies. */
export function policiesHtml({ policies }: EmailLooks, ink: string): string {
  const links = policies.map(
    ({ title, url }) => `<a href="${escapeHtml(url)}" style="color:${ink}">${escapeHtml(title)}</a>`,
  );
  return links.length === 0 ? '' : `${links.join(' · ')}<br>`;
}

export function policiesText({ policies }: EmailLooks): string[] {
  return policies.map(({ title, url }) => `${title}: ${url}`);
}
