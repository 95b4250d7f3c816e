import type { InboxEvent } from '../../models/messaging/inbox-event.ts';
import type { InboxOutcome } from '../../models/messaging/webhook-outcome.ts';
import type { Order } from '../../models/order/order-document.ts';
import { findOrderByReference } from '../../models/order/queries/find-order.ts';
import { recordRejectedTransfer } from '../../models/transfer/rejected-transfer.ts';
import type { JobContext } from '../context.ts';
import { afterChange } from './after-change.ts';
import { findReference } from './find-reference.ts';

/**
 * Shows on the order that Paystack did not accept a bank transfer. The event names the transaction by its id alone. No
 * money of the shop has moved, so nothing else changes. The event stays in the inbox until Paystack answers.
 */
export async function applyRejectedTransfer(
  ctx: JobContext,
  { transfer }: Pick<InboxEvent, 'transfer'>,
): Promise<{ outcome: InboxOutcome; order: Order | null }> {
  if (transfer === undefined) return { outcome: { code: 'transfer_without_id' }, order: null };
  const { gatewayId, amount, cause } = transfer;
  const reference = await findReference(ctx, gatewayId);
  if (reference === null) return { outcome: { code: 'transfer_unknown_at_paystack' }, order: null };
  const found = await findOrderByReference(ctx.db, reference);
  if (found === null) return { outcome: { code: 'unknown_order' }, order: null };
  const rejected = { reference, amount, cause };
  const { order, changed } = await recordRejectedTransfer(ctx.db, found._id, rejected, ctx.clock.now());
  if (changed) await afterChange(ctx, order, { kind: 'transfer_rejected', reference });
  return { outcome: { code: 'transfer_rejected' }, order };
}
