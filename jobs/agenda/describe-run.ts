/** Turns the result of a run into a sentence for Agendash and the log. */
import type { AuditRun } from '../audit/run-audit.ts';
import type { DisputeRun } from '../disputes/process-disputes.ts';
import type { RefundRun } from '../process-refunds.ts';
import type { ReconcileEnd, ReconcileRun } from '../reconcile/reconcile.ts';
import type { EmailRun } from '../send-emails.ts';
import type { SettlementRun } from '../settle-orders.ts';
import type { SweepRun } from '../sweep.ts';

export function describeSettlement({ confirmed, cancelled, parked, ended }: SettlementRun): string {
  return `settled ${confirmed}, cancelled ${cancelled}, parked ${parked}${ENDED_EARLY[ended]}`;
}

const ENDED_EARLY: Record<SettlementRun['ended'], string> = {
  drained: '',
  budget: ' (budget)',
  lease_held: ' (lease held)',
  failed: ' (trouble)',
};

export function describeEmails({ sent, refused, failed }: EmailRun): string {
  return `sent ${sent}, refused ${refused}${failed === 0 ? '' : `, failed ${failed}`}`;
}

export function describeDisputes({ handled, answered, alerts }: DisputeRun): string {
  return listCounts({ handled, answered, alerts }) || 'nothing due';
}

export function describeRefunds({ steps, failed }: RefundRun): string {
  return listCounts({ ...steps, failed_here: failed }) || 'nothing due';
}

export function describeSweep({ found }: SweepRun): string {
  return listCounts(found) || 'nothing found';
}

export function describeAudit({ checked, young, roundEnded, found }: AuditRun): string {
  const end = roundEnded ? ', and what is checked as a whole' : '';
  return `checked ${checked} orders and ${young} young ones${end}; new violations: ${found}`;
}

const EARLY_ENDS: Record<Exclude<ReconcileEnd, 'completed' | 'recent'>, string> = {
  no_list: 'Paystack gives no list',
  no_answers: 'Paystack gives no answers',
  out_of_time: 'out of time',
};

export function describeReconcile({ ended, listed, applied, unanswered }: ReconcileRun): string {
  if (ended === 'recent') return 'skipped: another pass is recent';
  if (ended !== 'completed') return `ended early after ${listed}: ${EARLY_ENDS[ended]}`;
  return `listed ${listed}, applied ${applied}${unanswered === 0 ? '' : `, without an answer ${unanswered}`}`;
}

function listCounts(counts: Record<string, number>): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.map(([code, count]) => `${inWords(code)} ${count}`).join(', ');
}

function inWords(code: string): string {
  return code.replaceAll('_', ' ');
}
