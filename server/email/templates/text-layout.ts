/** The plain-text side of an email, with the same content as the HTML: screen readers and spam filters read it. */

import { policiesText } from '../looks.ts';
import type { EmailOrderView } from './email-content.ts';
import type { Message, Signature } from './message.ts';
import { summarize } from './order-summary.ts';
import { oneLine } from './plain-text.ts';

/** Lines end in LF. */
export function layOutText(message: Message, order: EmailOrderView, { shopName, contact, looks }: Signature): string {
  const summary = summarize(order);
  const blocks = [
    [`Hello ${summary.customer || 'there'},`],
    message.paragraphs,
    message.facts.map(([label, value]) => `${label}: ${oneLine(value)}`),
    ...(message.lists ?? []).map(([title, items]) => [`${title}:`, ...items.map((item) => `  ${oneLine(item)}`)]),
    [message.next],
    message.actions.map(({ label, url }) => `${label}: ${url}`),
    [
      `Order ${summary.code}`,
      ...summary.lines.map((line) => `  ${line.quantity} × ${line.name}: ${line.unitPrice} each, ${line.lineTotal}`),
      ...summary.sums.map(({ label, amount }) => `  ${label}: ${amount}`),
    ],
    ['Delivery address', ...summary.address.map((line) => `  ${line}`)],
    [shopName, contact, ...policiesText(looks)].filter((line) => line !== ''),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}
