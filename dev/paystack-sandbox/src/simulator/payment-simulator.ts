/**
 * The actions of customers and banks: payments, the course of refunds, disputes. The checkout page, the API and the controls
 * all use it, so that every change has its webhook.
 */
import { type DisputeMove, getDispute, isLost, moveDispute, openDispute } from '../ledger/disputes.ts';
import type {
  DisputeRecord,
  DisputeResolution,
  Records,
  RefundRecord,
  RefundStatus,
  TransactionRecord,
} from '../ledger/records.ts';
import { createDisputeRefund, moveRefund, nextRefundStatus } from '../ledger/refunds.ts';
import { Refusal } from '../ledger/refusal.ts';
import { statusAfterReturn } from '../ledger/status-after-return.ts';
import type { CardName } from '../ledger/test-cards.ts';
import { cardNamed } from '../ledger/test-cards.ts';
import { attempt, getTransaction } from '../ledger/transactions.ts';
import type { Switches } from '../switches.ts';
import { disputeView, refundEventView } from '../views/refund-view.ts';
import { transactionView } from '../views/transaction-view.ts';
import type { WebhookMode } from '../webhooks/webhook-rules.ts';
import type { WebhookDelivery, WebhookSender } from '../webhooks/webhook-sender.ts';

/** setTimeout runs at once when it is given more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface PayOptions {
  /** Default: success. */
  card?: CardName | undefined;
  /** Overrides the sender's rules. */
  webhook?: WebhookMode | undefined;
  /** Captures another amount or currency than requested. */
  capture?: { amount?: number | undefined; currency?: string | undefined } | undefined;
}

export interface OpenDisputeOptions {
  /** Null stands for the whole charge; missing: its amount. */
  amount?: number | null | undefined;
  category?: string | undefined;
  dueAt?: Date | undefined;
  /** Names no deadline. */
  noDeadline?: boolean | undefined;
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
  /** The next state of each refund under way, with the time at which it is due. */
  private readonly steps = new Map<RefundRecord, { due: number; timer: NodeJS.Timeout }>();

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

  /** Sends the event of a refund's new status and schedules the next one, counted from `at`. */
  refundChanged(refund: RefundRecord, at: Date = this.options.now()): void {
    const { records, refundStepMs } = this.options;
    const transaction = getTransaction(records, refund.reference, 404);
    this.showReturns(transaction);
    this.announceRefund(refund, transaction);
    this.dropStep(refund);
    if (refundStepMs !== null && nextRefundStatus(refund) !== null) this.advanceAt(refund, at.getTime() + refundStepMs);
  }

  /** Moves a refund to `to`, or to its next status. Returns the status reached. */
  advanceRefund(refund: RefundRecord, to?: RefundStatus, at?: Date): RefundStatus {
    const next = to ?? nextRefundStatus(refund);
    if (next === null) return refund.status;
    moveRefund(refund, next, this.now());
    this.refundChanged(refund, at);
    return refund.status;
  }

  /** Does what has become due by a jump of the clock, in the order in which it was due. */
  clockMoved(): void {
    for (;;) {
      const [first] = [...this.steps].toSorted(([, a], [, b]) => a.due - b.due);
      if (first === undefined || first[1].due > this.options.now().getTime()) break;
      this.advanceRefund(first[0], undefined, new Date(first[1].due));
    }
    for (const [refund, { due }] of [...this.steps]) this.advanceAt(refund, due);
  }

  /** Schedules the refunds that were in progress when the sandbox was stopped. */
  resumeRefunds(): void {
    const { records, refundStepMs } = this.options;
    if (refundStepMs === null) return;
    const due = this.options.now().getTime() + refundStepMs;
    for (const refund of records.refunds) if (nextRefundStatus(refund) !== null) this.advanceAt(refund, due);
  }

  openDispute(reference: string, input: OpenDisputeOptions = {}): DisputeRecord {
    const transaction = getTransaction(this.options.records, reference, 404);
    const dueAt = input.dueAt ?? new Date(this.options.now().getTime() + 24 * 60 * 60 * 1_000);
    const dispute = openDispute(this.options.records, transaction, {
      amount: input.amount,
      category: input.category,
      dueAt: input.noDeadline === true ? null : dueAt.toISOString(),
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

  resolveDispute(id: number, resolution: DisputeResolution, { amount }: { amount?: number | undefined } = {}): void {
    const { records, switches } = this.options;
    const dispute = getDispute(records, id);
    if (dispute.status === 'resolved')
      throw new Refusal(400, 'dispute_resolved', 'The dispute has been resolved before');
    moveDispute(dispute, { status: 'resolved', resolution, amount }, this.now());
    const transaction = getTransaction(records, dispute.reference, 404);
    const { disputeRefundEvents } = switches();
    const repeats = isLost(dispute) && disputeRefundEvents !== 'none';
    const refund = repeats ? createDisputeRefund(records, dispute, transaction, this.now()) : null;
    this.showReturns(transaction);
    if (refund && disputeRefundEvents === 'before') this.announceRefund(refund, transaction);
    this.announceDispute('charge.dispute.resolve', dispute, transaction);
    if (refund && disputeRefundEvents === 'after') this.announceRefund(refund, transaction);
  }

  moveDispute(id: number, move: DisputeMove): void {
    const dispute = getDispute(this.options.records, id);
    moveDispute(dispute, move, this.now());
    const transaction = getTransaction(this.options.records, dispute.reference, 404);
    this.showReturns(transaction);
    this.announceDispute('charge.dispute.remind', dispute, transaction);
  }

  close(): void {
    for (const refund of [...this.steps.keys()]) this.dropStep(refund);
  }

  /** The charge's status follows from its refunds and disputes. */
  private showReturns(transaction: TransactionRecord): void {
    const { records, switches } = this.options;
    transaction.status = statusAfterReturn(records, transaction, switches());
    this.options.onChange();
  }

  private announceRefund(refund: RefundRecord, transaction: TransactionRecord): void {
    const data = refundEventView(refund, transaction, this.options.switches());
    this.options.webhooks.announce(`refund.${refund.status}`, data, refund.reference);
  }

  private announceDispute(event: string, dispute: DisputeRecord, transaction: TransactionRecord): void {
    this.options.onChange();
    const data = disputeView(dispute, transaction, this.options.switches());
    this.options.webhooks.announce(event, data, dispute.reference);
  }

  private advanceAt(refund: RefundRecord, due: number): void {
    this.dropStep(refund);
    const delayMs = Math.min(Math.max(0, due - this.options.now().getTime()), LONGEST_TIMER_MS);
    this.steps.set(refund, { due, timer: setTimeout(() => this.advanceRefund(refund), delayMs) });
  }

  private dropStep(refund: RefundRecord): void {
    clearTimeout(this.steps.get(refund)?.timer);
    this.steps.delete(refund);
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
