/** The state of an answer to a dispute, by its own marks and by Paystack's reports. Pure. */
import type { DisputeAnswerState, DisputeResolution } from '../../contract/statuses.ts';
import type { DisputeReport } from '../../payment/gateway-reports.ts';
import type { Dispute } from '../dispute-document.ts';
import type { DisputeAnswer } from './answer-document.ts';

export function stateOfAnswer({ sentAt, refusedAt, startedAt }: DisputeAnswer): DisputeAnswerState {
  if (sentAt !== undefined) return 'sent';
  if (refusedAt !== undefined) return 'refused';
  return startedAt === undefined ? 'waiting' : 'sending';
}

/** True while the answer is still to be brought to Paystack. */
export function isUnderWay(answer: DisputeAnswer | undefined): answer is DisputeAnswer {
  return answer !== undefined && answer.sentAt === undefined && answer.refusedAt === undefined;
}

/** Paystack's words for the two answers. */
export const RESOLUTION_WORDS: Record<DisputeResolution, string> = {
  accept: 'merchant-accepted',
  decline: 'declined',
};

/** True while Paystack waits for the shop's answer. An unknown status counts as waiting. */
export function awaitsAnswer({ status }: Pick<DisputeReport, 'status'>): boolean {
  return status !== 'resolved' && status !== 'archived' && status !== 'awaiting-bank-feedback';
}

/** True when Paystack's record shows this answer: with its resolution, or with none yet while the bank decides. */
export function showsAnswer(
  report: Pick<DisputeReport, 'status' | 'resolution'>,
  { resolution }: DisputeAnswer,
): boolean {
  if (awaitsAnswer(report)) return false;
  if (report.resolution === null) return report.status === 'awaiting-bank-feedback';
  return report.resolution === RESOLUTION_WORDS[resolution];
}

/**
 * The answer after a report of Paystack: sent once the report shows it. A dispute that awaits an answer again, after one or
 * after its end, drops it. So does one that awaits none before the answering step was begun: the dispute ended without it, or
 * was answered at Paystack's dashboard.
 */
export function answerAfter(known: Dispute | null, report: DisputeReport, now: Date): Pick<Dispute, 'answer'> {
  const answer = known?.answer;
  if (known === null || answer === undefined) return {};
  if (awaitsAnswer(report) && (answer.sentAt !== undefined || known.state !== 'open')) return {};
  if (answer.sentAt !== undefined) return { answer };
  if (!awaitsAnswer(report) && !mayHaveLeft(answer)) return {};
  if (!showsAnswer(report, answer)) return { answer };
  const { dueAt: _, lastError: __, refusedAt, ...rest } = answer;
  const startedAt = answer.startedAt ?? refusedAt;
  return { answer: { ...rest, ...(startedAt === undefined ? {} : { startedAt }), sentAt: report.updatedAt ?? now } };
}

/** Evidence and a file answer nothing yet. A refusal may follow a call that was carried out. */
function mayHaveLeft({ resolvingAt, refusedAt }: DisputeAnswer): boolean {
  return resolvingAt !== undefined || refusedAt !== undefined;
}
