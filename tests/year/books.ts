/** Compares the year's books: the database's, Paystack's, and what reached the bank. */
import { runAudit } from '../../models/audit/audit.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { findBrokenInvariants } from '../support/invariants.ts';
import type { YearShop } from './shop.ts';

export interface YearBooks {
  violations: string[];
  /** Sums in subunits, counts by name. */
  figures: Record<string, number>;
}

export async function compareBooks(shop: YearShop, refundedOutside: readonly string[]): Promise<YearBooks> {
  const { ctx, sandbox, mailbox } = shop;
  const broken = await findBrokenInvariants(
    { db: ctx.db, sandbox, mailbox, ctx },
    { copies: 'allowed', refundedOutside, graceMs: 0, domain: 'test' },
  );
  const { totals } = await runAudit(ctx.db, { now: ctx.clock.now(), graceMs: 0 });
  const ledger = sandbox.ledger();
  const captured = sum(ledger.charges.map(({ amount }) => amount));
  const payouts = await driverCollection(ctx.db.payouts).find().toArray();
  const gross = sum(payouts.map((payout) => payout.gross ?? 0));
  const fees = sum(payouts.map((payout) => payout.fees ?? 0));
  const deductions = sum(payouts.map((payout) => payout.deductions ?? 0));
  const net = sum(payouts.map((payout) => payout.net ?? 0));
  const [ours] = totals;
  const returned = Number(ours?.returned ?? 0);
  const unaccounted = Number(ours?.unaccounted ?? -1);
  const notProved = payouts.filter(({ state }) => state !== 'proved');
  const figures = {
    orders: await ctx.db.orders.estimatedDocumentCount(),
    charges: ledger.charges.length,
    refunds: ledger.refunds.length,
    disputes: ledger.disputes.length,
    payouts: payouts.length,
    captured,
    returned,
    gross,
    fees,
    deductions,
    net,
    notPaidOut: await ctx.db.unpaidCharges.countDocuments(),
  };
  return {
    figures,
    violations: [
      ...broken,
      ...differs('captured in our books', Number(ours?.captured ?? 0), captured),
      ...differs('captured and unaccounted for', unaccounted, 0),
      ...differs('paid out, gross', gross, captured),
      ...differs('reached the bank', net, gross - fees - deductions),
      ...differs('deducted for what went back', deductions, returned),
      ...notProved.map(({ _id, state, differences }) => `payout ${_id} is ${state}: ${JSON.stringify(differences)}`),
    ],
  };
}

function differs(what: string, found: number, expected: number): string[] {
  return found === expected ? [] : [`${what}: ${found} instead of ${expected}`];
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
