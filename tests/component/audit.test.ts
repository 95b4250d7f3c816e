/**
 * The audit on a real database: no violation where only the models wrote, complete sums, bounded lists. For violations
 * see audit-findings.test.ts.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { runAuditOnce } from '../../jobs/audit/run-audit.ts';
import { AUDIT_CHECKS, runAudit } from '../../models/audit/audit.ts';
import { MAX_LISTED } from '../../models/audit/check.ts';
import { readAuditState, SLICE_EVERY_MS, YOUNG_EVERY_MS } from '../../models/audit-state/audit-state.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { type AuditedDatabase, AUDITED_AT as now, openAuditedDatabase } from '../support/audited-database.ts';
import { openOwnDatabase } from '../support/orders.ts';
import { fakeClock } from '../support/test-app.ts';

let books: AuditedDatabase;
beforeAll(async () => {
  books = await openAuditedDatabase();
});
afterAll(() => books.close());

test('a database written by the models alone has no violation', async () => {
  const report = await books.audit();
  expect(report.checks.flatMap(({ name, violations }) => violations.map((found) => ({ name, ...found })))).toEqual([]);
  expect(report.clean).toBe(true);
  expect(report.checks.map(({ name }) => name)).toEqual(AUDIT_CHECKS.map(({ name }) => name));
  expect(new Set(AUDIT_CHECKS.map(({ name }) => name)).size).toBe(AUDIT_CHECKS.length);
});

test('the sums per currency are all of the captured money, each in its place', async () => {
  const [sums, ...others] = (await books.audit()).totals;
  expect(others).toEqual([]);
  if (!sums) throw new Error('there are no totals');
  const { captured, pays, waits, owedBack, inReview, unaccounted } = sums;
  const parts = [pays, waits, owedBack, inReview].map(Number);
  expect(parts.every((part) => part > 0)).toBe(true);
  expect(parts.reduce((a, b) => a + b, 0)).toBe(Number(captured));
  expect(unaccounted).toBe('0');
});

test('an empty database is clean', async () => {
  const empty = await openOwnDatabase();
  try {
    expect(await runAudit(empty, { now })).toMatchObject({ clean: true, totals: [] });
  } finally {
    await empty.connection.close();
  }
});

test('a document too damaged to be checked is a violation, not a crash', () =>
  books.expectFindings(
    () =>
      books.onOrder('unpaid', { $set: { disputes: null, 'payments.0.status': 'succeeded', 'payments.0.amount': 1 } }),
    {
      'charge-accounted-for': [books.idOf('unpaid')],
      'derived-fields': [books.idOf('unpaid')],
      'dispute-alerts': [books.idOf('unpaid')],
      'dispute-answers': [books.idOf('unpaid')],
      'open-disputes': [books.idOf('unpaid')],
      'refund-limit': [books.idOf('unpaid')],
      'returned-limit': [books.idOf('unpaid')],
      'returned-told': [books.idOf('unpaid')],
    },
  ));

test('violations beyond the bound are counted and not listed', async () => {
  const own = await openOwnDatabase();
  try {
    const ghosts = Array.from({ length: MAX_LISTED + 7 }, () => new Types.ObjectId());
    await driverCollection(own.stockMovements).insertMany(
      ghosts.map((variantId) => ({
        _id: `initial:${variantId}`,
        reason: 'initial' as const,
        lines: [{ variantId, delta: 1 }],
        actor: 'system',
        at: now,
      })),
    );
    const { checks } = await runAudit(own, { now });
    const ledger = checks.find(({ name }) => name === 'ledger');
    expect(ledger?.violationCount).toBe(MAX_LISTED + 7);
    expect(ledger?.violations).toHaveLength(MAX_LISTED);
  } finally {
    await own.connection.close();
  }
});

test('since leaves out older orders, and counts their stock all the same', async () => {
  const tomorrow = new Date(Date.now() + 24 * 3600_000);
  const { checks, clean } = await books.audit({ since: tomorrow });
  const lookedAt = Object.fromEntries(checks.map(({ name, lookedAt }) => [name, lookedAt]));
  expect(clean).toBe(true);
  expect(lookedAt).toMatchObject({
    'money-hash': 0,
    'person-hash': 0,
    'emails-owed': 0,
    ledger: await books.db.variants.countDocuments(),
  });
});

test('every query is served by an index, and none waits for a lock or writes', async () => {
  const mongo = books.db.connection.db;
  if (!mongo) throw new Error('the connection is open');
  await mongo.command({ profile: 2 });
  try {
    await books.audit();
  } finally {
    await mongo.command({ profile: 0 });
  }
  const ops = await mongo
    .collection('system.profile')
    .find({ op: { $in: ['query', 'command', 'update', 'insert', 'remove'] }, ns: { $not: /system\.profile|\$cmd/ } })
    .toArray();
  const plans = ops.filter(({ planSummary }) => planSummary !== undefined);
  expect(plans.length).toBeGreaterThan(10);
  expect(
    plans.filter(({ planSummary }) => /COLLSCAN/.test(String(planSummary))).map(({ ns, command }) => [ns, command]),
  ).toEqual([]);
  expect(ops.filter(({ op }) => op === 'update' || op === 'insert' || op === 'remove')).toEqual([]);
});

describe('the audit beside the shop', () => {
  const SLICE = 5;
  let own: AuditedDatabase;
  let found: { check: string; documentId: string }[];
  let clock: ReturnType<typeof fakeClock>;
  let checked: number;
  beforeEach(async () => {
    own = await openAuditedDatabase();
    found = [];
    // An hour early, so that the work which the documents wait for is not overdue.
    clock = fakeClock(new Date(now.getTime() - 3600_000));
    checked = 0;
  });
  afterEach(() => own.close());

  const run = () =>
    runAuditOnce(
      {
        db: own.db,
        clock,
        stopping: new AbortController(),
        events: { auditFound: (event) => found.push(event) },
      },
      { sliceSize: SLICE },
    );
  /** Slices until a round has ended; the times at which they were checked. */
  const runRound = async () => {
    const at: Date[] = [];
    for (let slices = 0; slices < 100; slices += 1) {
      at.push(clock.now());
      const { roundEnded, checked: count } = await run();
      checked += count;
      clock.advance(SLICE_EVERY_MS);
      if (roundEnded) return at;
    }
    throw new Error('no round ended');
  };
  const takeOne = () => driverCollection(own.db.variants).updateOne({ _id: own.variant._id }, { $inc: { stock: -1 } });

  test('proves the books until the beginning of a round without a violation', async () => {
    const [first, ...later] = await runRound();
    expect(later.length).toBeGreaterThan(1);
    expect(checked).toBe(await own.db.orders.countDocuments());
    expect(await readAuditState(own.db)).toMatchObject({ provedUntil: first, violations: [] });
    expect(found).toEqual([]);
  });

  test('of workers that begin at once, one checks the slice', async () => {
    const runs = await Promise.all([run(), run(), run()]);
    expect(runs.filter(({ checked }) => checked > 0)).toHaveLength(1);
  });

  test('reports a violation once, proves nothing until it is repaired, and then no longer lists it', async () => {
    await runRound();
    const { provedUntil = null } = (await readAuditState(own.db)) ?? {};
    await takeOne();
    await runRound();
    await runRound();
    expect(found).toEqual([{ check: 'ledger', documentId: String(own.variant._id) }]);
    const violation = { check: 'ledger', id: String(own.variant._id) };
    expect(await readAuditState(own.db)).toMatchObject({ provedUntil, violations: [violation] });
    await driverCollection(own.db.variants).updateOne({ _id: own.variant._id }, { $inc: { stock: 1 } });
    const [again] = await runRound();
    expect(await readAuditState(own.db)).toMatchObject({ provedUntil: again, violations: [] });
  });

  test('finds a violation of a young order within minutes, although the round comes to it later', async () => {
    await runRound();
    clock.advance(YOUNG_EVERY_MS);
    const last = await driverCollection(own.db.orders).find({}).sort({ _id: -1 }).limit(1).next();
    if (last === null) throw new Error('there is no order');
    await driverCollection(own.db.orders).updateOne({ _id: last._id }, { $inc: { total: 1 } });
    expect(await run()).toMatchObject({ checked: SLICE, roundEnded: false });
    expect(found).toContainEqual({ check: 'total', documentId: String(last._id) });
  });
});
