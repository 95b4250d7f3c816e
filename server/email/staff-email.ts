/** Emails to the shop's staff: rendered from the outbox entry alone. */
import { describeAmount } from '../../models/contract/money.ts';
import type { StaffEmail } from '../../models/messaging/staff-email.ts';
import { formatInstant } from '../../models/shop-time.ts';
import { oneLine } from './templates/plain-text.ts';
import { layOutStaffHtml, layOutStaffText, type StaffMessage } from './templates/staff-layout.ts';
import type { RenderedEmail } from './templates.ts';

export interface StaffShop {
  shopName: string;
  /** With or without a slash at its end. */
  storefrontUrl: string;
  timeZone: string;
}

export function renderStaffEmail(email: StaffEmail, shop: StaffShop): RenderedEmail {
  const message = disputeDue(email.data, shop);
  const shopName = oneLine(shop.shopName);
  return {
    subject: oneLine(`${message.subject} – ${shopName}`, 150),
    text: layOutStaffText(message, shopName),
    html: layOutStaffHtml(message, shopName),
  };
}

function disputeDue(data: StaffEmail['data'], { storefrontUrl, timeZone }: StaffShop): StaffMessage {
  const amount = describeAmount(data.amount, data.currency);
  const by = formatInstant(data.answerBy, timeZone);
  const page = `${storefrontUrl.replace(/\/+$/, '')}/staff/orders/${encodeURIComponent(data.orderId)}`;
  const unsent =
    data.unsent === null
      ? []
      : [`An answer was given, and it is not at Paystack yet: ${data.unsent}. It is tried again by itself.`];
  return {
    subject: `Answer the dispute of order ${data.code} by ${by}`,
    heading: `A dispute of ${amount} waits for your answer`,
    paragraphs: [
      `The customer’s bank disputes ${amount} of order ${data.code}. Without an answer at Paystack by ${by}, the dispute is lost and the money goes back.`,
      ...(data.assumed ? ['Paystack named no deadline; this is the earliest that it may be.'] : []),
      ...unsent,
    ],
    action: { label: 'Open the order and answer', url: page },
  };
}
