/**
 * The actions of customers and banks: payments, the course of refunds, disputes. The checkout page, the API and the controls
 * all use it, so that every change has its webhook.
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
  /** Overrides the sender's rules. */
  webhook?: WebhookMode | undefined;
  /** Captures another amount or currency than requested. */
  capture?: { amount?: number | undefined; currency?: string | undefined } | undefined;
}

export interface PayResult {
  /** Whether this call captured money; false for a declined card and for a reference that was captured before. */
  charged: boolean;
  status: string;
  deliveries: WebhookDelivery[];
}

export interface PaymentSimulatorOptions {
  records: Records;
  webhooks: WebhookSender;
  switches: () => Switches;
  now: () => Date;
  /** Milliseconds between the states of a refund; with null only advanceRefund moves it. */
  refundStepMs: number | null;
  /** Called after each change of the records. */
  onChange: () => void;
}

export class PaymentSimulator {
  private readonly options: PaymentSimulatorOptions;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(options: PaymentSimulatorOptions) {
    this.options = options;
  }

  /** One attempt with one card. As at Paystack, only a success sends an event. */
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
   * Pays `reference` and every unpaid reference of the same order, as a customer does in two tabs. Both charges are real,
   * because one reference is captured at most once but an order can have several.
   */
  payTwice(reference: string, pay: PayOptions = {}): PayResult[] {
    const transaction = getTransaction(this.options.records, reference, 404);
    const siblings = [...this.options.records.transactions.values()].filter((other) => sameOrder(other, transaction));
    return [transaction, ...siblings].map((one) => this.pay(one.reference, pay));
  }

  /** Sends the event of a refund's new status and schedules the next one. */
  refundChanged(refund: RefundRecord): void {
    const { records, webhooks, switches, refundStepMs } = this.options;
    this.options.onChange();
    const transaction = getTransaction(records, refund.reference, 404);
    webhooks.announce(`refund.${refund.status}`, refundEventView(refund, transaction, switches()), refund.reference);
    if (refundStepMs !== null && nextRefundStatus(refund) !== null) this.advanceLater(refund, refundStepMs);
  }

  /** Moves a refund to `to`, or to its next status. Returns the status reached. */
  advanceRefund(refund: RefundRecord, to?: RefundStatus): RefundStatus {
    const next = to ?? nextRefundStatus(refund);
    if (next === null) return refund.status;
    moveRefund(this.options.records, refund, next, this.now());
    this.refundChanged(refund);
    return refund.status;
  }

  /** Schedules the refunds that were in progress when the sandbox was stopped. */
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
    this.announceDispute('charge.dispute.create', dispute, transaction);
    return dispute;
  }

  remindDispute(id: number): void {
    const dispute = getDispute(this.options.records, id);
    this.announceDispute(
      'charge.dispute.remind',
      dispute,
      getTransaction(this.options.records, dispute.reference, 404),
    );
  }

  resolveDispute(id: number, resolution: 'merchant-accepted' | 'declined'): void {
    const dispute = getDispute(this.options.records, id);
    if (dispute.status === 'resolved')
      throw new Refusal(400, 'dispute_resolved', 'The dispute has been resolved before');
    resolveDispute(this.options.records, dispute, resolution, this.now());
    this.announceDispute(
      'charge.dispute.resolve',
      dispute,
      getTransaction(this.options.records, dispute.reference, 404),
    );
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private announceDispute(event: string, dispute: DisputeRecord, transaction: TransactionRecord): void {
    this.options.onChange();
    const data = disputeEventView(dispute, transaction, this.options.switches());
    this.options.webhooks.announce(event, data, dispute.reference);
  }

  /** Skips the step if the refund has moved meanwhile, because that move has scheduled the next step. */
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

/** Compares metadata.orderId, the only field that connects two references. */
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
