/** Emails about an account: one message with one button, or none. */
import type { AccountEmail } from '../../../models/accounts/links/account-email.ts';
import { LINK_LIFETIME_MS } from '../../../models/accounts/links/send-link.ts';
import { formatInstant } from '../../../models/shop-time.ts';
import type { OneTimeTokens } from '../../auth/one-time-tokens.ts';
import { type EmailLooks, PLAIN_LOOKS } from '../looks.ts';
import { contactLine, oneLine } from '../templates/plain-text.ts';
import type { RenderedEmail } from '../templates.ts';
import { type AccountMessage, layOutAccountHtml, layOutAccountText } from './account-layout.ts';

export interface AccountShop {
  shopName: string;
  contact?: { email?: string; phone?: string };
  looks?: EmailLooks;
  /** With or without a slash at its end. */
  storefrontUrl: string;
  timeZone: string;
  /** Null if users sign in with an outside issuer, who then get no such emails. */
  tokens: OneTimeTokens | null;
}

export function renderAccountEmail(email: AccountEmail, name: string, shop: AccountShop): RenderedEmail {
  const message = messageOf(email, shop);
  const shopName = oneLine(shop.shopName);
  const signature = { shopName, contact: contactLine(shop.contact), looks: shop.looks ?? PLAIN_LOOKS };
  return {
    subject: oneLine(`${message.subject} – ${shopName}`, 150),
    text: layOutAccountText(message, name, signature),
    html: layOutAccountHtml(message, name, signature),
  };
}

function messageOf(email: AccountEmail, shop: AccountShop): AccountMessage {
  const pages = shop.storefrontUrl.replace(/\/+$/, '');
  switch (email.kind) {
    case 'reset_password':
      return {
        subject: 'Set a new password',
        heading: 'Set a new password',
        paragraphs: ['Somebody, probably you, asked to set a new password for your account with us.'],
        action: { label: 'Set a new password', url: linkOf(email, `${pages}/reset-password`, shop) },
        closing: [
          `The link works once, for ${LINK_LIFETIME_MS.reset_password / 60_000} minutes.`,
          'If you did not ask for it, you need not do anything: your password stays as it is.',
        ],
      };
    case 'verify_email':
      return {
        subject: 'Confirm your email address',
        heading: 'Confirm your email address',
        paragraphs: [
          'Press the button to confirm that this address is yours, so that news of your orders and a forgotten password reach you.',
        ],
        action: { label: 'Confirm this address', url: linkOf(email, `${pages}/verify-email`, shop) },
        closing: ['If you have no account with us, you need not do anything: somebody mistyped an address.'],
      };
    case 'password_changed':
      return {
        subject: 'Your password was changed',
        heading: 'Your password was changed',
        paragraphs: [
          `The password of your account was changed on ${formatInstant(email.data.at, shop.timeZone)}, and the account was signed out everywhere else.`,
        ],
        action: { label: 'It was not me', url: `${pages}/forgot-password` },
        closing: ['If it was you, you need not do anything. If not, set a new password at once.'],
      };
  }
}

/** In the fragment, which browsers send to no server: it stands in no log. */
function linkOf(
  { kind, data }: Extract<AccountEmail, { data: { linkId: string } }>,
  page: string,
  { tokens }: AccountShop,
): string {
  if (tokens === null) throw new Error(`No ${kind} is sent for accounts of an outside issuer.`);
  return `${page}#${tokens.tokenOf(kind, data.linkId)}`;
}
