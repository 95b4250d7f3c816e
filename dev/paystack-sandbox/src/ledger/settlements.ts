/**
 * Payouts to the merchant's bank, which Paystack calls settlements. One pays out the charges of the days before, less fees and
 * the money of refunds and lost disputes. Each charge is in one.
 */
import { lostAmount } from './disputes.ts';
import type { Records, RefundRecord, SettlementRecord, TransactionRecord } from './records.ts';
import { nextId } from './records.ts';
import { Refusal } from './refusal.ts';

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
/** As in Paystack's samples: made in the night, paid in the morning. */
const MADE_AT_HOUR = 1;
const PAID_AT_HOUR = 8;

function isBusinessDay(midnight: number): boolean {
  const day = new Date(midnight).getUTCDay();
  return day !== 0 && day !== 6;
}

/** The next time after `after` at which a settlement is made: a weekday's night, in UTC. Holidays are not known. */
export function nextSettlementTime(after: number): number {
  let midnight = Math.floor(after / DAY_MS) * DAY_MS;
  while (midnight + MADE_AT_HOUR * HOUR_MS <= after || !isBusinessDay(midnight)) midnight += DAY_MS;
  return midnight + MADE_AT_HOUR * HOUR_MS;
}

export function paidTime({ settlementDate }: SettlementRecord): number {
  return Date.parse(settlementDate) + PAID_AT_HOUR * HOUR_MS;
}

export function sumOf(amounts: Iterable<number>): number {
  let sum = 0;
  for (const amount of amounts) sum += amount;
  return sum;
}

type Counts = (refund: RefundRecord) => boolean;

const isProcessed: Counts = ({ status }) => status === 'processed';
const hasNotFailed: Counts = ({ status }) => status !== 'failed';

/** The money of refunds and lost disputes, each once, that no settlement has deducted. */
function undeducted(records: Records, currency: string, counts: Counts): number {
  const refunds = records.refunds.filter((one) => one.currency === currency && one.disputeId === null && counts(one));
  const disputed = new Set(records.disputes.map(({ reference }) => reference));
  const lost = [...disputed].map((reference) => records.transactions.get(reference));
  const settled = records.settlements.filter((one) => one.currency === currency);
  return (
    sumOf(refunds.map(({ amount }) => amount)) +
    sumOf(lost.map((charge) => (charge?.currency === currency ? lostAmount(records, charge) : 0))) -
    sumOf(settled.map(({ deductions }) => deductions ?? 0))
  );
}

/** Charges captured before `until` that no settlement has. */
function unsettled(records: Records, until: number): TransactionRecord[] {
  return [...records.transactions.values()].filter(
    ({ settlementId, paidAt }) => settlementId === null && paidAt !== null && Date.parse(paidAt) < until,
  );
}

/** Settles, per currency, what was captured before `until`. Never less than nothing reaches the bank: the rest waits. */
export function settleUntil(records: Records, until: number, at: { day: number; now: string }): SettlementRecord[] {
  const charges = unsettled(records, until);
  const currencies = [...new Set(charges.map(({ currency }) => currency))];
  return currencies.map((currency) => {
    const settled = charges.filter((charge) => charge.currency === currency);
    const gross = sumOf(settled.map(({ amount }) => amount));
    const fees = sumOf(settled.map((charge) => charge.fees));
    const deductions = Math.max(0, Math.min(undeducted(records, currency, isProcessed), gross - fees));
    const settlement: SettlementRecord = {
      id: nextId(records),
      domain: settled[0]?.domain ?? 'test',
      status: 'pending',
      currency,
      gross,
      fees,
      deductions: deductions === 0 ? null : deductions,
      net: gross - fees - deductions,
      settlementDate: new Date(at.day).toISOString(),
      transactionIds: settled.map(({ id }) => id),
      createdAt: at.now,
      updatedAt: at.now,
    };
    for (const charge of settled) charge.settlementId = settlement.id;
    records.settlements.push(settlement);
    return settlement;
  });
}

export function getSettlement(records: Records, id: number | string): SettlementRecord {
  const settlement = records.settlements.find((one) => String(one.id) === String(id));
  if (settlement === undefined) throw new Refusal(404, 'settlement_not_found', 'Settlement not found');
  return settlement;
}

/** The charges that wait for a settlement, less fees, less what is still to be deducted, in the currency. */
export function pendingPayout(records: Records, currency: string): number {
  const charges = unsettled(records, Number.POSITIVE_INFINITY).filter((charge) => charge.currency === currency);
  return sumOf(charges.map(({ amount, fees }) => amount - fees)) - undeducted(records, currency, hasNotFailed);
}
