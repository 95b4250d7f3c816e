/** Every change of the ledger that Paystack announces has its event here. */
import type { DisputeRecord, Records, RefundRecord, TransactionRecord } from '../ledger/records.ts';
import { statusAfterReturn } from '../ledger/status-after-return.ts';
import type { Switches } from '../switches.ts';
import { disputeEventView } from '../views/dispute-view.ts';
import { refundEventView } from '../views/refund-view.ts';
import type { WebhookSender } from '../webhooks/webhook-sender.ts';
import type { DueWork } from './due-work.ts';

export interface SimulatorOptions {
  records: Records;
  webhooks: WebhookSender;
  switches: () => Switches;
  now: () => Date;
  due: DueWork;
  /** Called after each change of the records. */
  onChange: () => void;
}

/** The charge's status follows from its refunds and disputes. */
export function showReturns({ records, switches, onChange }: SimulatorOptions, transaction: TransactionRecord): void {
  transaction.status = statusAfterReturn(records, transaction, switches());
  onChange();
}

export function announceRefund(options: SimulatorOptions, refund: RefundRecord, transaction: TransactionRecord): void {
  const data = refundEventView(refund, transaction, options.switches());
  options.webhooks.announce(`refund.${refund.status}`, data, refund.reference);
}

export type DisputeEvent = 'create' | 'remind' | 'resolve';

export function announceDispute(
  options: SimulatorOptions,
  event: DisputeEvent,
  dispute: DisputeRecord,
  transaction: TransactionRecord,
): void {
  options.onChange();
  const data = disputeEventView(dispute, transaction, options.switches());
  options.webhooks.announce(`charge.dispute.${event}`, data, dispute.reference);
}
