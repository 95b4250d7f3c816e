/** GET /orders/:id/receipt.pdf: the receipt of the caller's own order, once it is paid. */
import { Router } from 'express';
import { Types } from 'mongoose';
import { AppError } from '../../models/errors.ts';
import { getCommittedOrder } from '../../models/order/queries/find-order.ts';
import type { AppContext } from '../context/app-context.ts';
import type { ContextOf } from '../trpc/request-context.ts';
import { createCaller } from '../trpc/router.ts';

export function receiptRoute(app: AppContext, contextOf: ContextOf): Router {
  const router = Router({ caseSensitive: true });
  router.get('/orders/:id/receipt.pdf', async (req, res) => {
    // The procedure decides whose order it is.
    const { id, code, money, status, paymentStatus } = await createCaller(contextOf(req)).orders.get({
      id: req.params.id,
    });
    if (money === null)
      throw new AppError('ORDER_STATE_CONFLICT', 'There is no receipt yet: the order is not paid.', {
        details: { status, paymentStatus },
      });
    const bytes = await app.renderReceipt(await getCommittedOrder(app.db, new Types.ObjectId(id)));
    res.setHeader('cache-control', 'private, no-store');
    res.attachment(`receipt-${code}.pdf`);
    res.send(Buffer.from(bytes));
  });
  return router;
}
