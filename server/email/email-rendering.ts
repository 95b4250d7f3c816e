/** Emails bear the shop's name and address for replies as the settings have them when the email is rendered. */
import type { JobContext } from '../../jobs/context.ts';
import type { AppContext } from '../context/app-context.ts';
import { renderOrderEmail } from './order-email.ts';
import { renderStaffEmail } from './staff-email.ts';

interface Source {
  settings: AppContext['settings'];
  config: Pick<AppContext['config'], 'storefrontUrl' | 'shopTimeZone'>;
}

export interface EmailShop {
  shopName: string;
  storefrontUrl: string;
  /** Customers' replies go there; to the sender when missing. */
  replyTo?: string;
}

export async function readEmailShop({ settings, config: { storefrontUrl } }: Source): Promise<EmailShop> {
  const { shopName, replyTo } = await settings();
  return { shopName, storefrontUrl, ...(replyTo === undefined ? {} : { replyTo }) };
}

export function createEmailRendering(source: Source): Pick<JobContext, 'renderEmail' | 'renderStaffEmail'> {
  return {
    async renderEmail(email, order) {
      const shop = await readEmailShop(source);
      return { ...renderOrderEmail(email, order, shop), ...headersOf(shop) };
    },
    async renderStaffEmail(email) {
      const { shopName, storefrontUrl } = await readEmailShop(source);
      const rendered = renderStaffEmail(email, { shopName, storefrontUrl, timeZone: source.config.shopTimeZone });
      return { ...rendered, senderName: shopName };
    },
  };
}

function headersOf({ shopName, replyTo }: EmailShop): { senderName: string; replyTo?: string } {
  return { senderName: shopName, ...(replyTo === undefined ? {} : { replyTo }) };
}
