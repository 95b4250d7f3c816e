import { describeAmount } from '../../../models/contract/money.ts';
import type { StaffEmailData } from '../../../models/messaging/staff-email.ts';
import { formatInstant } from '../../../models/shop-time.ts';
import type { StaffMessage } from '../templates/staff-layout.ts';
import { type StaffShop, staffPage } from './staff-shop.ts';

export function disputeDue(data: StaffEmailData['dispute_due'], shop: StaffShop): StaffMessage {
  const amount = describeAmount(data.amount, data.currency);
  const by = formatInstant(data.answerBy, shop.timeZone);
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
    action: {
      label: 'Open the order and answer',
      url: staffPage(shop, `/orders/${encodeURIComponent(data.orderId)}`),
    },
  };
}
