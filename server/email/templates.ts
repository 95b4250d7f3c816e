/**
 * Every email of the shop as subject, text and HTML. Titles, names and notes are untrusted: they become one line in text
 * and subject, and are escaped in HTML.
 */

import { PLAIN_LOOKS } from './looks.ts';
import type { EmailContent, EmailOrderView, ShopIdentity } from './templates/email-content.ts';
import { layOutHtml } from './templates/html-layout.ts';
import { contactLine, oneLine } from './templates/plain-text.ts';
import { layOutText } from './templates/text-layout.ts';
import { writeMessage } from './templates/wording.ts';

export interface RenderedEmail {
  /** One line, at most 150 characters. */
  subject: string;
  text: string;
  html: string;
}

/** Pure. Throws INVALID_INPUT only when an amount is no amount. */
export function renderEmail(content: EmailContent, order: EmailOrderView, shop: ShopIdentity): RenderedEmail {
  const storefrontUrl = shop.storefrontUrl.replace(/\/+$/, '');
  const links = {
    order: `${storefrontUrl}/orders/${encodeURIComponent(order.id)}`,
    refillCart: `${storefrontUrl}/cart?from=${encodeURIComponent(order.code)}`,
  };
  const message = writeMessage(content, order, links);
  const shopName = oneLine(shop.shopName);
  const signature = { shopName, contact: contactLine(shop.contact), looks: shop.looks ?? PLAIN_LOOKS };
  return {
    subject: oneLine(`${message.subject} – ${shopName}`, 150),
    text: layOutText(message, order, signature),
    html: layOutHtml(message, order, signature),
  };
}
