/**
 * What must hold at the end of every test of the whole: the audit of the database, and then the three books side by side
 * that nobody keeps for each other: the database, the sandbox Paystack's own ledger, and the mailbox. The application's
 * API is never the witness. A failure lists every disagreement with the ids to look for.
 */

import type { Mail, Mailbox } from '../../dev/mailbox/mailbox.ts';
import type { Ledger, LedgerTransaction, PaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';
import type { Clock } from '../../jobs/ports.ts';
import { type AuditOptions, runAudit } from '../../models/audit/audit.ts';
import { isCaptured } from '../../models/audit/money.ts';
import type { Database } from '../../models/db/database.ts';
import type { Email } from '../../models/messaging/email-document.ts';
import type { Order, PaymentAttempt, Refund } from '../../models/order/order-document.ts';

export interface Books {
  db: Database;
  sandbox: Pick<PaystackSandbox, 'ledger'>;
  mailbox: Pick<Mailbox, 'mails'>;
  /** Whose clock dates the documents; the system's when missing. A TestApp fits as it is. */
  ctx?: { clock: Clock };
}

export interface InvariantOptions extends Partial<AuditOptions> {
  /**
   * A copy of an email is only right where a reply was lost or a sender was paused: a test that does that allows copies of
   * every email, or, where it knows which, one copy of each that has one of these keys.
   */
  copies?: 'allowed' | 'forbidden' | readonly string[];
  /** Charges that the database cannot have heard of yet, by reference: the test ends before anybody asked. */
  unheard?: readonly string[];
  /** Charges of which Paystack holds refunds that were made at its dashboard, by reference. */
  refundedOutside?: readonly string[];
  /** Refunds that Paystack may hold twice, by our id: a worker was paused between listing and sending. */
  twins?: readonly string[];
}

/** Throws an error that names every violation. `now` and the grace are those of the audit; grace 0 asks for perfect rest. */
export async function assertInvariants(books: Books, options: InvariantOptions = {}): Promise<void> {
  const problems = await findBrokenInvariants(books, options);
  if (problems.length === 0) return;
  throw new Error(`${problems.length} invariants do not hold:\n${problems.map((line) => `- ${line}`).join('\n')}`);
}

/** The same as a list; empty when all hold. */
export async function findBrokenInvariants(
  { db, sandbox, mailbox, ctx }: Books,
  { copies = 'forbidden', unheard = [], refundedOutside = [], twins = [], ...auditOptions }: InvariantOptions = {},
): Promise<string[]> {
  const { checks } = await runAudit(db, { now: ctx?.clock.now() ?? new Date(), ...auditOptions });
  // A worker may be at work meanwhile. What others hold must be known to us: theirs is read before ours; what we claim
  // must be held by others: theirs is read after ours.
  const before = { ledger: sandbox.ledger(), mails: mailbox.mails() };
  const [orders, emails] = await Promise.all([db.orders.find().lean<Order[]>(), db.emails.find().lean<Email[]>()]);
  const after = { ledger: sandbox.ledger(), mails: mailbox.mails() };
  return [
    ...checks.flatMap(({ id, name, violations }) => violations.map((one) => `${id} ${name}: ${one.id}: ${one.detail}`)),
    ...findUnknownCharges(orders, before.ledger, new Set(unheard)),
    ...findInventedCharges(orders, after.ledger),
    ...findUnknownRefunds(orders, before.ledger, new Set(refundedOutside)),
    ...compareRefunds(orders, after.ledger, new Set(twins)),
    ...findUnknownMails(emails, before.mails),
    ...compareMails(emails, after.mails, copies),
  ];
}

/** I3: what Paystack captured is captured in our books, for the same money. */
function findUnknownCharges(orders: Order[], { charges }: Ledger, unheard: ReadonlySet<string>): string[] {
  const ours = attemptsOf(orders);
  return charges
    .filter(({ reference }) => !unheard.has(reference))
    .flatMap((charge) => differencesOf(charge, ours.get(charge.reference)));
}

/** I3, the other way round. */
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

/** I16: what goes back is in our books, unless somebody else gave it back. */
function findUnknownRefunds(orders: Order[], { refunds }: Ledger, outside: ReadonlySet<string>): string[] {
  const ours = refundsByNote(orders);
  // Ours may stand for one that somebody made at Paystack, and names it by Paystack's id.
  const named = new Set([...ours.values()].map(({ gatewayRefundId }) => gatewayRefundId));
  return refunds
    .filter(({ id, merchantNote }) => !named.has(String(id)) && (merchantNote === null || !ours.has(merchantNote)))
    .filter(({ reference, merchantNote }) => merchantNote?.startsWith('rf:') || !outside.has(reference))
    .map(
      ({ id, reference, merchantNote }) =>
        `I16 ${reference}: the ledger's refund ${id} (${merchantNote}) is not in the database`,
    );
}

/** I16: each refund of ours stands once in the ledger, as it should, and never more goes back than came in. */
function compareRefunds(orders: Order[], ledger: Ledger, twins: ReadonlySet<string>): string[] {
  const theirs = groupBy(ledger.refunds, ({ merchantNote }) => merchantNote ?? '');
  const byId = new Map(ledger.refunds.map((refund) => [String(refund.id), refund]));
  const problems = [...refundsByNote(orders)].flatMap(([note, refund]) => {
    // Somebody at Paystack may have made the refund that ours stands for: it carries no note of ours.
    const instead = byId.get(refund.gatewayRefundId ?? '');
    return compareRefund(refund, theirs.get(note) ?? (instead ? [instead] : []), twins);
  });
  for (const { reference, amount, refunds } of ledger.charges) {
    const back = refunds
      .filter(({ status }) => status !== 'failed')
      .reduce((total, refund) => total + refund.amount, 0);
    if (back > amount) problems.push(`I16 ${reference}: ${back} went back of ${amount} captured in the ledger`);
  }
  return problems;
}

function refundsByNote(orders: Order[]): Map<string, Refund> {
  return new Map(orders.flatMap(({ refunds }) => refunds.map((refund) => [`rf:${refund.refundId}`, refund])));
}

function compareRefund(
  { refundId, reference, amount, state, gatewayRefundId, paidElsewhereBy }: Refund,
  theirs: Ledger['refunds'],
  twins: ReadonlySet<string>,
): string[] {
  const name = `I16 ${reference}: refund ${refundId}`;
  const problems: string[] = [];
  if (theirs.length > 1 && !twins.has(refundId))
    problems.push(`${name} stands ${theirs.length} times in the ledger (${theirs.map(({ id }) => id).join(', ')})`);
  const known = theirs.find(({ id }) => String(id) === gatewayRefundId) ?? theirs[0];
  if (!known)
    return state === 'processed' && paidElsewhereBy === undefined
      ? [`${name} is processed in the database, not in the ledger at all`]
      : problems;
  if (known.amount !== amount) problems.push(`${name} is of ${amount}, of ${known.amount} in the ledger (${known.id})`);
  const ended = state === 'processed' || state === 'failed';
  if (ended && known.status !== state)
    problems.push(`${name} is ${state}, ${known.status} in the ledger (${known.id})`);
  return problems;
}

/** I7: nothing arrived that the outbox does not know. */
function findUnknownMails(emails: Email[], mails: Mail[]): string[] {
  const outbox = new Set(emails.map(({ _id }) => _id));
  return mails
    .filter(({ key }) => key === null || !outbox.has(key))
    .map(({ subject, key }) => `I7 "${subject}" (${key ?? 'without a key'}) arrived, the outbox has no such row`);
}

/** I7: what the outbox calls sent has arrived, once or in copies that are all the same. */
function compareMails(emails: Email[], mails: Mail[], copies: NonNullable<InvariantOptions['copies']>): string[] {
  const arrived = groupBy(mails, ({ key }) => key ?? '');
  const missing = emails
    .filter(({ _id, state }) => state === 'sent' && !arrived.has(_id))
    .map(({ _id }) => `I7 ${_id}: sent says the outbox, the mailbox has no such mail`);
  const problems = [...arrived].flatMap(([key, same]) => {
    const contents = new Set(same.map(({ to, subject, text, html }) => JSON.stringify([to, subject, text, html])));
    return [
      ...(contents.size > 1 ? [`I7 ${key}: its ${same.length} copies are not the same`] : []),
      ...(same.length > mostArrivals(key, copies) ? [`I7 ${key}: arrived ${same.length} times`] : []),
    ];
  });
  return [...missing, ...problems];
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
