/**
 * The steps that bring an answer to Paystack: evidence, file, resolve. Each is decided on the dispute as it was just read
 * there, so that only what is missing is done. `dueAt` of the answer is the fencing value of its claim: a worker that was
 * paused for longer than its claim decides nothing any more.
 */
import type { Types } from 'mongoose';
import type { Database } from '../../db/database.ts';
import { DEADLINES } from '../../deadlines.ts';
import { changeOrder } from '../../order/change-order.ts';
import type { HistoryEvent } from '../../order/history.ts';
import type { Order } from '../../order/order-document.ts';
import type { OrderChange } from '../../order/order-write.ts';
import type { Dispute } from '../dispute-document.ts';
import { isAnswering } from '../open-disputes.ts';
import type { DisputeAnswer } from './answer-document.ts';
import { isRefundBeingSent, mostToAccept, withAnswer } from './give-answer.ts';

/** After an unknown outcome of `resolve` Paystack's record may lag: the answer counts as not taken only after this wait. */
export const UNKNOWN_OUTCOME_WAIT_MS = 120_000;
/** Between two tries of a step. */
export const STEP_RETRY_MS = 60_000;

export type AnswerStep = 'evidence' | 'upload' | 'resolve';

/** The step to take, or why there is none: `over`, `claim_lost`, `waiting` for a later run, `refused` by the last look. */
export type StepDecision = AnswerStep | 'over' | 'claim_lost' | 'waiting' | 'refused';

/** A claim on the answer of one dispute. */
export interface AnswerClaim {
  disputeId: string;
  /** The fencing value: the answer's `dueAt` as this worker set it. */
  dueAt: Date;
}

export interface StepContext {
  /** Paystack's record has evidence. */
  hasEvidence: boolean;
  now: Date;
}

/**
 * Takes the next step of a claimed answer, and renews the claim with it. `startedAt` is stored before the first step, and
 * `resolvingAt` before `resolve`. May be raced: one worker gets the step.
 */
export async function beginAnswerStep(
  db: Database,
  orderId: Types.ObjectId,
  claim: AnswerClaim,
  context: StepContext,
): Promise<{ decision: StepDecision; order: Order; claim: AnswerClaim }> {
  let decision: StepDecision = 'over';
  const dueAt = new Date(context.now.getTime() + DEADLINES.disputeClaim);
  const { order } = await changeOrder(
    db,
    orderId,
    (order) => {
      const decided = decideStep(order, claim, { ...context, renewed: dueAt });
      decision = decided.decision;
      return decided.change;
    },
    context.now,
  );
  return { decision, order, claim: { ...claim, dueAt } };
}

/** Pure. */
export function decideStep(
  order: Order,
  claim: AnswerClaim,
  { hasEvidence, now, renewed }: StepContext & { renewed: Date },
): { decision: StepDecision; change: OrderChange | null } {
  const dispute = findAnswering(order, claim);
  if (dispute === null) return { decision: 'over', change: null };
  const { answer } = dispute;
  if (answer.dueAt?.getTime() !== claim.dueAt.getTime()) return { decision: 'claim_lost', change: null };
  const later = (ms: number) => toChange(order, dispute, { ...answer, dueAt: new Date(now.getTime() + ms) });
  const { resolvingAt } = answer;
  const waited = resolvingAt === undefined ? UNKNOWN_OUTCOME_WAIT_MS : now.getTime() - resolvingAt.getTime();
  if (waited < UNKNOWN_OUTCOME_WAIT_MS) return { decision: 'waiting', change: later(UNKNOWN_OUTCOME_WAIT_MS - waited) };
  if (isRefundBeingSent(order, dispute.reference, now)) return { decision: 'waiting', change: later(STEP_RETRY_MS) };
  // The last look: what went back since, so that refund and answer together never give back more than was captured.
  if ((answer.refundAmount ?? 0) > mostToAccept(order, dispute))
    return {
      decision: 'refused',
      change: refusal(order, dispute, 'less of the payment is left than the answer gives back', now),
    };
  const step = nextStep(answer, hasEvidence);
  const begun = { ...answer, dueAt: renewed, startedAt: answer.startedAt ?? now };
  return {
    decision: step,
    change: toChange(order, dispute, step === 'resolve' ? { ...begun, resolvingAt: now } : begun),
  };
}

