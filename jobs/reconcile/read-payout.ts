import { isOurReference } from '../../models/order/ids/reference.ts';
import type { Order } from '../../models/order/order-document.ts';
import { findAttempt } from '../../models/order/payment-status.ts';
import { findOrderByReference } from '../../models/order/queries/find-order.ts';
import { hasKnownShape } from '../../models/order/shape.ts';
import type { Payout } from '../../models/payout/payout-document.ts';
import { type PayoutLine, payoutLineId } from '../../models/payout/payout-line-document.ts';
import type { PayoutChargeReport, PayoutReport } from '../../models/payout/payout-reports.ts';
import { recordFees } from '../../models/payout/record-fees.ts';
import { beginReading, closeReading, storeLines } from '../../models/payout/store-payout.ts';
import type { JobContext } from '../context.ts';
import { eachPage } from './run-pass.ts';

/** Rows may move to another page while the pages are read: what differs at once is read once more. */
const READINGS = 2;

/**
 * Reads all charges of a payout, stores them and compares them with it. `known` is the payout as it was stored before. Null
 * when another worker reads it. Throws GatewayError; the payout then stays `reading`. May be repeated and raced.
 */
export async function readPayout(ctx: JobContext, report: PayoutReport, known: Payout | null): Promise<Payout | null> {
  let payout: Payout | null = null;
  for (let reading = 1; reading <= READINGS; reading += 1) {
    payout = await readOnce(ctx, report);
    if (payout === null || payout.state === 'proved') break;
  }
  if (payout !== null && payout.state !== known?.state)
    ctx.events.payoutCompared({
      payoutId: payout._id,
      state: payout.state,
      differences: payout.differences?.length ?? 0,
      ...{ amount: payout.net, currency: payout.currency },
    });
  return payout;
}

async function readOnce(ctx: JobContext, report: PayoutReport): Promise<Payout | null> {
  const { payoutId } = report;
  const readingBy = ctx.random.id();
  await beginReading(ctx.db, report, readingBy, ctx.clock.now());
  const lineIds = new Set<string>();
  let total: number | null = null;
  for await (const answer of eachPage((page) => ctx.paystack.listPayoutCharges({ payoutId, page }))) {
    const lines = await Promise.all(answer.charges.map((charge) => toLine(ctx, payoutId, charge)));
    if (!(await storeLines(ctx.db, payoutId, readingBy, lines))) return null;
    for (const { _id } of lines) lineIds.add(_id);
    total = answer.total;
  }
  return closeReading(ctx.db, payoutId, { readingBy, lineIds, total, now: ctx.clock.now() });
}

/** Also stores the fees of a charge that was recorded without them. */
async function toLine(ctx: JobContext, payoutId: string, charge: PayoutChargeReport): Promise<PayoutLine> {
  const { gatewayId, reference, amount, fees, currency } = charge;
  const line = { _id: payoutLineId(payoutId, gatewayId), reference, amount, fees: fees ?? 0, currency };
  const order = isOurReference(reference) ? await findOrderByReference(ctx.db, reference) : null;
  if (order === null) return line;
  const captured = capturedBy(order, reference);
  if (findAttempt(order, reference)?.fees === undefined && hasKnownShape(order))
    await recordFees(ctx.db, order._id, { reference, fees, now: ctx.clock.now() });
  return { ...line, orderId: order._id, ...(captured === amount ? {} : { captured }) };
}

function capturedBy(order: Order, reference: string): number {
  const attempt = findAttempt(order, reference);
  return attempt?.status === 'succeeded' ? (attempt.amount ?? 0) : 0;
}
