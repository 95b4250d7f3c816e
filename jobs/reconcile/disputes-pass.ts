import { toDisputeState } from '../../models/dispute/record-dispute.ts';
import type { Order } from '../../models/order/order-document.ts';
import { findAttempt } from '../../models/order/payment-status.ts';
import { hasKnownShape } from '../../models/order/shape.ts';
import type { DisputeReport } from '../../models/payment/gateway-reports.ts';
import type { JobContext } from '../context.ts';
import { applyDisputeReport } from '../payments/read-returns.ts';
import { verifyPayment } from '../payments/verify-payment.ts';
import { findCharge } from './find-charge.ts';
import { eachPage, type Pass, type RowResult } from './run-pass.ts';

/** Disputes are listed by when they were opened. A bank may open one again for so long, under the same id. */
const LOOK_BACK_MS = 120 * 24 * 3600_000;

/** Disputes that our orders lack, or know in another state. */
export function disputesPass(ctx: JobContext): Pass<DisputeReport> {
  return {
    name: 'disputes',
    everyMs: ctx.config.reconcileEveryMs,
    from: (last, now) => new Date((last ?? now).getTime() - LOOK_BACK_MS),
    async *pages(period) {
      for await (const { disputes, unreadable } of eachPage((page) =>
        ctx.paystack.listDisputesPage({ ...period, page }),
      ))
        yield { rows: disputes, unreadable };
    },
    idOf: ({ disputeId }) => disputeId,
    apply: async (listed) => {
      const found = await findCharge(ctx, listed);
      if (found === null) return 'known';
      if (!hasKnownShape(found.order)) return 'left';
      return isKnown(found.order, listed) ? 'known' : read(ctx, listed.disputeId);
    },
    again: (disputeId) => read(ctx, disputeId),
  };
}

/** True when the row is no newer than what was read of the dispute. */
function isKnown({ disputes }: Order, listed: DisputeReport): boolean {
  const known = disputes.find(({ disputeId }) => disputeId === listed.disputeId);
  if (known?.gatewayUpdatedAt === undefined || listed.updatedAt === null) return false;
  return known.state === toDisputeState(listed) && listed.updatedAt <= known.gatewayUpdatedAt;
}

/** The row is a hint: what is recorded is read by the dispute's id. */
async function read(ctx: JobContext, disputeId: string): Promise<RowResult> {
  const report = await ctx.paystack.getDispute(disputeId);
  const found = await findCharge(ctx, report);
  if (found === null) return 'known';
  const { order, reference } = found;
  const after = await applyDisputeReport(ctx, order, reference, report);
  if (findAttempt(after, reference)?.gatewayId === undefined) await verifyPayment(ctx, reference, 'reconcile');
  return after.version === order.version ? 'unchanged' : 'applied';
}
