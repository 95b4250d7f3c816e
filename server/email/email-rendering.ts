/** Emails bear the shop's name and address for replies as the settings have them when the email is rendered. */
import type { JobContext } from '../../jobs/context.ts';
import type { AppContext } from '../context/app-context.ts';
import { renderAccountEmail } from './account/account-email.ts';
import { type EmailLooks, looksOf } from './looks.ts';
import { renderOrderEmail } from './order-email.ts';
import { renderStaffEmail } from './staff/staff-email.ts';

interface Source {
  settings: AppContext['settings'];
  config: Pick<AppContext['config'], 'storefrontUrl' | 'publicUrl' | 'shopTimeZone'>;
  oneTimeTokens: AppContext['oneTimeTokens'];
}

export interface EmailShop {
  shopName: string;
  contact: { email?: string; phone?: string };
  looks: EmailLooks;
  storefrontUrl: string;
  /** Where pictures are served. */
  publicUrl: string;
  /** Customers' replies go there; to the sender when missing. */
  replyTo?: string;
}

export async function readEmailShop({
  settings,
  config: { storefrontUrl, publicUrl },
}: {
  settings: Source['settings'];
  config: Pick<Source['config'], 'storefrontUrl' | 'publicUrl'>;
}): Promise<EmailShop> {
  const shown = await settings();
  const { shopName, contact, replyTo } = shown;
  const looks = looksOf(shown, { storefrontUrl, publicUrl });
  return { shopName, contact, looks, storefrontUrl, publicUrl, ...(replyTo === undefined ? {} : { replyTo }) };
}

export function createEmailRendering(
  source: Source,
): Pick<JobContext, 'renderEmail' | 'renderStaffEmail' | 'renderAccountEmail'> {
  return {
    async renderEmail(email, order) {
      const shop = await readEmailShop(source);
      return { ...renderOrderEmail(email, order, shop), ...headersOf(shop) };
    },
    async renderStaffEmail(email) {
      const { shopName } = await readEmailShop(source);
      const { publicUrl, shopTimeZone: timeZone } = source.config;
      const rendered = renderStaffEmail(email, { shopName, publicUrl, timeZone, tokens: source.oneTimeTokens });
      return { ...rendered, senderName: shopName };
    },
    async renderAccountEmail(email, { name }) {
      const shop = await readEmailShop(source);
      const { config, oneTimeTokens: tokens } = source;
      const rendered = renderAccountEmail(email, name, { ...shop, timeZone: config.shopTimeZone, tokens });
      return { ...rendered, ...headersOf(shop) };
    },
  };
}

function headersOf({ shopName, replyTo }: EmailShop): { senderName: string; replyTo?: string } {
  return { senderName: shopName, ...(replyTo === undefined ? {} : { replyTo }) };
}
