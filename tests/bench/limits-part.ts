/** The throughput limits of this mongod, measured in the same run: an upper bound for any program that uses it. */

import type { Database } from '../../models/db/database.ts';
import { inTransaction } from '../../models/db/transaction.ts';
import type { Bench, Findings } from './bench.ts';
import { median } from './contest.ts';
import { startCpuWatch } from './cpu.ts';
import { formatNumber } from './report.ts';

const ROUNDS = 3;
const ROUND_MS = 700;
const COUNTERS = 1_000;
const BULK = 512;

type Limited = NonNullable<Findings['increments']>;

interface Limit {
  name: string;
  /** Operations per call. */
  each: number;
  callers: number;
  call(db: Database): Promise<unknown>;
  /** Stores the result for the comparison with settlement. */
  keep?(findings: Findings, limited: Limited): void;
}

const counters = (db: Database) => db.connection.collection<{ _id: number; n: number }>('benchCounters');

/** Spreads single updates over all counters. */
let turn = 0;
const bulkIncrements = Array.from({ length: BULK }, (_, n) => ({
  updateOne: { filter: { _id: n }, update: { $inc: { n: 1 } } },
}));

/** The cost of a transaction that writes nothing. */
const readInTransaction = (db: Database) =>
  inTransaction(db, (session) => counters(db).findOne({ _id: 0 }, { session }));

const LIMITS: Limit[] = [
  {
    name: 'bulk $inc, 512 a command, outside transactions',
    each: BULK,
    callers: 1,
    call: (db) => counters(db).bulkWrite(bulkIncrements),
  },
  {
    name: 'bulk $inc, 512 a transaction',
    each: BULK,
    callers: 1,
    call: (db) => inTransaction(db, (session) => counters(db).bulkWrite(bulkIncrements, { session })),
    keep: (findings, limited) => {
      findings.increments = limited;
    },
  },
  {
    name: 'transactions that read one document, one at a time',
    each: 1,
    callers: 1,
    call: readInTransaction,
  },
  {
    name: 'the same, 16 at once',
    each: 1,
    callers: 16,
    call: readInTransaction,
  },
  {
    name: 'transactions that insert one small document, one at a time',
    each: 1,
    callers: 1,
    keep: (findings, { perSecond }) => {
      findings.transactionsPerSecond = perSecond;
    },
    call: (db) => inTransaction(db, (session) => db.connection.collection('benchNoOps').insertOne({}, { session })),
  },
  {
    name: 'the same, 16 at once',
    each: 1,
    callers: 16,
    call: (db) => inTransaction(db, (session) => db.connection.collection('benchNoOps').insertOne({}, { session })),
  },
  {
    name: 'journalled majority $inc, one at a time',
    each: 1,
    callers: 1,
    call: (db) => {
      turn += 1;
      return counters(db).updateOne({ _id: turn % COUNTERS }, { $inc: { n: 1 } });
    },
  },
];

export async function measureLimits({ mongo, report, progress, findings }: Bench): Promise<void> {
  const db = await mongo.openFresh();
  const rows: string[][] = [];
  try {
    await counters(db).insertMany(Array.from({ length: COUNTERS }, (_, _id) => ({ _id, n: 0 })));
    await db.connection.createCollection('benchNoOps');
    for (const limit of LIMITS) {
      const perSecond: number[] = [];
      const cpu = startCpuWatch(mongo.pids);
      let done = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const { things, seconds } = await exert(db, limit);
        perSecond.push(things / seconds);
        done += things;
      }
      const { clientMs, serverMs } = cpu();
      const micros = (ms: number) => (ms * 1_000) / done;
      const limited: Limited = {
        perSecond: median(perSecond),
        clientMicros: micros(clientMs),
        serverMicros: serverMs === null ? null : micros(serverMs),
      };
      limit.keep?.(findings, limited);
      rows.push([limit.name, ...Object.values(limited).map(formatNumber)]);
      progress(`limits: ${limit.name} ${formatNumber(median(perSecond))}/s`);
    }
  } finally {
    await mongo.discard(db);
  }
  report.table({
    title: 'What this mongod can do',
    columns: ['', 'a second', 'client CPU, µs each', 'mongod CPU, µs each'],
    rows,
  });
}

async function exert(db: Database, { each, callers, call }: Limit): Promise<{ things: number; seconds: number }> {
  const startedAt = performance.now();
  let calls = 0;
  const caller = async () => {
    while (performance.now() - startedAt < ROUND_MS) {
      await call(db);
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { things: calls * each, seconds: (performance.now() - startedAt) / 1_000 };
}
