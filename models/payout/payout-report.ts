/** The report of `npm run audit -- --payouts`: what Paystack has paid out, and what is missing in it. Reads only. */
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import type { Order } from '../order/order-document.ts';
import { returnedMoney } from '../payment/returned-money.ts';
import { findSetAside, type SetAsideRows } from '../reconcile/pass-state.ts';
import { listUnpaidCharges } from './list-payouts.ts';
import type { Payout } from './payout-document.ts';
import { isPaidOut } from './payout-reports.ts';
import type { UnpaidCharge } from './unpaid-charge-document.ts';

/** Of payouts that have reached the bank, in subunits as decimal digits: a sum may exceed Number.MAX_SAFE_INTEGER. */
export interface PayoutTotals {
  currency: string;
  count: number;
  gross: string;
  fees: string;
  deductions: string;
  net: string;
  /** Went back of our charges by refunds and disputes; deductions of other systems are not in it. */
  returned: string;
}

export interface PayoutReportOfShop {
  /** Newest first. */
  payouts: Payout[];
  totals: PayoutTotals[];
  /** The first of them, the oldest first. */
  unpaid: UnpaidCharge[];
  unpaidCount: number;
  /** Rows of Paystack's lists that the reconcile passes could not read. */
  setAside: SetAsideRows[];
}

const MAX_UNPAID_LISTED = 50;

export async function readPayoutReport(db: Database): Promise<PayoutReportOfShop> {
  const payouts = await driverCollection(db.payouts)
    .find({}, { sort: { createdAt: -1, _id: -1 } })
    .toArray();
  const { items: unpaid, count } = await listUnpaidCharges(db, { limit: MAX_UNPAID_LISTED });
  const returned = await sumReturned(db);
  return { payouts, totals: totalsOf(payouts, returned), unpaid, unpaidCount: count, setAside: await findSetAside(db) };
}

function totalsOf(payouts: readonly Payout[], returned: ReadonlyMap<string, bigint>): PayoutTotals[] {
  const paid = payouts.filter(isPaidOut);
  return [...new Set(paid.map(({ currency }) => currency))].sort().map((currency) => {
    const ours = paid.filter((payout) => payout.currency === currency);
    const sum = (field: 'gross' | 'fees' | 'deductions' | 'net') =>
      String(ours.reduce((total, payout) => total + BigInt(payout[field]), 0n));
    const sums = { gross: sum('gross'), fees: sum('fees'), deductions: sum('deductions'), net: sum('net') };
    return { currency, count: ours.length, ...sums, returned: String(returned.get(currency) ?? 0n) };
  });
}

type Returning = Pick<Order, 'payments' | 'refunds' | 'disputes' | 'currency'>;

/** Per currency, what Paystack has given back of our charges. */
async function sumReturned(db: Database): Promise<Map<string, bigint>> {
  const orders = driverCollection(db.orders).find<Returning>(
    { $or: [{ 'refunds.0': { $exists: true } }, { 'disputes.0': { $exists: true } }] },
    { projection: { payments: 1, refunds: 1, disputes: 1, currency: 1 } },
  );
  const sums = new Map<string, bigint>();
  for await (const order of orders) {
    for (const charge of order.payments.filter(({ amount }) => amount !== undefined)) {
      const { currency, byRefund, byDispute } = returnedMoney(order, charge);
      sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(byRefund + byDispute));
    }
  }
  return sums;
}
