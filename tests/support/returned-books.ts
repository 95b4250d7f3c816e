/** An order and Paystack's books of its one charge, moved by pure decisions: no database and no calls. */

import { toActionKey } from '../../models/action-key.ts';
import { decideDispute, noteOfDispute } from '../../models/dispute/record-dispute.ts';
import type { HistoryEntry } from '../../models/order/history.ts';
import type { Order, Refund } from '../../models/order/order-document.ts';
import { type OrderChange, toOrderWrite } from '../../models/order/order-write.ts';
import { isRefundOpen } from '../../models/order/status.ts';
import type { DisputeReport, RefundReport } from '../../models/payment/gateway-reports.ts';
import { decideReversal } from '../../models/payment/reversal.ts';
import { decideReview } from '../../models/payment/review/review.ts';
import { refundChange } from '../../models/refund/change-refund.ts';
import { findOurs, findReplacement, noteOf } from '../../models/refund/listed-refunds.ts';
import { decideSending } from '../../models/refund/mark-refund-sent.ts';
import { decideExternalRefunds } from '../../models/refund/outside/external-refunds.ts';
import { decideElsewhere } from '../../models/refund/outside/record-paid-elsewhere.ts';
import { toRefundState } from '../../models/refund/record-refund.ts';
import { decideRefund } from '../../models/refund/request-refund.ts';
import { tryDecide } from '../../models/staff-actions/preview.ts';
import { aConfirmedOrder, aDisputeReport, PLACED_AT, REFERENCE } from './an-order.ts';

const CAPTURED = 11_000;
const MINUTE_MS = 60_000;

export class ReturnedBooks {
  order: Order = { ...aConfirmedOrder(), history: [] };
  now = PLACED_AT;
  readonly refunds: RefundReport[] = [];
  readonly disputes: DisputeReport[] = [];
  #ids = 100;

  pass(minutes: number): void {
    this.now = new Date(this.now.getTime() + minutes * MINUTE_MS);
  }

  /** The rest that Paystack can still give back. */
  get atPaystack(): number {
    const refunded = this.refunds
      .filter(({ status, disputeId }) => status !== 'failed' && disputeId === null)
      .reduce((total, { amount }) => total + amount, 0);
    return Math.max(0, CAPTURED - refunded - this.lost);
  }

  get lost(): number {
    return this.disputes
      .filter(({ status, resolution }) => status === 'resolved' && resolution !== 'declined')
      .reduce((total, { amount }) => total + (amount ?? CAPTURED), 0);
  }

  /** Σ of the processed refunds at Paystack that name no dispute. */
  get refunded(): number {
    return this.refunds
      .filter(({ status, disputeId }) => status === 'processed' && disputeId === null)
      .reduce((total, { amount }) => total + amount, 0);
  }

  /** False when the order refuses the action, as staff would see. */
  tryAct(decide: (order: Order) => OrderChange | null): boolean {
    const decision = tryDecide(this.order, decide);
    if ('change' in decision) this.#apply(decision.change);
    return 'change' in decision;
  }

