/**
 * The end of the year: every subunit is placed. Captured = held + returned, charge by charge, in the database as in the sandbox's
 * ledger. Each charge is in one payout, each payout is proved, and their sums are those of the charges.
 */
import { Types } from 'mongoose';
import type { Ledger } from '../../dev/paystack-sandbox/src/index.ts';
import { isCaptured } from '../../models/audit/money.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import type { Order } from '../../models/order/order-document.ts';
import { returnedMoney } from '../../models/payment/returned-money.ts';
import { findBrokenInvariants } from '../support/invariants.ts';
import type { MarketReport } from './market-steps.ts';
import type { YearShop } from './year-shop.ts';

/** Sums in subunits. */
export interface Books {
  charges: number;
  captured: number;
  held: number;
  byRefund: number;
  byDispute: number;
  payouts: number;
  gross: number;
  fees: number;
  deductions: number;
  net: number;
  /** Returned money that no payout has deducted yet. */
  undeducted: number;
  problems: string[];
  /** Orders that the problems name, whole, because a year cannot be played again. */
  evidence: Order[];
}

/** The market's own records at the end. */
type Records = Pick<MarketReport, 'ledger' | 'refundedOutside'>;

export async function closeBooks(shop: YearShop, { ledger, refundedOutside }: Records): Promise<Books> {
  const records = { ...shop, sandbox: { ledger: () => ledger }, mailbox: { mails: () => shop.mails } };
  const options = { now: shop.clock.now(), domain: 'test', refundedOutside } as const;
  const broken = await findBrokenInvariants(records, options);
  const money = await placeMoney(shop.db, ledger);
  const paidOut = await provePayouts(shop.db, ledger);
  const returned = money.byRefund + money.byDispute;
  const sums = [
    ...differ('gross of all payouts and captured money', paidOut.gross, money.captured),
    ...differ(
      'gross less fees and deductions, and net',
      paidOut.gross - paidOut.fees - paidOut.deductions,
      paidOut.net,
    ),
    ...(paidOut.deductions > returned ? [`payouts deduct ${paidOut.deductions}, and ${returned} went back`] : []),
  ];
  const problems = [...broken, ...money.problems, ...paidOut.problems, ...sums];
  const evidence = await readOrdersNamedIn(shop, broken);
  return { ...money, ...paidOut, undeducted: returned - paidOut.deductions, problems, evidence };
}

const MOST_EVIDENCE = 5;

async function readOrdersNamedIn({ db }: YearShop, lines: readonly string[]): Promise<Order[]> {
  const ids = new Set(lines.flatMap((line) => line.match(/\b[0-9a-f]{24}\b/g) ?? []));
  const some = [...ids].slice(0, MOST_EVIDENCE).map((id) => new Types.ObjectId(id));
  return driverCollection(db.orders)
    .find({ _id: { $in: some } })
    .toArray();
}

const differ = (what: string, one: number, other: number): string[] =>
  one === other ? [] : [`${what} differ: ${one} and ${other}`];

type Money = Pick<Books, 'charges' | 'captured' | 'held' | 'byRefund' | 'byDispute' | 'problems'>;

async function placeMoney(db: Database, ledger: Ledger): Promise<Money> {
  const sums: Money = { charges: 0, captured: 0, held: 0, byRefund: 0, byDispute: 0, problems: [] };
  const atPaystack = new Map(ledger.charges.map((charge) => [charge.reference, charge]));
  for await (const order of driverCollection(db.orders).find()) {
    for (const attempt of order.payments.filter(isCaptured)) {
      const { captured, held, byRefund, byDispute, open, excess } = returnedMoney(order, attempt);
      const charge = atPaystack.get(attempt.reference);
      atPaystack.delete(attempt.reference);
      if (captured !== held + byRefund + byDispute || open > 0 || excess > 0 || charge?.amount !== captured)
        sums.problems.push(
          `${attempt.reference} of ${order._id}: captured ${captured} of ${charge?.amount}, held ${held}, refunded ${byRefund}, lost ${byDispute}, on its way ${open}, too much ${excess}`,
        );
      sums.charges += 1;
      sums.captured += captured;
      sums.held += held;
      sums.byRefund += byRefund;
      sums.byDispute += byDispute;
    }
  }
  sums.problems.push(...[...atPaystack.keys()].map((reference) => `${reference}: captured, and in no order`));
  return sums;
}

type PaidOut = Pick<Books, 'payouts' | 'gross' | 'fees' | 'deductions' | 'net' | 'problems'>;

async function provePayouts(db: Database, { charges, settlements }: Ledger): Promise<PaidOut> {
  const sums: PaidOut = { payouts: 0, gross: 0, fees: 0, deductions: 0, net: 0, problems: [] };
  for (const payout of await driverCollection(db.payouts).find().toArray()) {
    sums.payouts += 1;
    for (const part of ['gross', 'fees', 'deductions', 'net'] as const) sums[part] += payout[part];
    if (payout.state !== 'proved')
      sums.problems.push(`payout ${payout._id} is ${payout.state}: ${JSON.stringify(payout.differences ?? [])}`);
  }
  sums.problems.push(...differ('payouts that are known and that Paystack made', sums.payouts, settlements.length));
  const times = new Map<string, number>();
  for await (const { reference } of driverCollection(db.payoutLines).find())
    times.set(reference, (times.get(reference) ?? 0) + 1);
  for (const { reference } of charges) {
    const count = times.get(reference) ?? 0;
    if (count !== 1) sums.problems.push(`${reference} is in ${count} payouts`);
  }
  return sums;
}
