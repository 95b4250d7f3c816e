/** The course of a dispute at the bank and at Paystack: opened, reminded of, accepted at the deadline, decided, opened again. */
import type { DisputeAnswer } from '../ledger/dispute-answers.ts';
import {
  answerTimeMs,
  awaitsAnswer,
  type DisputeMove,
  getDispute,
  isLost,
  moveDispute,
  openDispute,
} from '../ledger/disputes.ts';
import type { DisputeRecord, DisputeResolution, TransactionRecord } from '../ledger/records.ts';
import { createDisputeRefund, moveRefund } from '../ledger/refunds.ts';
import { Refusal } from '../ledger/refusal.ts';
import { getTransaction } from '../ledger/transactions.ts';
import { announceDispute, announceRefund, type SimulatorOptions, showReturns } from './announce.ts';

export interface OpenDisputeOptions {
  /** Null stands for the whole charge; missing: its amount. */
  amount?: number | null | undefined;
  /** chargeback, fraud or general; default: chargeback. */
  category?: string | undefined;
  /** When the dispute is accepted in the merchant's name; missing: after Paystack's hours for the currency. */
  dueAt?: Date | undefined;
  /** Names no deadline; the dispute is then never accepted by itself. */
  noDeadline?: boolean | undefined;
}

export class DisputeSimulator {
  private readonly options: SimulatorOptions;

  constructor(options: SimulatorOptions) {
    this.options = options;
  }

  open(reference: string, input: OpenDisputeOptions = {}): DisputeRecord {
    const transaction = getTransaction(this.options.records, reference, 404);
    const now = this.now();
    const dispute = openDispute(this.options.records, transaction, {
      amount: input.amount,
      category: input.category,
      dueAt: input.noDeadline === true ? null : deadlineOf(transaction.currency, now, input.dueAt),
      now,
    });
    this.awaitAnswer(dispute);
    announceDispute(this.options, 'create', dispute, transaction);
    return dispute;
  }

  remind(id: number): void {
    const dispute = getDispute(this.options.records, id);
    announceDispute(this.options, 'remind', dispute, this.chargeOf(dispute));
  }

  /** Ends a dispute, whoever decides it, with the refund that may repeat its money. */
  resolve(
    id: number,
    resolution: DisputeResolution,
    { amount, by = 'bank', at }: { amount?: number | undefined; by?: string; at?: Date } = {},
  ): void {
    const { records, switches, due } = this.options;
    const dispute = getDispute(records, id);
    if (dispute.status === 'resolved')
      throw new Refusal(400, 'dispute_resolved', 'The dispute has been resolved before');
    const now = at?.toISOString() ?? this.now();
    moveDispute(dispute, { status: 'resolved', resolution, amount }, now, by);
    due.drop(dispute);
    const transaction = this.chargeOf(dispute);
    const { disputeRefundEvents: order } = switches();
    const repeats = isLost(dispute) && order !== 'none';
    const refund = repeats ? createDisputeRefund(records, dispute, transaction, now) : null;
    showReturns(this.options, transaction);
    if (refund && order === 'between') moveRefund(refund, 'pending', now);
    if (refund && order !== 'after') announceRefund(this.options, refund, transaction);
    announceDispute(this.options, 'resolve', dispute, transaction);
    if (refund && order === 'between') moveRefund(refund, 'processed', now);
    if (refund && order !== 'before') announceRefund(this.options, refund, transaction);
  }

  /** The merchant's own answer, already checked. A declined dispute may wait for the bank, which announces nothing yet. */
  answer(dispute: DisputeRecord, { resolution, message, refundAmount }: DisputeAnswer): void {
    dispute.messages.push({ sender: 'merchant', body: message, at: this.now() });
    if (resolution === 'merchant-accepted') {
      this.resolve(dispute.id, resolution, { amount: refundAmount, by: 'merchant' });
    } else if (this.options.switches().declineAnnounced === 'at-once') {
      this.resolve(dispute.id, resolution, { by: 'merchant' });
    } else {
      moveDispute(dispute, { status: 'awaiting-bank-feedback', resolution }, this.now(), 'merchant');
      this.options.due.drop(dispute);
      this.options.onChange();
    }
  }

  move(id: number, move: DisputeMove): void {
    const dispute = getDispute(this.options.records, id);
    moveDispute(dispute, move, this.now());
    this.awaitAnswer(dispute);
    const transaction = this.chargeOf(dispute);
    showReturns(this.options, transaction);
    announceDispute(this.options, 'remind', dispute, transaction);
  }

  /** Pre-arbitration: the bank contests a dispute that the merchant has won. Returns the same dispute or a new one, by switch. */
  reopen(id: number, { dueAt }: { dueAt?: Date | undefined } = {}): DisputeRecord {
    const dispute = getDispute(this.options.records, id);
    if (dispute.status !== 'resolved' || dispute.resolution !== 'declined') {
      throw new Refusal(400, 'invalid_params', 'Only a dispute that the merchant has won goes to pre-arbitration');
    }
    const { amount, category, reference } = dispute;
    if (this.options.switches().preArbitrationId === 'new') return this.open(reference, { amount, category, dueAt });
    const move = { status: 'awaiting-merchant-feedback', resolution: null } as const;
    const now = this.now();
    moveDispute(dispute, { ...move, dueAt: deadlineOf(dispute.currency, now, dueAt) }, now, 'bank');
    dispute.evidence = null;
    dispute.fileName = null;
    this.awaitAnswer(dispute);
    const transaction = this.chargeOf(dispute);
    showReturns(this.options, transaction);
    announceDispute(this.options, 'create', dispute, transaction);
    return dispute;
  }

  /** Plans the deadlines of the disputes that were open when the sandbox was stopped. */
  resume(): void {
    for (const dispute of this.options.records.disputes) this.awaitAnswer(dispute);
  }

  /** An unanswered dispute is accepted in the merchant's name at its deadline. */
  private awaitAnswer(dispute: DisputeRecord): void {
    const { due } = this.options;
    if (dispute.dueAt === null || !awaitsAnswer(dispute)) {
      due.drop(dispute);
      return;
    }
    due.at(dispute, Date.parse(dispute.dueAt), (at) => {
      this.resolve(dispute.id, 'auto-accepted', { by: 'paystack', at });
    });
  }

  private chargeOf({ reference }: DisputeRecord): TransactionRecord {
    return getTransaction(this.options.records, reference, 404);
  }

  private now(): string {
    return this.options.now().toISOString();
  }
}

/** Without `dueAt`, the usual time after the opening. */
function deadlineOf(currency: string, openedAt: string, dueAt: Date | undefined): string {
  return (dueAt ?? new Date(Date.parse(openedAt) + answerTimeMs(currency))).toISOString();
}
