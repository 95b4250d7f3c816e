/** The course of refunds: each state after the other, by itself or by the controls. */
import type { RefundRecord, RefundStatus } from '../ledger/records.ts';
import { moveRefund, nextRefundStatus } from '../ledger/refunds.ts';
import { getTransaction } from '../ledger/transactions.ts';
import { announceRefund, type SimulatorOptions, showReturns } from './announce.ts';

export interface RefundSimulatorOptions extends SimulatorOptions {
  /** Milliseconds between the states of a refund; with null only advance moves it. */
  refundStepMs: number | null;
}

export class RefundSimulator {
  private readonly options: RefundSimulatorOptions;

  constructor(options: RefundSimulatorOptions) {
    this.options = options;
  }

  /** Sends the event of a refund's new status and plans the next one, counted from `at`. */
  changed(refund: RefundRecord, at: Date = this.options.now()): void {
    const { records, refundStepMs, due } = this.options;
    const transaction = getTransaction(records, refund.reference, 404);
    showReturns(this.options, transaction);
    announceRefund(this.options, refund, transaction);
    due.drop(refund);
    if (refundStepMs !== null && nextRefundStatus(refund) !== null) this.advanceAt(refund, at.getTime() + refundStepMs);
  }

  /** Moves a refund to `to`, or to its next status. Returns the status reached. */
  advance(refund: RefundRecord, to?: RefundStatus, at?: Date): RefundStatus {
    const next = to ?? nextRefundStatus(refund);
    if (next === null) return refund.status;
    moveRefund(refund, next, this.options.now().toISOString());
    this.changed(refund, at);
    return refund.status;
  }

  /** Plans the refunds that were in progress when the sandbox was stopped. */
  resume(): void {
    const { records, refundStepMs } = this.options;
    if (refundStepMs === null) return;
    const due = this.options.now().getTime() + refundStepMs;
    for (const refund of records.refunds) if (nextRefundStatus(refund) !== null) this.advanceAt(refund, due);
  }

  private advanceAt(refund: RefundRecord, due: number): void {
    this.options.due.at(refund, due, (at) => this.advance(refund, undefined, at));
  }
}
