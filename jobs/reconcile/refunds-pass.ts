import { findAttempt } from '../../models/order/payment-status.ts';
import { hasKnownShape } from '../../models/order/shape.ts';
import type { ListedRefund } from '../../models/payment/gateway-reports.ts';
import { isEffective, isRecorded } from '../../models/refund/listed-refunds.ts';
import type { JobContext } from '../context.ts';
import { readReturns } from '../payments/read-returns.ts';
import { verifyPayment } from '../payments/verify-payment.ts';
import { type FoundCharge, findCharge } from './find-charge.ts';
import { eachPage, type Pass, type RowResult } from './run-pass.ts';

/** Paystack's list may lag; our own refunds are followed by processRefunds for as long as they take. */
const LOOK_BACK_MS = 72 * 3600_000;

/** Refunds that our orders lack: made at Paystack's dashboard, or second copies of ours. */
export function refundsPass(ctx: JobContext): Pass<ListedRefund> {
  return {
    name: 'refunds',
    everyMs: ctx.config.reconcileEveryMs,
    from: (last, now) => new Date((last ?? now).getTime() - LOOK_BACK_MS),
    async *pages(period) {
      for await (const { refunds, unreadable } of eachPage((page) => ctx.paystack.listRefundsPage({ ...period, page })))
        yield { rows: refunds, unreadable };
    },
    idOf: chargeOf,
    apply: async (refund) => {
      if (refund.reference === null && refund.gatewayId === null) return 'known';
      const found = await findCharge(ctx, refund);
      if (found === null) return 'known';
      if (!hasKnownShape(found.order)) return 'left';
      // A failed one changes nothing, and the money of a dispute is counted with the dispute.
      return !isEffective(refund) || isRecorded(found.order, refund) ? 'known' : read(ctx, found);
    },
    again: async (charge) => {
      const isId = /^\d{1,20}$/.test(charge);
      const found = await findCharge(
        ctx,
        isId ? { reference: null, gatewayId: charge } : { reference: charge, gatewayId: null },
      );
      return found === null ? 'known' : read(ctx, found);
    },
  };
}

/** Refunds are read by charge, so rows are named by it: its reference, or its transaction id. */
function chargeOf({ reference, gatewayId, gatewayRefundId }: ListedRefund): string {
  return reference ?? gatewayId ?? `refund ${gatewayRefundId}`;
}

/** A charge that is not recorded yet is verified, because only captured money is refunded. */
async function read(ctx: JobContext, { order, reference }: FoundCharge): Promise<RowResult> {
  if (findAttempt(order, reference)?.gatewayId === undefined) {
    await verifyPayment(ctx, reference, 'reconcile');
    return 'applied';
  }
  return (await readReturns(ctx, order, reference)) ? 'applied' : 'unchanged';
}
