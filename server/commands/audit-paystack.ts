/**
 * `npm run audit -- --paystack` compares Paystack's list with the database in both directions, refunds included. It only
 * reads: the hourly reconcile pass repairs, and a difference that remains after it needs a person.
 */
import type { PaystackPort } from '../../jobs/ports.ts';
import type { AuditCheck, CheckResult } from '../../models/audit/audit.ts';
import { CheckResultBuilder } from '../../models/audit/check.ts';
import { isCaptured } from '../../models/audit/money.ts';
import { positionBefore, scanOrders } from '../../models/audit/scan-orders.ts';
import { describeAmount } from '../../models/contract/money.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import { isOurReference } from '../../models/order/ids/reference.ts';
import type { Order, PaymentAttempt, Refund } from '../../models/order/order-document.ts';
import {
  type ChargeReport,
  isGatewayError,
  isReversal,
  type RefundReport,
} from '../../models/payment/gateway-reports.ts';
import { returnedMoney } from '../../models/payment/returned-money.ts';
import { findOurs, isRecorded, noteOf } from '../../models/refund/listed-refunds.ts';
import { toRefundState } from '../../models/refund/record-refund.ts';

/** Earlier than Paystack's first charge. */
const BEGINNING = new Date('2015-01-01T00:00:00Z');

export const theirChargesCheck: AuditCheck = {
  id: 'I3',
  name: 'paystack-charges-known',
  question:
    'Every charge that Paystack counts under one of our references is captured in the database, for the same money.',
};

export const ourChargesCheck: AuditCheck = {
  id: 'I3',
  name: 'our-charges-at-paystack',
  question: 'Every charge that is captured in the database is captured at Paystack too, for the same money.',
};

export const refundsCheck: AuditCheck = {
  id: 'I16',
  name: 'paystack-refunds',
  question: 'Refunds at Paystack are those in the database: each once, with the same amount and the same end.',
};

type PaystackReads = Pick<PaystackPort, 'listCharges' | 'listRefunds' | 'verify'>;

export interface PaystackAuditOptions {
  now: Date;
  /** Younger charges may not be in the database yet, ms. */
  graceMs: number;
  /** Restricts the audit to charges and orders created since then. */
  since?: Date | null;
}

/**
 * Runs the three checks. Of Paystack's list it keeps only the references in memory, some 100 bytes each. It requests the
 * refunds of each captured charge, one call a charge: with many orders, `since` limits their number.
 * Throws GatewayError when Paystack gives no usable reply, because no check then has a result.
 */
export async function auditPaystack(
  db: Database,
  paystack: PaystackReads,
  options: PaystackAuditOptions,
): Promise<CheckResult[]> {
  const since = options.since ?? null;
  const young = new Date(options.now.getTime() - options.graceMs);
  const [theirs, ours, refunds] = [
    new CheckResultBuilder(theirChargesCheck),
    new CheckResultBuilder(ourChargesCheck),
    new CheckResultBuilder(refundsCheck),
  ];
  const listed = new Set<string>();
  for await (const charges of chargePages(paystack, since ?? BEGINNING, options.now)) {
    for (const { reference } of charges) listed.add(reference);
    const settled = charges.filter(({ reference, paidAt }) => isOurReference(reference) && !(paidAt && paidAt > young));
    await compareWithOurs(db, settled, theirs);
  }
  await scanOrders(db, { after: since === null ? null : positionBefore(since) }, async ({ orders }) => {
    for (const { order } of orders) {
      for (const charge of order.payments.filter(isCaptured)) {
        ours.record(charge.reference, listed.has(charge.reference) ? [] : await verifyCharge(paystack, order, charge));
        // Also for charges without a refund in the database: a restored database may lack them.
        refunds.record(charge.reference, await compareRefunds(paystack, order, charge));
      }
    }
    return undefined;
  });
  return [theirs, ours, refunds].map((builder) => builder.result());
}

async function* chargePages(paystack: PaystackReads, from: Date, to: Date): AsyncGenerator<ChargeReport[]> {
  let page: number | null = 1;
  while (page !== null) {
    const answer: Awaited<ReturnType<PaystackReads['listCharges']>> = await paystack.listCharges({
      ...{ from, to, page },
      status: 'success',
    });
    yield answer.charges;
    page = answer.nextPage;
  }
}

/** One query a page: the orders of all its references. */
async function compareWithOurs(db: Database, charges: ChargeReport[], builder: CheckResultBuilder): Promise<void> {
  const references = charges.map(({ reference }) => reference);
  const orders = await driverCollection(db.orders)
    .find({ 'payments.reference': { $in: references } }, { projection: { payments: 1 } })
    .toArray();
  const attempts = new Map(orders.flatMap(({ payments }) => payments.map((attempt) => [attempt.reference, attempt])));
  for (const charge of charges) {
    const attempt = attempts.get(charge.reference);
    if (!attempt) builder.record(charge.reference, [`${moneyOf(charge)} came in for no order of ours`]);
    else if (!isCaptured(attempt))
      builder.record(charge.reference, [`${moneyOf(charge)} came in, and the database says ${attempt.status}`]);
    else builder.record(charge.reference, differences(attempt, charge));
  }
}