  requestRefund(amount: number | undefined): boolean {
    const by = { lines: [], delivery: false, actor: 'staff:1', refundId: this.#id(), now: this.now } as const;
    return this.tryAct((order) => decideRefund(order, { ...by, ...(amount === undefined ? {} : { amount }) }));
  }

  payElsewhere(amount: number): boolean {
    const by = { note: 'in cash', actor: 'staff:1', now: this.now } as const;
    return this.tryAct((order) => decideElsewhere(order, { ...by, amount, key: toActionKey(this.#id(), amount) }));
  }

  answerReview(returned: number): boolean {
    const by = { actor: 'staff:1', refundId: this.#id(), domain: 'test', now: this.now } as const;
    const decision = { ...by, reference: REFERENCE, resolution: 'returned', returned } as const;
    return this.#isAsked() && this.tryAct((order) => decideReview(order, decision));
  }

  #isAsked(): boolean {
    const review = this.order.payments[0]?.review;
    return review !== undefined && review.resolvedAt === undefined;
  }

  /** At Paystack's dashboard, or, with a note, a second copy of a refund of ours. */
  refundAtPaystack(amount: number, merchantNote: string | null = null, disputeId: string | null = null): void {
    if (disputeId === null && amount > this.atPaystack) return;
    const status = disputeId === null ? 'pending' : 'processed';
    this.refunds.push({ gatewayRefundId: this.#id(), status, amount, currency: 'NGN', merchantNote, disputeId });
  }

  endRefundAtPaystack(n: number, status: 'processed' | 'failed' | 'needs-attention'): void {
    const open = this.refunds.filter((report) => report.status === 'pending' || report.status === 'needs-attention');
    const report = open[n % Math.max(1, open.length)];
    if (report) report.status = status;
  }

  copyOfOurs(n: number): void {
    const ours = this.order.refunds.filter(({ gatewayRefundId, copyOf }) => gatewayRefundId && copyOf === undefined);
    const refund = ours[n % Math.max(1, ours.length)];
    if (refund && refund.cause !== 'external') this.refundAtPaystack(refund.amount, noteOf(refund));
  }

  openDispute(amount: number | null): DisputeReport {
    const report = aDisputeReport({ disputeId: this.#id(), amount, createdAt: this.now, updatedAt: this.now });
    this.disputes.push(report);
    return report;
  }

  /** `repeats`: the money also shows as a refund in the list. */
  endDispute(n: number, resolution: 'declined' | 'merchant-accepted', repeats: boolean): void {
    const open = this.disputes.filter(({ status }) => status !== 'resolved');
    const report = open[n % Math.max(1, open.length)];
    if (!report) return;
    Object.assign(report, { status: 'resolved', resolution, updatedAt: this.#later() });
    if (repeats && resolution !== 'declined') this.refundAtPaystack(report.amount ?? CAPTURED, null, report.disputeId);
  }

  reopenDispute(n: number): void {
    const won = this.disputes.filter(({ resolution }) => resolution === 'declined');
    const report = won[n % Math.max(1, won.length)];
    if (report) Object.assign(report, { status: 'pending', resolution: null, updatedAt: this.#later() });
  }

  /** A webhook of each dispute that the order lacks. */
  tellOfDisputes(): void {
    for (const { disputeId } of this.disputes) {
      const hint = { disputeId, reference: REFERENCE, answerBy: null, now: this.now };
      this.#applyIfAny(noteOfDispute(this.order, hint));
    }
  }

  /** As jobs/payments/read-returns: all disputes, then the refunds. */
  readReturns(): void {
    for (const report of this.disputes) {
      const reported = { report: { ...report }, reference: REFERENCE, refundId: this.#id(), now: this.now };
      this.#applyIfAny(decideDispute(this.order, reported));
    }
    this.#enterExternal();
  }

  /** As jobs/payments/read-returns, on Paystack's word. */
  sayReversed(): void {
    this.readReturns();
    const request = { reference: REFERENCE, refundId: this.#id(), now: this.now };
    this.#applyIfAny(decideReversal(this.order, request).change);
  }

  #enterExternal(): void {
    this.#applyIfAny(decideExternalRefunds(this.order, REFERENCE, structuredClone(this.refunds), this.now).change);
  }

  /** As jobs/process-refunds: each open refund is found at Paystack, or sent. */
  workOnRefunds(): void {
    for (const { refundId } of [...this.order.refunds]) {
      const refund = this.order.refunds.find((one) => one.refundId === refundId);
      if (refund && isRefundOpen(refund.state)) this.#drive(refund);
    }
  }

  #drive(refund: Refund): void {
    const listed = structuredClone(this.refunds);
    const ours = findOurs(listed, refund, this.order)?.report;
    if (ours) {
      this.#record(refund, ours);
      return;
    }
    this.#enterExternal();
    const fresh = this.order.refunds.find(({ refundId }) => refundId === refund.refundId) ?? refund;
    const replacement = findReplacement(this.order, fresh, listed);
    if (replacement) {
      this.#record(fresh, replacement);
      return;
    }
    const { decision, change } = decideSending(this.order, fresh, this.now);
    this.#apply(change);
    if (decision !== 'send') return;
    if (fresh.amount > this.atPaystack) return;
    this.refundAtPaystack(fresh.amount, noteOf(fresh));
    const sent = this.refunds.at(-1);
    const open = this.order.refunds.find(({ refundId }) => refundId === refund.refundId);
    if (sent && open) this.#record(open, structuredClone(sent));
  }

  #record(refund: Refund, { gatewayRefundId, status }: RefundReport): void {
    const state = toRefundState(status);
    const moved = state !== refund.state;
    const data = { refundId: refund.refundId, amount: refund.amount };
    const type = { requested: 'refund_retried', pending: 'refund_pending', processed: 'refund_processed' } as const;
    const other = state === 'failed' ? ('refund_failed' as const) : ('refund_needs_attention' as const);
    const event = { type: state === 'failed' || state === 'needs_attention' ? other : type[state], data };
    const step = { refund: { ...refund, gatewayRefundId, state }, ...(moved ? { event } : {}) };
    this.#apply(refundChange(this.order, step, this.now));
    this.#enterExternal();
  }

  /** Everything ends, and is read. */
  rest(): void {
    for (let round = 0, version = -1; round < 12 && version !== this.order.version; round += 1) {
      version = this.order.version;
      this.pass(3);
      for (let n = 0; n < this.disputes.length; n += 1) this.endDispute(0, 'declined', false);
      for (let n = 0; n < this.refunds.length; n += 1) this.endRefundAtPaystack(0, 'processed');
      this.readReturns();
      this.workOnRefunds();
      const [charge] = this.order.payments;
      if (charge?.reversal !== undefined) this.sayReversed();
      this.answerReview(0);
    }
  }

  #applyIfAny(change: OrderChange | null): void {
    if (change !== null) this.#apply(change);
  }

  #apply(change: OrderChange): void {
    const { after, entry } = toOrderWrite(this.order, change, this.now);
    const history: HistoryEntry[] = entry === null ? this.order.history : [...this.order.history, entry];
    this.order = { ...after, history };
  }

  #id(): string {
    this.#ids += 1;
    return String(this.#ids);
  }

  #later(): Date {
    this.now = new Date(this.now.getTime() + 1);
    return this.now;
  }
}
