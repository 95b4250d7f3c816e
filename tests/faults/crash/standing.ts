/** Where a case's one order stands in the three books, in figures that tell the crash points apart. */

import type { Mailbox } from '../../../dev/mailbox/mailbox.ts';
import type { PaystackSandbox } from '../../../dev/paystack-sandbox/src/index.ts';
import type { Database } from '../../../models/db/database.ts';
import type { Order } from '../../../models/order/order-document.ts';

export interface Standing {
  orders: number;
  status: string | undefined;
  paymentStatus: string | undefined;
  /** The first attempt's status. */
  attempt: string | undefined;
  /** Payment pages that are stored, in the order of the attempts. */
  pages: string[];
  events: number;
  eventsDue: number;
  /** Rows of the ledger that took stock. */
  sales: number;
  /** Emails that are owed, whoever is sending them. */
  queued: number;
  /** The first refund's state. */
  refund: string | undefined;
  /** What Paystack has: references that were opened, charges, refunds. */
  opened: number;
  charges: number;
  refunded: number;
  /** What has arrived in the mailbox. */
  mails: number;
}

export async function readStanding({ db, sandbox, mailbox }: Books): Promise<Standing> {
  const orders = await db.orders.find().lean<Order[]>();
  const [order] = orders;
  const ledger = sandbox.ledger();
  return {
    orders: orders.length,
    status: order?.status,
    paymentStatus: order?.paymentStatus,
    attempt: order?.payments[0]?.status,
    pages: order?.payments.flatMap(({ authorizationUrl }) => authorizationUrl ?? []) ?? [],
    events: await db.webhookEvents.countDocuments(),
    eventsDue: await db.webhookEvents.countDocuments({ dueAt: { $exists: true } }),
    sales: await db.stockMovements.countDocuments({ reason: 'sale' }),
    queued: await db.emails.countDocuments({ state: 'queued' }),
    refund: order?.refunds[0]?.state,
    opened: ledger.transactions.length,
    charges: ledger.charges.length,
    refunded: ledger.refunds.length,
    mails: mailbox.mails().length,
  };
}

interface Books {
  db: Database;
  sandbox: Pick<PaystackSandbox, 'ledger'>;
  mailbox: Pick<Mailbox, 'mails'>;
}

/** Throws when the books do not show what the crash point leaves: the process crashed somewhere else. */
export function expectLeft(pointId: string, leaves: Partial<Standing>, standing: Standing): void {
  const wrong = Object.entries(leaves).filter(([key, value]) => Reflect.get(standing, key) !== value);
  if (wrong.length === 0) return;
  const words = wrong.map(([key, value]) => `${key} is ${Reflect.get(standing, key)} instead of ${value}`);
  throw new Error(`it did not crash at ${pointId}: ${words.join(', ')}`);
}

/**
 * One order, however often its key was sent, and the page that the shopper was shown is the one that is kept: the same one,
 * if one was stored before the crash (P4).
 */
export function expectOneOrder(shown: string, before: Standing | null, after: Standing, latePage: boolean): void {
  if (after.orders !== 1) throw new Error(`${after.orders} orders came of one checkoutKey`);
  const kept = latePage ? [1, 2] : [1];
  if (!kept.includes(after.pages.length)) throw new Error(`${after.pages.length} payment pages are stored`);
  for (const page of [shown, ...(before?.pages ?? [])])
    if (!after.pages.includes(page)) throw new Error(`the page ${page} was shown or stored, and is not kept`);
}
