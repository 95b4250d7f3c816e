import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import type { Email } from '../../messaging/email-document.ts';
import { findEmailsOfOrder } from '../../messaging/email-outbox.ts';
import type { InboxEvent } from '../../messaging/inbox-event.ts';
import type { Order } from '../order-document.ts';

/** Further webhooks of one order are repeats that add nothing. */
export const MOST_WEBHOOKS = 200;

/** An order's records in other collections, each oldest first. */
export interface OrderRecords {
  emails: Email[];
  /** The first MOST_WEBHOOKS, and one more if there are further ones. */
  webhooks: InboxEvent[];
}

export async function readOrderRecords(db: Database, order: Order): Promise<OrderRecords> {
  const references = order.payments.map(({ reference }) => reference);
  const [emails, webhooks] = await Promise.all([
    findEmailsOfOrder(db, order._id),
    driverCollection(db.webhookEvents)
      .find({ reference: { $in: references } }, { sort: { receivedAt: 1 }, limit: MOST_WEBHOOKS + 1 })
      .toArray(),
  ]);
  return { emails, webhooks };
}
