/**
 * The checks at the end of each integration test: the audit, then a comparison of three independent records. These are
 * the database, the sandbox's ledger and the mailbox, never the API. A failure lists each disagreement with its ids.
 */

import type { Mail, Mailbox } from '../../dev/mailbox/mailbox.ts';
import type { Ledger, LedgerTransaction, PaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';
import type { Clock } from '../../jobs/ports.ts';
import { type AuditOptions, runAudit } from '../../models/audit/audit.ts';
import { isCaptured } from '../../models/audit/money.ts';
import type { Database } from '../../models/db/database.ts';
import type { Email } from '../../models/messaging/email-document.ts';
import { parseOutboxId } from '../../models/messaging/outbox-id.ts';
import type { Order, PaymentAttempt, Refund } from '../../models/order/order-document.ts';
import { returnedMoney } from '../../models/payment/returned-money.ts';
import type { Payout } from '../../models/payout/payout-document.ts';
import { linesOf, type PayoutLine } from '../../models/payout/payout-line-document.ts';

export interface ShopRecords {
  db: Database;
  sandbox: Pick<PaystackSandbox, 'ledger'>;
  mailbox: Pick<Mailbox, 'mails'>;
  /** The clock that dates the documents, by default the system's. A TestApp has this shape. */
  ctx?: { clock: Clock };
}

export interface InvariantOptions extends Partial<AuditOptions> {
  /**
   * Copies of an email are right only after a lost reply or a paused sender. Such a test allows copies of every email,
   * or one copy of each email with one of these keys.
   */
  copies?: 'allowed' | 'forbidden' | readonly string[];
  /** References of charges that the database cannot know yet, because the test ends before any verification. */
  unknown?: readonly string[];
  /** References of charges that were refunded at Paystack's dashboard. */
  refundedOutside?: readonly string[];
  /** Our ids of refunds that Paystack may have twice, because a worker was paused between listing and sending. */
  duplicates?: readonly string[];
}

/**
 * Throws an error that names every violation. `now` and the grace are the audit's; with grace 0, no work may be
 * overdue.
 */
export async function assertInvariants(records: ShopRecords, options: InvariantOptions = {}): Promise<void> {
  const problems = await findBrokenInvariants(records, options);
  if (problems.length === 0) return;
  throw new Error(`${problems.length} invariants do not hold:\n${problems.map((line) => `- ${line}`).join('\n')}`);
}

/** The violations as a list. */
export async function findBrokenInvariants(
  { db, sandbox, mailbox, ctx }: ShopRecords,
  { copies = 'forbidden', unknown = [], refundedOutside = [], duplicates = [], ...auditOptions }: InvariantOptions = {},
): Promise<string[]> {
  const { checks } = await runAudit(db, { now: ctx?.clock.now() ?? new Date(), ...auditOptions });
  // A worker may still write. Records that the database must contain are read before the database; records that must
  // confirm it are read after.
  const before = { ledger: sandbox.ledger(), mails: mailbox.mails() };
  const [orders, emails] = await Promise.all([db.orders.find().lean<Order[]>(), db.emails.find().lean<Email[]>()]);
  const after = { ledger: sandbox.ledger(), mails: mailbox.mails() };
  return [
    ...checks.flatMap(({ id, name, violations }) => violations.map((one) => `${id} ${name}: ${one.id}: ${one.detail}`)),
    ...findUnknownCharges(orders, before.ledger, new Set(unknown)),
    ...findInventedCharges(orders, after.ledger),
    ...findUnknownRefunds(orders, before.ledger, new Set(refundedOutside)),
    ...compareRefunds(orders, after.ledger, new Set(duplicates)),
    ...compareReturned(orders, after.ledger),
    ...compareDisputes(orders, after.ledger, ctx?.clock.now() ?? new Date()),
    ...(await findWrongPayouts(db, after.ledger)),
    ...findUnknownMails(emails, before.mails),
    ...compareMails(emails, after.mails, copies, orders),
  ];
}

/** I3: each charge that Paystack captured is captured in the database, for the same amount. */
function findUnknownCharges(orders: Order[], { charges }: Ledger, unknown: ReadonlySet<string>): string[] {
  const ours = attemptsOf(orders);
  return charges
    .filter(({ reference }) => !unknown.has(reference))
    .flatMap((charge) => differencesOf(charge, ours.get(charge.reference)));
}

/** I3 in the other direction. */
function findInventedCharges(orders: Order[], { charges }: Ledger): string[] {
  const theirs = new Set(charges.map(({ reference }) => reference));
  return [...attemptsOf(orders).values()]
    .filter((attempt) => isCaptured(attempt) && !theirs.has(attempt.reference))
    .map(
      ({ reference, status }) => `I3 ${reference}: ${status} in the database, never captured in the sandbox's ledger`,
    );
}

function attemptsOf(orders: Order[]): Map<string, PaymentAttempt> {
  return new Map(orders.flatMap(({ payments }) => payments.map((attempt) => [attempt.reference, attempt])));
}

function differencesOf(charge: LedgerTransaction, attempt: PaymentAttempt | undefined): string[] {
  const { reference, amount, currency, id } = charge;
  const captured = `I3 ${reference}: ${amount} ${currency} captured in the sandbox's ledger`;
  if (!attempt) return [`${captured}, no order in the database has this reference`];
  if (!isCaptured(attempt)) return [`${captured}, ${attempt.status} in the database`];
  const same = attempt.amount === amount && attempt.currency === currency && attempt.gatewayId === String(id);
  return same
    ? []
    : [`${captured} as ${id}, ${attempt.amount} ${attempt.currency} as ${attempt.gatewayId} in the database`];
}

/** A refund that repeats the money of a dispute is counted with the dispute. */
const isOrdinary = ({ disputeId }: Ledger['refunds'][number]) => disputeId === null;

/** I16: each refund at Paystack is in the database, unless it was made at the dashboard. */
function findUnknownRefunds(orders: Order[], { refunds }: Ledger, outside: ReadonlySet<string>): string[] {
  const ours = refundsByNote(orders);
  // A refund of ours may stand for one made at the dashboard; it then has Paystack's id.
  const named = new Set([...ours.values()].map(({ gatewayRefundId }) => gatewayRefundId));
  return refunds
    .filter(isOrdinary)
    .filter(({ id, merchantNote }) => !named.has(String(id)) && (merchantNote === null || !ours.has(merchantNote)))
    .filter(({ reference, merchantNote }) => merchantNote?.startsWith('rf:') || !outside.has(reference))
    .map(
      ({ id, reference, merchantNote }) =>
        `I16 ${reference}: the ledger's refund ${id} (${merchantNote}) is not in the database`,
    );
}

/** I16: each refund of ours is in the ledger once, with the same amount and state, and no charge is over-refunded. */
function compareRefunds(orders: Order[], ledger: Ledger, duplicates: ReadonlySet<string>): string[] {
  // A copy that is entered as a refund of its own is found by its id.
  const copies = new Set(
    orders.flatMap(({ refunds: ours }) =>
      ours.flatMap(({ copyOf, gatewayRefundId }) => (copyOf ? [gatewayRefundId] : [])),
    ),
  );
  const originals = ledger.refunds.filter(({ id }) => !copies.has(String(id)));
  const theirs = groupBy(originals, ({ merchantNote }) => merchantNote ?? '');
  const byId = new Map(ledger.refunds.map((refund) => [String(refund.id), refund]));
  const problems = [...refundsByNote(orders)].flatMap(([note, refund]) => {
    // A refund made at the dashboard, for which ours stands, has no note of ours.
    const instead = byId.get(refund.gatewayRefundId ?? '');
    return compareRefund(refund, theirs.get(note) ?? (instead ? [instead] : []), duplicates);
  });
  for (const { reference, amount, refunds } of ledger.charges) {
    const back = refunds
      .filter((refund) => isOrdinary(refund) && refund.status !== 'failed')
      .reduce((total, refund) => total + refund.amount, 0);
    if (back > amount) problems.push(`I16 ${reference}: ${back} went back of ${amount} captured in the ledger`);
  }
  return problems;
}

/** I23: of each charge, what the database counts as returned by Paystack is what the ledger says. */
function compareReturned(orders: Order[], { charges }: Ledger): string[] {
  const byReference = new Map(orders.flatMap((order) => order.payments.map((attempt) => [attempt.reference, order])));
  return charges.flatMap(({ reference, amount, refunds, disputes }) => {
    const order = byReference.get(reference);
    const attempt = order?.payments.find((one) => one.reference === reference);
    if (!order || attempt?.amount === undefined) return [];
    // A sum that staff entered by hand has no refund in the ledger.
    if (order.refunds.some((refund) => refund.cause === 'external' && !refund.gatewayRefundId)) return [];
    const { byRefund, byDispute } = returnedMoney(order, attempt);
    const lost = disputes
      .filter(({ status, resolution }) => status === 'resolved' && resolution !== null && resolution !== 'declined')
      .reduce((total, dispute) => total + (dispute.amount ?? amount), 0);
    const processed = refunds
      .filter((refund) => isOrdinary(refund) && refund.status === 'processed')
      .reduce((total, refund) => total + refund.amount, 0);
    return [
      ...(lost === byDispute
        ? []
        : [`I23 ${reference}: ${lost} lost in disputes in the ledger, ${byDispute} in the database`]),
      ...(byRefund <= processed
        ? []
        : [`I23 ${reference}: ${processed} refunded in the ledger, ${byRefund} in the database`]),
    ];
  });
}

const HOUR_MS = 3600_000;

/**
 * I20: each dispute of a charge of ours is known within an hour, with the end that it has there. Paystack got one answer each
 * time that it awaited one, and the answer that the database calls sent is there.
 */
function compareDisputes(orders: Order[], { disputes }: Ledger, now: Date): string[] {
  const references = attemptsOf(orders);
  const ours = new Map(orders.flatMap((order) => order.disputes.map((dispute) => [dispute.disputeId, dispute])));
  return disputes.flatMap(({ id, reference, createdAt, history, messages }) => {
    const name = `I20 ${reference}: dispute ${id}`;
    const known = ours.get(String(id));
    const isYoung = now.getTime() - Date.parse(createdAt) <= HOUR_MS;
    if (known === undefined) return references.has(reference) && !isYoung ? [`${name} is not in the database`] : [];
    const answers = messages.filter(({ sender }) => sender === 'merchant').length;
    const awaited = history.filter(({ status }) => status === 'awaiting-merchant-feedback').length;
    return [
      ...(answers > Math.max(1, awaited) ? [`${name} was answered ${answers} times, and awaited ${awaited}`] : []),
      ...(known.answer?.sentAt !== undefined && answers === 0 ? [`${name}: no answer is in the ledger`] : []),
    ];
  });
}

/** I21: each payout that the database calls proved has the ledger's sums, and exactly the ledger's charges. */
async function findWrongPayouts(db: Database, { settlements, transactions }: Ledger): Promise<string[]> {
  const payouts = await db.payouts.find({ state: 'proved' }).lean<Payout[]>();
  const problems = payouts.map(async ({ _id, gross, fees, net }) => {
    const settlement = settlements.find(({ id }) => String(id) === _id);
    if (!settlement) return [`I21 ${_id}: proved in the database, no such settlement in the ledger`];
    const lines = await db.payoutLines.find(linesOf(_id)).lean<PayoutLine[]>();
    const theirs = transactions.filter(({ id }) => settlement.transactionIds.includes(id));
    const same = (ours: unknown[], ledger: unknown[]) => String([...ours].sort()) === String([...ledger].sort());
    const sums = same([gross, fees, net], [settlement.gross, settlement.fees, settlement.net]);
    const charges = same(
      lines.map(({ reference }) => reference),
      theirs.map(({ reference }) => reference),
    );
    return sums && charges ? [] : [`I21 ${_id}: proved in the database, and not what the ledger paid out`];
  });
  return (await Promise.all(problems)).flat();
}

function refundsByNote(orders: Order[]): Map<string, Refund> {
  return new Map(orders.flatMap(({ refunds }) => refunds.map((refund) => [`rf:${refund.refundId}`, refund])));
}

function compareRefund(
  { refundId, reference, amount, state, gatewayRefundId, paidElsewhereBy, cause }: Refund,
  theirs: Ledger['refunds'],
  duplicates: ReadonlySet<string>,
): string[] {
  const name = `I16 ${reference}: refund ${refundId}`;
  const problems: string[] = [];
  if (theirs.length > 1 && !duplicates.has(refundId))
    problems.push(`${name} stands ${theirs.length} times in the ledger (${theirs.map(({ id }) => id).join(', ')})`);
  const known = theirs.find(({ id }) => String(id) === gatewayRefundId) ?? theirs[0];
  if (!known)
    return state === 'processed' && paidElsewhereBy === undefined && !(cause === 'external' && !gatewayRefundId)
      ? [`${name} is processed in the database, not in the ledger at all`]
      : problems;
  if (known.amount !== amount) problems.push(`${name} is of ${amount}, of ${known.amount} in the ledger (${known.id})`);
  const ended = state === 'processed' || state === 'failed';
  if (ended && known.status !== state)
    problems.push(`${name} is ${state}, ${known.status} in the ledger (${known.id})`);
  return problems;
}

/** I7: each email that arrived is in the outbox. */
function findUnknownMails(emails: Email[], mails: Mail[]): string[] {
  const outbox = new Set(emails.map(({ _id }) => _id));
  return mails
    .filter(({ key }) => key === null || !outbox.has(key))
    .map(({ subject, key }) => `I7 "${subject}" (${key ?? 'without a key'}) arrived, the outbox has no such row`);
}

/** I7: each email that the outbox calls sent has arrived, once or in copies. */
function compareMails(
  emails: Email[],
  mails: Mail[],
  copies: NonNullable<InvariantOptions['copies']>,
  orders: Order[],
): string[] {
  const mayDiffer = toldAnew(orders);
  // An email to staff goes to each of them once.
  const arrived = groupBy(mails, ({ key, to }) => (key?.startsWith('staff:') ? `${key} to ${to}` : (key ?? '')));
  const known = new Set(mails.map(({ key }) => key));
  const missing = emails
    .filter(({ _id, state }) => state === 'sent' && !known.has(_id))
    .map(({ _id }) => `I7 ${_id}: sent says the outbox, the mailbox has no such mail`);
  const problems = [...arrived].flatMap(([key, same]) => {
    const contents = new Set(same.map(({ to, subject, text, html }) => JSON.stringify([to, subject, text, html])));
    return [
      ...(contents.size > 1 && !mayDiffer(key) ? [`I7 ${key}: its ${same.length} copies are not the same`] : []),
      ...(same.length > mostArrivals(key, copies) ? [`I7 ${key}: arrived ${same.length} times`] : []),
    ];
  });
  return [...missing, ...problems];
}

/**
 * Each copy says what is true of the order when it is sent, such as which units are still to come. So copies may differ
 * only when the order has changed since the event that owes the email.
 */
function toldAnew(orders: Order[]): (key: string) => boolean {
  const lastChange = new Map(orders.map(({ _id, history }) => [String(_id), history.at(-1)?.seq ?? 0]));
  return (key) => {
    const email = parseOutboxId(key);
    return email?.about === 'order' && (lastChange.get(email.orderId) ?? 0) > email.seq;
  };
}

function mostArrivals(key: string, copies: NonNullable<InvariantOptions['copies']>): number {
  if (typeof copies === 'string') return copies === 'allowed' ? Number.POSITIVE_INFINITY : 1;
  return copies.includes(key) ? 2 : 1;
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}