function differences(attempt: PaymentAttempt, charge: ChargeReport): string[] {
  const same = attempt.amount === charge.amount && attempt.currency === charge.currency;
  return same ? [] : [`${moneyOf(charge)} at Paystack, ${moneyOf(attempt)} in the database`];
}

/** Fully refunded and disputed charges are no longer in Paystack's list of successes, so each is verified by a call. */
async function verifyCharge(paystack: PaystackReads, order: Order, attempt: PaymentAttempt): Promise<string[]> {
  try {
    const charge = await paystack.verify(attempt.reference);
    if (charge.status === 'success') return differences(attempt, charge);
    if (isReversal(charge.status) && isAccountedFor(order, attempt)) return differences(attempt, charge);
    return [`${charge.status} at Paystack, ${attempt.status} in the database`];
  } catch (error) {
    if (isGatewayError(error, 'unknown_reference')) return ['Paystack does not know this reference'];
    throw error;
  }
}

/** True when money went back, is on its way, or the reversal is being looked into. */
function isAccountedFor(order: Order, attempt: PaymentAttempt): boolean {
  const { byRefund, byDispute, open } = returnedMoney(order, attempt);
  return byRefund + byDispute + open > 0 || attempt.reversal !== undefined || attempt.review !== undefined;
}

async function compareRefunds(paystack: PaystackReads, order: Order, charge: PaymentAttempt): Promise<string[]> {
  if (charge.gatewayId === undefined) return ['the charge has no id of Paystack in the database'];
  // A refund that names a dispute is counted with it.
  const theirs = (await listRefunds(paystack, charge.gatewayId)).filter(({ disputeId }) => disputeId === null);
  const ours = order.refunds.filter(({ reference }) => reference === charge.reference);
  const problems = ours.flatMap((refund) => compareRefund(order, refund, theirs));
  for (const report of theirs) {
    const { gatewayRefundId, merchantNote, amount, currency } = report;
    if (!isRecorded(order, report) && !ours.some((refund) => noteOf(refund) === merchantNote))
      problems.push(
        `refund ${gatewayRefundId} of ${describeAmount(amount, currency)} (${merchantNote ?? 'no note'}) is not in the database`,
      );
  }
  const back = theirs.filter(({ status }) => status !== 'failed').reduce((total, { amount }) => total + amount, 0);
  if (back > (charge.amount ?? 0))
    problems.push(`${moneyOf({ ...charge, amount: back })} went back of ${moneyOf(charge)} captured`);
  return problems;
}

/** Empty for a charge that Paystack does not know: another check reports it. */
async function listRefunds(paystack: PaystackReads, gatewayId: string): Promise<RefundReport[]> {
  try {
    return await paystack.listRefunds({ gatewayId });
  } catch (error) {
    if (isGatewayError(error, 'unknown_reference')) return [];
    throw error;
  }
}

function compareRefund(order: Order, refund: Refund, theirs: readonly RefundReport[]): string[] {
  const found = findOurs(theirs, refund, order);
  if (found && found.duplicateIds.length > 0)
    return [`refund ${refund.refundId} was made ${found.duplicateIds.length + 1} times`];
  const only = found?.report;
  if (!only) return refund.gatewayRefundId === undefined ? [] : [`refund ${refund.refundId} is not at Paystack`];
  if (only.merchantNote?.startsWith('rf:') && only.merchantNote !== noteOf(refund))
    return [`refund ${refund.refundId} is called ${only.merchantNote} at Paystack`];
  const problems: string[] = [];
  // Only under our own note: a refund that staff made at Paystack instead of ours may have another amount.
  if (only.merchantNote === noteOf(refund) && only.amount !== refund.amount)
    problems.push(
      `refund ${refund.refundId} is of ${describeAmount(only.amount, only.currency)} at Paystack, of ${describeAmount(refund.amount, only.currency)} in the database`,
    );
  // Only once ours has ended: the state of an open refund may not have been read from Paystack yet.
  const theirState = toRefundState(only.status);
  const ended = refund.state === 'processed' || refund.state === 'failed';
  if (ended && theirState !== refund.state)
    problems.push(`refund ${refund.refundId} is ${theirState} at Paystack, ${refund.state} in the database`);
  return problems;
}

function moneyOf({ amount, currency }: { amount?: number | undefined; currency?: string | undefined }): string {
  return amount === undefined ? 'nothing' : describeAmount(amount, currency ?? '').trim();
}
