/** The state of a case's one order in the database, at Paystack and in the mailbox. It differs between crash points. */

import type { Mailbox } from '../../../dev/mailbox/mailbox.ts';
import type { PaystackSandbox } from '../../../dev/paystack-sandbox/src/index.ts';
import type { Database } from '../../../models/db/database.ts';
import { stateOfAnswer } from '../../../models/dispute/answer/answer-state.ts';
import { parseOutboxId } from '../../../models/messaging/outbox-id.ts';
import type { Order } from '../../../models/order/order-document.ts';
import type { Payout } from '../../../models/payout/payout-document.ts';

export interface SystemState {
  orders: number;
  status: string | undefined;
  paymentStatus: string | undefined;
  /** Status of the first payment attempt. */
  attempt: string | undefined;
  /** Stored payment pages, in the order of the attempts. */
  pages: string[];
  events: number;
  eventsDue: number;
  /** Sales in the stock ledger. */
  sales: number;
  /** Emails that are not sent yet, claimed ones included. */
  queued: number;
  /** State of the first refund. */
  refund: string | undefined;
  /** Transactions at Paystack. */
  opened: number;
  charges: number;
  /** Refunds at Paystack. */
  refunded: number;
  /** State of the first payout. */
  payout: string | undefined;
  /** Charges that are stored of payouts. */
  paidOut: number;
  /** State of the answer to the first dispute. */
  answer: string | undefined;
  /** Of the first dispute at Paystack: its evidence, files and answers. */
  evidence: number;
  files: number;
  answers: number;
  /** Emails about orders that arrived. */
  mails: number;
}

export function isAboutOrder(emailKey: string): boolean {
  return parseOutboxId(emailKey)?.about === 'order';
}

export async function readState({ db, sandbox, mailbox }: Books): Promise<SystemState> {
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
    queued: await db.emails.countDocuments({ state: 'queued', orderId: { $exists: true } }),
    refund: order?.refunds[0]?.state,
    opened: ledger.transactions.length,
    charges: ledger.charges.length,
    refunded: ledger.refunds.length,
    payout: (await db.payouts.findOne().lean<Payout>())?.state,
    paidOut: await db.payoutLines.countDocuments(),
    ...answerState(order, sandbox),
    mails: mailbox.mails().filter(({ key }) => isAboutOrder(key ?? '')).length,
  };
}

function answerState(
  order: Order | undefined,
  sandbox: Books['sandbox'],
): Pick<SystemState, 'answer' | 'evidence' | 'files' | 'answers'> {
  const answer = order?.disputes[0]?.answer;
  const [dispute] = sandbox.ledger().disputes;
  return {
    answer: answer === undefined ? undefined : stateOfAnswer(answer),
    evidence: dispute?.evidence ? 1 : 0,
    files: sandbox.uploads().filter(({ status }) => status === 200).length,
    answers: dispute?.messages.filter(({ sender }) => sender === 'merchant').length ?? 0,
  };
}

interface Books {
  db: Database;
  sandbox: Pick<PaystackSandbox, 'ledger' | 'uploads'>;
  mailbox: Pick<Mailbox, 'mails'>;
}

/** Throws if the state is not that of the crash point, because the process then crashed elsewhere. */
export function expectLeft(pointId: string, leaves: Partial<SystemState>, state: SystemState): void {
  const wrong = Object.entries(leaves).filter(([key, value]) => Reflect.get(state, key) !== value);
  if (wrong.length === 0) return;
  const words = wrong.map(([key, value]) => `${key} is ${Reflect.get(state, key)} instead of ${value}`);
  throw new Error(`it did not crash at ${pointId}: ${words.join(', ')}`);
}

/**
 * Throws unless the repeated key led to one order that keeps the page which the shopper saw. A page that was stored before
 * the crash must be kept too (P4).
 */
export function expectOneOrder(shown: string, before: SystemState | null, after: SystemState, latePage: boolean): void {
  if (after.orders !== 1) throw new Error(`${after.orders} orders have the same checkoutKey`);
  const kept = latePage ? [1, 2] : [1];
  if (!kept.includes(after.pages.length)) throw new Error(`${after.pages.length} payment pages are stored`);
  for (const page of [shown, ...(before?.pages ?? [])])
    if (!after.pages.includes(page)) throw new Error(`the page ${page} was shown or stored, and is not kept`);
}
