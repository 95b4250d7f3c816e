/** Emails to the shop's staff: rendered from the outbox entry alone. */
import type { StaffEmail } from '../../../models/messaging/staff-email.ts';
import { oneLine } from '../templates/plain-text.ts';
import { layOutStaffHtml, layOutStaffText, type StaffMessage } from '../templates/staff-layout.ts';
import type { RenderedEmail } from '../templates.ts';
import { disputeDue } from './dispute-due.ts';
import { invitation } from './invitation.ts';
import { newOrders } from './new-orders.ts';
import type { StaffShop } from './staff-shop.ts';

export function renderStaffEmail(email: StaffEmail, shop: StaffShop): RenderedEmail {
  const message = messageOf(email, shop);
  const shopName = oneLine(shop.shopName);
  return {
    subject: oneLine(`${message.subject} – ${shopName}`, 150),
    text: layOutStaffText(message, shopName),
    html: layOutStaffHtml(message, shopName),
  };
}

function messageOf(email: StaffEmail, shop: StaffShop): StaffMessage {
  switch (email.kind) {
    case 'dispute_due':
      return disputeDue(email.data, shop);
    case 'new_orders':
      return newOrders(email.data, shop);
    case 'invitation':
      return invitation(email.data, shop);
  }
}