type Answered = Dispute & { answer: DisputeAnswer };

/** The dispute whose answer is on its way; null when there is none any more. */
function findAnswering({ disputes }: Order, { disputeId }: AnswerClaim): Answered | null {
  const dispute = disputes.find((candidate) => candidate.disputeId === disputeId);
  return dispute?.answer !== undefined && isAnswering(dispute) ? { ...dispute, answer: dispute.answer } : null;
}

function nextStep(answer: DisputeAnswer, hasEvidence: boolean): AnswerStep {
  const { evidence, evidenceSentAt, withoutEvidence, fileName } = answer;
  const isEvidenceDone = hasEvidence || evidenceSentAt !== undefined || withoutEvidence === true;
  if (evidence !== undefined && !isEvidenceDone) return 'evidence';
  return fileName === undefined ? 'upload' : 'resolve';
}

/**
 * - evidence_sent: Paystack has the evidence
 * - stored: Paystack has the file, under this name
 * - without_evidence: Paystack takes no evidence for this dispute
 * - postponed: the step is tried again later; `resolve` with an unknown outcome only after Paystack's record was read
 * - not_done: like postponed, and `resolve` certainly took no effect
 * - refused: for good
 */
export type StepOutcome =
  | { kind: 'stored'; fileName: string }
  | { kind: 'evidence_sent' | 'without_evidence' }
  | { kind: 'postponed' | 'not_done'; waitMs: number; error: string }
  | { kind: 'refused'; error: string };

/** Records what became of a step. Changes nothing once the claim is lost. */
export async function recordAnswerStep(
  db: Database,
  orderId: Types.ObjectId,
  claim: AnswerClaim,
  outcome: StepOutcome,
  now: Date,
): Promise<{ order: Order; changed: boolean }> {
  return changeOrder(db, orderId, (order) => decideOutcome(order, claim, outcome, now), now);
}

/** Pure. */
export function decideOutcome(order: Order, claim: AnswerClaim, outcome: StepOutcome, now: Date): OrderChange | null {
  const dispute = findAnswering(order, claim);
  if (dispute === null) return null;
  const { answer } = dispute;
  if (answer.dueAt?.getTime() !== claim.dueAt.getTime()) return null;
  switch (outcome.kind) {
    case 'stored': {
      const { lastError: _, ...rest } = answer;
      return toChange(order, dispute, { ...rest, fileName: outcome.fileName });
    }
    case 'evidence_sent':
      return toChange(order, dispute, { ...answer, evidenceSentAt: now });
    case 'without_evidence':
      return toChange(order, dispute, { ...answer, withoutEvidence: true });
    case 'refused':
      return refusal(order, dispute, outcome.error, now);
    default: {
      const { resolvingAt, ...rest } = answer;
      const unknown = outcome.kind === 'postponed' && resolvingAt !== undefined ? { resolvingAt } : {};
      const dueAt = new Date(now.getTime() + outcome.waitMs);
      return toChange(order, dispute, { ...rest, ...unknown, dueAt, lastError: outcome.error });
    }
  }
}

function toChange(order: Order, dispute: Dispute, answer: DisputeAnswer, event?: HistoryEvent): OrderChange {
  return {
    set: { disputes: withAnswer(order, dispute, answer) },
    actor: event === undefined ? 'system' : 'paystack',
    ...(event === undefined ? {} : { event }),
  };
}

/** The answer is unfrozen: staff may give another one. */
function refusal(order: Order, dispute: Answered, error: string, now: Date): OrderChange {
  const { startedAt: _, resolvingAt: __, dueAt: ___, ...answer } = dispute.answer;
  const { disputeId, reference } = dispute;
  const refused = { ...answer, lastError: error, refusedAt: now };
  return toChange(order, dispute, refused, { type: 'dispute_answer_refused', data: { disputeId, reference } });
}
