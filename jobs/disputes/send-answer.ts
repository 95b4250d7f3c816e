/**
 * Brings one answer to Paystack: evidence, file, resolve. None of these calls may be repeated blindly, so the dispute is read
 * before each one, and only what its record lacks is done. After `resolve` without a reply the record decides.
 */
import {
  type AnswerClaim,
  type AnswerStep,
  beginAnswerStep,
  recordAnswerStep,
  STEP_RETRY_MS,
  type StepOutcome,
  UNKNOWN_OUTCOME_WAIT_MS,
} from '../../models/dispute/answer/answer-steps.ts';
import { findDisputeFile } from '../../models/dispute/answer/dispute-file.ts';
import type { Dispute, Order } from '../../models/order/order-document.ts';
import { type DisputeReport, type GatewayError, isGatewayError } from '../../models/payment/gateway-reports.ts';
import type { JobContext } from '../context.ts';
import { afterChange } from '../payments/after-change.ts';
import { applyDisputeReport } from '../payments/read-returns.ts';
import type { UploadedFile } from '../ports.ts';

/** Evidence, file, resolve, and the reading that shows the answer; one more for a step that was refused. */
const MOST_ROUNDS = 5;

/** `sent`: Paystack's record shows it. `open`: a later run goes on. */
export type AnswerOutcome = 'sent' | 'open' | 'rate_limited';

/** Works on a claimed answer until it is sent, or must wait. Throws only what is neither Paystack's failure nor a refusal. */
export async function sendAnswer(
  ctx: JobContext,
  order: Order,
  reference: string,
  claimed: AnswerClaim,
): Promise<AnswerOutcome> {
  let claim = claimed;
  let refusal: GatewayError | null = null;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const report = await attempt(() => ctx.paystack.getDispute(claim.disputeId));
    if (isGatewayError(report)) return postpone(ctx, order, claim, report);
    const after = await applyDisputeReport(ctx, order, reference, report);
    if (findDispute(after, claim)?.answer?.sentAt !== undefined) return 'sent';
    // The record does not show what Paystack refused, so the refusal holds.
    if (refusal !== null) return refuse(ctx, order, claim, refusal);
    const begun = await beginAnswerStep(ctx.db, order._id, claim, { ...report, now: ctx.clock.now() });
    claim = begun.claim;
    const { decision } = begun;
    if (decision === 'refused') await reportRefused(ctx, begun.order, claim);
    if (decision !== 'evidence' && decision !== 'upload' && decision !== 'resolve') return 'open';
    const done = await attempt(() => takeStep(ctx, begun.order, claim, decision, report));
    if (isGatewayError(done) && !isDefinite(done)) return postpone(ctx, order, claim, done);
    if (isGatewayError(done) && !isOnlyWithoutEvidence(begun.order, claim, decision)) refusal = done;
    else await record(ctx, order, claim, isGatewayError(done) ? { kind: 'without_evidence' } : done);
  }
  return 'open';
}

/** null: the step leaves nothing to store, because Paystack's record shows it. */
async function takeStep(
  ctx: JobContext,
  order: Order,
  claim: AnswerClaim,
  step: AnswerStep,
  report: DisputeReport,
): Promise<StepOutcome | null> {
  const { disputeId } = claim;
  const answer = findDispute(order, claim)?.answer;
  if (answer === undefined) throw new Error(`Dispute ${disputeId} has no answer.`);
  switch (step) {
    case 'evidence':
      if (answer.evidence !== undefined) await ctx.paystack.submitEvidence(disputeId, answer.evidence);
      return { kind: 'evidence_sent' };
    case 'upload': {
      const file = await fileOf(ctx, order, answer.fileId);
      const { url, fileName } = await ctx.paystack.requestUpload(disputeId, `answer.${EXTENSIONS[file.contentType]}`);
      await ctx.paystack.uploadFile(url, file);
      return { kind: 'stored', fileName };
    }
    case 'resolve': {
      const { resolution, message, refundAmount = 0, fileName = '' } = answer;
      const { evidenceId } = report;
      await ctx.paystack.resolveDispute(disputeId, { resolution, message, refundAmount, fileName, evidenceId });
      return null;
    }
  }
}

const EXTENSIONS: Record<UploadedFile['contentType'], string> = {
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
};

/** Staff's file, else a receipt: Paystack requires a file with either answer. */
async function fileOf(ctx: JobContext, order: Order, fileId: string | undefined): Promise<UploadedFile> {
  const file = fileId === undefined ? null : await findDisputeFile(ctx.db, order._id, fileId);
  return file ?? { bytes: await ctx.renderReceipt(order), contentType: 'application/pdf' };
}

function findDispute(order: Order, { disputeId }: AnswerClaim): Dispute | undefined {
  return order.disputes.find((dispute) => dispute.disputeId === disputeId);
}

async function attempt<T>(call: () => Promise<T>): Promise<T | GatewayError> {
  try {
    return await call();
  } catch (error) {
    if (isGatewayError(error)) return error;
    throw error;
  }
}

/** A refusal of this very request. A wrong key or too many calls say nothing about it. */
function isDefinite({ outcomeUnknown, kind }: GatewayError): boolean {
  return !outcomeUnknown && kind !== 'rate_limited' && kind !== 'unauthorized';
}

/** Claims of fraud need evidence (Paystack's documentation); of another category Paystack may take none. */
function isOnlyWithoutEvidence(order: Order, claim: AnswerClaim, step: AnswerStep): boolean {
  return step === 'evidence' && findDispute(order, claim)?.category !== 'fraud';
}

async function record(ctx: JobContext, order: Order, claim: AnswerClaim, outcome: StepOutcome | null): Promise<void> {
  if (outcome !== null) await recordAnswerStep(ctx.db, order._id, claim, outcome, ctx.clock.now());
}

async function postpone(
  ctx: JobContext,
  order: Order,
  claim: AnswerClaim,
  error: GatewayError,
): Promise<AnswerOutcome> {
  const { outcomeUnknown, kind, message, retryAfterMs } = error;
  const waitMs = outcomeUnknown ? UNKNOWN_OUTCOME_WAIT_MS : (retryAfterMs ?? STEP_RETRY_MS);
  const outcome = { kind: outcomeUnknown ? 'postponed' : 'not_done', waitMs, error: message } as const;
  await record(ctx, order, claim, outcome);
  ctx.log.warn({ err: error, disputeId: claim.disputeId }, 'an answer to a dispute could not be sent yet');
  return kind === 'rate_limited' ? 'rate_limited' : 'open';
}

async function refuse(ctx: JobContext, order: Order, claim: AnswerClaim, error: GatewayError): Promise<AnswerOutcome> {
  const outcome = { kind: 'refused', error: error.message } as const;
  const { order: after, changed } = await recordAnswerStep(ctx.db, order._id, claim, outcome, ctx.clock.now());
  if (changed) await reportRefused(ctx, after, claim);
  return 'open';
}

function reportRefused(ctx: JobContext, after: Order, { disputeId }: AnswerClaim): Promise<void> {
  return afterChange(ctx, after, { kind: 'dispute_answer_refused', disputeId });
}
