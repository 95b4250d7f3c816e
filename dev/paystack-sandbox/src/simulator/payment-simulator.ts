/**
 * What customers, banks and time do to the book, and the events that tell the merchant: payments, refunds that move on,
 * disputes. The checkout page, the API's routes and the control surface all go through it, so that nothing changes
 * without its webhook.
 */

import type { DisputeRecord, Records, RefundRecord, RefundStatus, TransactionRecord } from '../ledger/records.ts';
import { getDispute, moveRefund, nextRefundStatus, openDispute, resolveDispute } from '../ledger/refunds.ts';
import { Refusal } from '../ledger/refusal.ts';
import type { CardName } from '../ledger/test-cards.ts';
import { cardNamed } from '../ledger/test-cards.ts';
import { attempt, getTransaction } from '../ledger/transactions.ts';
import type { Switches } from '../switches.ts';
import { disputeEventView, refundEventView } from '../views/refund-view.ts';
import { transactionView } from '../views/transaction-view.ts';
import type { WebhookMode } from '../webhooks/webhook-rules.ts';
import type { WebhookDelivery, WebhookSender } from '../webhooks/webhook-sender.ts';

export interface PayOptions {
  /** Default: success. */
  card?: CardName | undefined;
  /** Beats the sender's rules. */
  webhook?: WebhookMode | undefined;
  /** Captures something else than was asked for, for charges that do not agree with the order. */
  capture?: { amount?: number | undefined; currency?: string | undefined } | undefined;
}

export interface PayResult {
  /** True when this call captured money; false for a declined card and for a reference that was captured before. */
  charged: boolean;
  status: string;
  deliveries: WebhookDelivery[];
}

export interface PaymentSimulatorOptions {
  records: Records;
  webhooks: WebhookSender;
  switches: () => Switches;
  now: () => Date;
  /** Milliseconds between the steps of a refund; null: only by advanceRefund. */
  refundStepMs: number | null;
  /** Called after each change of the book. */
  onChange: () => void;
}

export class PaymentSimulator {
  private readonly options: PaymentSimulatorOptions;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(options: PaymentSimulatorOptions) {
    this.options = options;
  }

  /** One attempt with one card. Only a success is announced, as at Paystack. */
  pay(reference: string, pay: PayOptions = {}): PayResult {
    const { records, webhooks, switches } = this.options;
    const transaction = getTransaction(records, reference, 404);
    const charged = attempt(transaction, cardNamed(pay.card ?? 'success'), {
      now: this.now(),
      customerBearsFees: switches().feesBearer === 'customer',
      capture: pay.capture,
    });
    this.options.onChange();
    const deliveries = charged
      ? webhooks.announce('charge.success', transactionView(transaction, switches()), reference, pay.webhook)
      : [];
    return { charged, status: transaction.status, deliveries };
  }

  /**
   * The customer who pays twice for one order: with a second tab on another reference of the same order (the shop made
   * one after a failure), both pages can be paid, and both charges are real. One reference is never charged twice: the
   * second press of the button finds it paid and only leads back to the shop. Hence this pays `reference` and every
   * other reference of the same order that is not paid yet.
   */
  payTwice(reference: string, pay: PayOptions = {}): PayResult[] {
    const transaction = getTransaction(this.options.records, reference, 404);
    const siblings = [...this.options.records.transactions.values()].filter((other) => sameOrder(other, transaction));
    return [transaction, ...siblings].map((one) => this.pay(one.reference, pay));
  }

  /** A refund was queued or sent on: tells the merchant, and lets time move it where a step is configured. */
  refundChanged(refund: RefundRecord): void {
    const { records, webhooks, switches, refundStepMs } = this.options;
    this.options.onChange();
    const transaction = getTransaction(records, refund.reference, 404);
    webhooks.announce(`refund.${refund.status}`, refundEventView(refund, transaction, switches()), refund.reference);
    if (refundStepMs !== null && nextRefundStatus(refund) !== null) this.advanceLater(refund, refundStepMs);
  }

  /** Moves a refund to `to`, or to what comes next by itself. Gives the state reached. */
  advanceRefund(refund: RefundRecord, to?: RefundStatus): RefundStatus {
    const next = to ?? nextRefundStatus(refund);
    if (next === null) return refund.status;
    moveRefund(this.options.records, refund, next, this.now());
    this.refundChanged(refund);
    return refund.status;
  }

  /** Takes up the refunds that were on their way when the sandbox was stopped. */
  resumeRefunds(): void {
    const { records, refundStepMs } = this.options;
    if (refundStepMs === null) return;
    for (const refund of records.refunds)
      if (nextRefundStatus(refund) !== null) this.advanceLater(refund, refundStepMs);
  }

  openDispute(reference: string, input: { amount?: number | undefined; dueAt?: Date | undefined } = {}): DisputeRecord {
    const transaction = getTransaction(this.options.records, reference, 404);
    const dueAt = input.dueAt ?? new Date(this.options.now().getTime() + 24 * 60 * 60 * 1_000);
    const dispute = openDispute(this.options.records, transaction, {
      amount: input.amount,
      dueAt: dueAt.toISOString(),
      now: this.now(),
    });
    this.tellDispute('charge.dispute.create', dispute, transaction);
    return dispute;
  }

  remindDispute(id: number): void {
    const dispute = getDispute(this.options.records, id);
    this.tellDispute('charge.dispute.remind', dispute, getTransaction(this.options.records, dispute.reference, 404));
  }

  resolveDispute(id: number, resolution: 'merchant-accepted' | 'declined'): void {
    const dispute = getDispute(this.options.records, id);
    if (dispute.status === 'resolved')
      throw new Refusal(400, 'dispute_resolved', 'The dispute has been resolved before');
    resolveDispute(this.options.records, dispute, resolution, this.now());
    this.tellDispute('charge.dispute.resolve', dispute, getTransaction(this.options.records, dispute.reference, 404));
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private tellDispute(event: string, dispute: DisputeRecord, transaction: TransactionRecord): void {
    this.options.onChange();
    const data = disputeEventView(dispute, transaction, this.options.switches());
    this.options.webhooks.announce(event, data, dispute.reference);
  }

  /** One step, unless somebody has moved the refund in the meantime: then that move has set the next timer. */
  private advanceLater(refund: RefundRecord, delayMs: number): void {
    const from = refund.status;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (refund.status === from) this.advanceRefund(refund);
    }, delayMs);
    this.timers.add(timer);
  }

  private now(): string {
    return this.options.now().toISOString();
  }
}

/** The shop tells Paystack its order in the metadata; other fields do not say that two references belong together. */
function sameOrder(other: TransactionRecord, transaction: TransactionRecord): boolean {
  const order = orderOf(transaction);
  return (
    order !== null && other.reference !== transaction.reference && other.paidAt === null && orderOf(other) === order
  );
}

function orderOf(transaction: TransactionRecord): string | null {
  const { metadata } = transaction;
  if (metadata === null || typeof metadata !== 'object' || Array.isArray(metadata)) return null;
  return typeof metadata.orderId === 'string' ? metadata.orderId : null;
}
