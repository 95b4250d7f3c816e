import { isOurReference } from '../../models/order/ids/reference.ts';
import type { Order } from '../../models/order/order-document.ts';
import { findAttempt } from '../../models/order/payment-status.ts';
import { findOrderByReference } from '../../models/order/queries/find-order.ts';
import { hasKnownShape } from '../../models/order/shape.ts';
import { type ChargeReport, isReversal } from '../../models/payment/gateway-reports.ts';
import { isUnexplained } from '../../models/payment/reversal.ts';
import { recordFees } from '../../models/payout/record-fees.ts';
import { findPassState } from '../../models/reconcile/pass-state.ts';
import type { JobContext } from '../context.ts';
import { verifyPayment } from '../payments/verify-payment.ts';
import { eachPage, type Listed, type Pass, type Period, type RowResult } from './run-pass.ts';

const HOUR_MS = 3600_000;
/** Charges are listed by when they were created, and may succeed days later: Paystack retries a webhook for 72 h too. */
const LOOK_BACK_MS = 72 * HOUR_MS;
/** A charge under refund may be in none of the lists by status, so all charges are compared once a day. */
const DAILY_LOOK_BACK_MS = 30 * 24 * HOUR_MS;
const DAILY_EVERY_MS = 24 * HOUR_MS;

interface ChargeRow {
  charge: ChargeReport;
  /** null for a charge of another system, and for one of ours without an order. */
  order: Order | null;
}

type ListStatus = 'success' | 'reversed' | 'any';

/** The charges that Paystack counts as successful, and those that it calls reversed. */
export function chargesPass(ctx: JobContext): Pass<ChargeRow> {
  return {
    ...passOver(ctx, ['success', 'reversed'], (row) => compare(ctx, row)),
    name: 'charges',
    everyMs: ctx.config.reconcileEveryMs,
    from: (last, now) => new Date((last ?? now).getTime() - LOOK_BACK_MS),
  };
}

/**
 * All charges of the last 30 days, once a day. It leaves to the hourly pass the charges without an order, and those that the
 * hourly pass cannot read, so that each is one alert.
 */
export function dailyChargesPass(ctx: JobContext): Pass<ChargeRow> {
  let unreadIds: Promise<Set<string>> | undefined;
  const isUnread = async ({ charge: { reference } }: ChargeRow) => {
    unreadIds ??= findPassState(ctx.db, 'charges').then(
      ({ unread, setAside }) => new Set([...unread, ...setAside].map(({ id }) => id)),
    );
    return (await unreadIds).has(reference);
  };
  const apply = async (row: ChargeRow): Promise<RowResult> => {
    if (row.order === null) return 'known';
    const isCaptured = findAttempt(row.order, row.charge.reference)?.status === 'succeeded';
    return !isCaptured && (await isUnread(row)) ? 'known' : compare(ctx, row);
  };
  return {
    ...passOver(ctx, ['any'], apply),
    name: 'charges_daily',
    everyMs: Math.max(DAILY_EVERY_MS, ctx.config.reconcileEveryMs),
    from: (last, now) => new Date((last ?? now).getTime() - DAILY_LOOK_BACK_MS),
  };
}

function passOver(
  ctx: JobContext,
  statuses: readonly ListStatus[],
  apply: Pass<ChargeRow>['apply'],
): Pick<Pass<ChargeRow>, 'pages' | 'idOf' | 'apply' | 'again'> {
  return {
    pages: (period) => chargePages(ctx, statuses, period),
    idOf: ({ charge }) => charge.reference,
    apply,
    again: async (reference) => (isOurReference(reference) ? verify(ctx, reference) : 'known'),
  };
}

async function* chargePages(
  ctx: JobContext,
  statuses: readonly ListStatus[],
  period: Period,
): AsyncGenerator<Listed<ChargeRow>> {
  for (const status of statuses) {
    for await (const { charges, unreadable } of eachPage((page) =>
      ctx.paystack.listCharges({ ...period, page, status }),
    )) {
      // Lookups of one page share a command.
      const rows = charges.map(async (charge) => ({
        charge,
        order: isOurReference(charge.reference) ? await findOrderByReference(ctx.db, charge.reference) : null,
      }));
      yield { rows: await Promise.all(rows), unreadable };
    }
  }
}

async function compare(ctx: JobContext, { charge, order }: ChargeRow): Promise<RowResult> {
  const { reference, status, amount, currency } = charge;
  const isReversed = isReversal(status);
  if (!isOurReference(reference) || (status !== 'success' && !isReversed)) return 'known';
  if (order === null) {
    ctx.events.foreignCharge({ reference, amount, currency });
    return 'known';
  }
  if (!hasKnownShape(order)) return 'left';
  const attempt = findAttempt(order, reference);
  if (attempt?.status !== 'succeeded' || (isReversed && isUnexplained(order, attempt))) return verify(ctx, reference);
  if (attempt.fees === undefined)
    await recordFees(ctx.db, order._id, { reference, fees: charge.fees, now: ctx.clock.now() });
  return 'known';
}

async function verify(ctx: JobContext, reference: string): Promise<RowResult> {
  const { outcome } = await verifyPayment(ctx, reference, 'reconcile');
  return outcome === 'unchanged' || outcome === 'open' ? 'unchanged' : 'applied';
}
