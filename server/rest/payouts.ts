/** Payouts as CSV, for accounting. Amounts are in major units with their currency beside them, instants in ISO 8601. */
import { type RequestHandler, Router } from 'express';
import { toDecimal } from '../../models/contract/money.ts';
import { byPayoutId } from '../../models/contract/staff/payouts.ts';
import { notFound } from '../../models/errors.ts';
import { eachPayout, eachPayoutLine, getPayout } from '../../models/payout/list-payouts.ts';
import type { Payout } from '../../models/payout/payout-document.ts';
import type { PayoutLine } from '../../models/payout/payout-line-document.ts';
import type { AppContext } from '../context/app-context.ts';
import type { ContextOf } from '../trpc/request-context.ts';
import { assertStaffCall } from '../trpc/trpc.ts';
import { toPayoutCharge, toPayoutSummary } from '../trpc/views/payout-view.ts';
import { sendCsv } from './csv.ts';

const PAYOUT_COLUMNS = [
  'payout',
  'paid_on',
  'currency',
  'gross',
  'fees',
  'deductions',
  'net',
  'status',
  'check',
  'differences',
];
const CHARGE_COLUMNS = ['payout', 'transaction', 'reference', 'order', 'currency', 'amount', 'fees'];

export function payoutRoutes(ctx: AppContext, contextOf: ContextOf): Router {
  const router = Router({ caseSensitive: true });
  const managersOnly: RequestHandler = async (req, _res, next) => {
    await assertStaffCall(contextOf(req), 'viewPayouts');
    next();
  };
  router.get('/admin/payouts/list.csv', managersOnly, async (_req, res) => {
    await sendCsv(res, 'payouts.csv', PAYOUT_COLUMNS, cellsOf(eachPayout(ctx.db), toPayoutCells));
  });
  router.get('/admin/payouts/:id/charges.csv', managersOnly, async (req, res) => {
    const { data } = byPayoutId.safeParse(req.params);
    if (data === undefined) throw notFound('Payout');
    const { _id } = await getPayout(ctx.db, data.id);
    const rows = cellsOf(eachPayoutLine(ctx.db, _id), (line) => toChargeCells(_id, line));
    await sendCsv(res, `payout-${_id}.csv`, CHARGE_COLUMNS, rows);
  });
  return router;
}

async function* cellsOf<T>(rows: AsyncIterable<T>, toCells: (row: T) => string[]): AsyncGenerator<string[]> {
  for await (const row of rows) yield toCells(row);
}

function toPayoutCells(payout: Payout): string[] {
  const { id, status, state, currency, paidOn, differences, gross, fees, deductions, net } = toPayoutSummary(payout);
  const amounts = [gross, fees, deductions, net].map((amount) => toDecimal(amount, currency));
  return [id, paidOn ?? '', currency, ...amounts, status, state, differences.join(' ')];
}

function toChargeCells(payoutId: string, line: PayoutLine): string[] {
  const { transactionId, reference, code, currency, amount, fees } = toPayoutCharge(line);
  return [
    payoutId,
    transactionId,
    reference,
    code ?? '',
    currency,
    toDecimal(amount, currency),
    toDecimal(fees, currency),
  ];
}
