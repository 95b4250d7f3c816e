import type { Types } from 'mongoose';
import { changeOrder } from '../../models/order/change-order.ts';
import type { Actor } from '../../models/order/history.ts';
import type { Order } from '../../models/order/order-document.ts';
import { currencyOfCharge } from '../../models/order/payment-status.ts';
import { getOrder } from '../../models/order/queries/find-order.ts';
import { assertKnownShape } from '../../models/order/shape.ts';
import { recordRefund } from '../../models/refund/record-refund.ts';
import { getRefundWithoutAccount, recordAccountSent } from '../../models/refund/refund-account.ts';
import type { JobContext } from '../context.ts';
import type { RefundAccount } from '../ports.ts';
import { afterChange } from './after-change.ts';
import { readReturns } from './read-returns.ts';

/**
 * Sends the customer's bank account to Paystack for a refund that needs it, which then goes on. The account is stored and
 * logged nowhere; the history says who sent one. Throws NOT_FOUND, ORDER_STATE_CONFLICT (the refund needs none, or no
 * more, or its charge is disputed), GatewayError. After one of an unknown outcome, the refund is read again by its job.
 */
export async function sendRefundAccount(
  ctx: JobContext,
  orderId: Types.ObjectId,
  { refundId, account, actor }: { refundId: string; account: RefundAccount; actor: Actor },
): Promise<Order> {
  const before = await getOrder(ctx.db, orderId);
  assertKnownShape(before);
  const { reference } = getRefundWithoutAccount(before, refundId);
  // A dispute whose webhook is lost would take the same money.
  await readReturns(ctx, before, reference);
  const refund = getRefundWithoutAccount(await getOrder(ctx.db, orderId), refundId);
  const { gatewayRefundId } = refund;
  const currency = currencyOfCharge(before, reference);
  const report = await ctx.paystack.sendRefundAccount({ gatewayRefundId, currency, account });
  const now = ctx.clock.now();
  await changeOrder(ctx.db, orderId, (order) => recordAccountSent(order, { refundId, actor }), now);
  const after = await recordRefund(ctx.db, orderId, refundId, report, now);
  await afterChange(ctx, after, { kind: 'refund_recorded', before: refund });
  return after;
}
