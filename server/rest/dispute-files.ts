/**
 * POST /admin/dispute-files/:orderId: attaches a file to an answer to a dispute. The body is the file itself. Its type
 * is read from its bytes, and its name is not kept. The answer names the file by the returned id.
 */
import express, { Router } from 'express';
import { Types } from 'mongoose';
import { objectId } from '../../models/contract/fields.ts';
import { MAX_DISPUTE_FILE_BYTES } from '../../models/contract/limits.ts';
import { storeDisputeFile } from '../../models/dispute/answer/dispute-file.ts';
import { invalidInput, notFound } from '../../models/errors.ts';
import { getCommittedOrder } from '../../models/order/queries/find-order.ts';
import type { AppContext } from '../context/app-context.ts';
import type { ContextOf } from '../trpc/request-context.ts';
import { assertStaffCall } from '../trpc/trpc.ts';

export function disputeFileRoute(app: AppContext, contextOf: ContextOf): Router {
  const router = Router({ caseSensitive: true });
  router.post(
    '/admin/dispute-files/:orderId',
    // Before the body is read: nobody else may send us megabytes.
    async (req, _res, next) => {
      await assertStaffCall(contextOf(req), 'answerDispute');
      next();
    },
    express.raw({ type: () => true, limit: MAX_DISPUTE_FILE_BYTES }),
    async (req, res) => {
      const { orderId } = req.params;
      if (!objectId.safeParse(orderId).success) throw notFound('Order');
      const bytes: unknown = req.body;
      if (!Buffer.isBuffer(bytes)) throw invalidInput('file', 'must be a PDF, a JPEG or a PNG');
      const { _id } = await getCommittedOrder(app.db, new Types.ObjectId(orderId));
      res.json(await storeDisputeFile(app.db, _id, bytes, app.clock.now()));
    },
  );
  return router;
}
