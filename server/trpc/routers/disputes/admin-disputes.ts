/** admin: answering disputes. Declining one needs `answerDispute`, giving the money back `acceptDispute` as well. */
import { Types } from 'mongoose';
import { afterChange } from '../../../../jobs/payments/after-change.ts';
import { assertMay } from '../../../../models/accounts/assert-may.ts';
import { toActionKey } from '../../../../models/action-key.ts';
import type { Role } from '../../../../models/contract/permissions.ts';
import { actionPreview } from '../../../../models/contract/staff/action-preview.ts';
import {
  answerDisputeInput,
  disputeDraft,
  disputeInput,
  disputeReceipt,
  previewAnswerDisputeInput,
} from '../../../../models/contract/staff/disputes/answers.ts';
import { staffOrderView } from '../../../../models/contract/staff-orders.ts';
import type { DisputeResolution } from '../../../../models/contract/statuses.ts';
import { findDisputeFile } from '../../../../models/dispute/answer/dispute-file.ts';
import { draftEvidence } from '../../../../models/dispute/answer/evidence.ts';
import {
  type AnswerRequest,
  answerDispute,
  decideAnswer,
  mostToAccept,
} from '../../../../models/dispute/answer/give-answer.ts';
import { invalidInput, notFound } from '../../../../models/errors.ts';
import { currencyOfCharge } from '../../../../models/order/payment-status.ts';
import { getCommittedOrder } from '../../../../models/order/queries/find-order.ts';
import type { AppContext } from '../../../context/app-context.ts';
import { viewForStaff } from '../../act-on-order.ts';
import { expectedBy, previewChange, toAnswerRequest } from '../../staff-requests.ts';
import { router, staffProcedure } from '../../trpc.ts';

const orderId = (id: string) => new Types.ObjectId(id);

export const adminDisputesRouter = router({
  /** The evidence as drafted from the order, and the most that can be given back. */
  disputeDraft: staffProcedure('answerDispute')
    .input(disputeInput)
    .output(disputeDraft)
    .query(async ({ ctx: { app }, input }) => {
      const order = await getCommittedOrder(app.db, orderId(input.id));
      const dispute = order.disputes.find(({ disputeId }) => disputeId === input.disputeId);
      if (dispute === undefined) throw notFound('Dispute');
      return {
        evidence: draftEvidence(order, app.config.shopTimeZone),
        mostToAccept: mostToAccept(order, dispute),
        currency: currencyOfCharge(order, dispute.reference),
      };
    }),

  /** The PDF that Paystack gets without a file of staff's. */
  disputeReceipt: staffProcedure('answerDispute')
    .input(disputeInput)
    .output(disputeReceipt)
    .query(async ({ ctx: { app }, input }) => {
      const bytes = await app.renderReceipt(await getCommittedOrder(app.db, orderId(input.id)));
      return { contentType: 'application/pdf', base64: Buffer.from(bytes).toString('base64') };
    }),

  previewAnswerDispute: staffProcedure('answerDispute')
    .input(previewAnswerDisputeInput)
    .output(actionPreview)
    .mutation(async ({ ctx: { app, user }, input }) => {
      assertMayResolve(user.role, input.resolution);
      const request = await withEvidence(app, input.id, toAnswerRequest(input, { user, now: app.clock.now() }));
      return previewChange(app, input.id, request.now, (order) => decideAnswer(order, request, PREVIEW_KEY));
    }),

  /**
   * Stores the answer to a dispute; it is sent to Paystack within seconds, and the view shows when Paystack has it. The first
   * answer stands. A repeat of the `key` takes no effect.
   */
  answerDispute: staffProcedure('answerDispute')
    .input(answerDisputeInput)
    .output(staffOrderView)
    .mutation(async ({ ctx: { app, user }, input: { key, expect, ...input } }) => {
      assertMayResolve(user.role, input.resolution);
      const now = app.clock.now();
      const request = await withEvidence(app, input.id, toAnswerRequest(input, { user, now }));
      const { order, changed } = await answerDispute(app.db, orderId(input.id), request, {
        key: toActionKey(key, input),
        expected: await expectedBy(app, { expect }, now),
      });
      if (changed) await afterChange(app, order, { kind: 'dispute_answered' });
      return viewForStaff({ app, user }, order);
    }),
});

/** Effects hold no key, so any will do. */
const PREVIEW_KEY = 'preview';

function assertMayResolve(role: Role, resolution: DisputeResolution): void {
  if (resolution === 'accept') assertMay(role, 'acceptDispute');
}

/** A declining answer carries evidence, the drafted one where staff gave none. Throws INVALID_INPUT for an unknown file. */
async function withEvidence(app: AppContext, id: string, request: AnswerRequest): Promise<AnswerRequest> {
  const { fileId, resolution, evidence } = request;
  if (fileId !== undefined && (await findDisputeFile(app.db, orderId(id), fileId)) === null)
    throw invalidInput('fileId', 'is no file that was attached to this order');
  if (resolution === 'accept' || evidence !== undefined) return request;
  const order = await getCommittedOrder(app.db, orderId(id));
  return { ...request, evidence: draftEvidence(order, app.config.shopTimeZone) };
}
