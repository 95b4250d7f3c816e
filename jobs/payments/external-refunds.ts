import type { Order } from '../../models/order/order-document.ts';
import type { RefundReport } from '../../models/payment/gateway-reports.ts';
import { enterExternalRefunds } from '../../models/refund/outside/external-refunds.ts';
import type { JobContext } from '../context.ts';
import { afterChange } from './after-change.ts';

/** Records the refunds that Paystack lists and our order lacks. `order` is the one after it. May be repeated and raced. */
export async function recordExternalRefunds(
  ctx: JobContext,
  { _id }: Pick<Order, '_id'>,
  reference: string,
  listed: readonly RefundReport[],
): Promise<{ entered: boolean; order: Order }> {
  const { outcome, order, copied } = await enterExternalRefunds(ctx.db, _id, reference, listed, ctx.clock.now());
  if (outcome === 'none') return { entered: false, order };
  await afterChange(ctx, order, { kind: 'external_refunds_entered', reference, outcome, copied });
  return { entered: true, order };
}
