/** Agendash over a million finished runs: how long it takes, and how long it holds up other answers of its process. */
import { setTimeout as delay } from 'node:timers/promises';
import { JOB_NAMES, JOBS_COLLECTION, type JobName } from '../../../jobs/agenda/job-collection.ts';
import { createUser } from '../../../models/accounts/create-user.ts';
import type { Database } from '../../../models/db/database.ts';
import { hashPassword } from '../../../server/auth/passwords.ts';
import type { Bench } from '../bench.ts';
import { median } from '../contest.ts';
import { formatNumber } from '../report.ts';
import { type BenchServer, startBenchServer } from './bench-server.ts';

const RUNS = 1_000_000;
const INSERTED_AT_ONCE = 20_000;
const NAMES: readonly JobName[] = JOB_NAMES;
const PASSWORD = 'a password for the bench';
const ROUNDS = 5;
const OTHERS_EVERY_MS = 2;

const PAGES = ['/api', '/api?state=completed', '/api?state=running', '/api?job=sendEmails&skip=200', '/api?q=send'];

export async function measureAgendash({ mongo, report, progress }: Bench): Promise<void> {
  const shop = await startBenchServer(mongo, ['web']);
  try {
    await storeRuns(shop.db, RUNS);
    progress(`agendash: ${formatNumber(RUNS)} finished runs are stored`);
    const headers = await signInStaff(shop);
    await openAll(shop, headers);
    const rounds: { slowest: number; heldUp: number }[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const alone = await longestOther(shop, () => delay(1_000));
      let slowest = 0;
      const beside = await longestOther(shop, async () => {
        slowest = Math.max(...(await openAll(shop, headers)));
      });
      rounds.push({ slowest, heldUp: Math.max(0, beside - alone) });
      progress(`agendash, round ${round}/${ROUNDS}: ${formatNumber(slowest)} ms, others ${formatNumber(beside)} ms`);
    }
    const slowest = median(rounds.map((round) => round.slowest));
    const heldUp = median(rounds.map((round) => round.heldUp));
    report.table({
      title: `Agendash over ${formatNumber(RUNS)} finished runs, ms`,
      columns: ['', 'median of the rounds', 'longest'],
      rows: [
        ['the slowest page', formatNumber(slowest), formatNumber(Math.max(...rounds.map((round) => round.slowest)))],
        ['others are held up', formatNumber(heldUp), formatNumber(Math.max(...rounds.map((round) => round.heldUp)))],
      ],
      notes: ['Held up: the longest of other answers beside Agendash, less the longest without it.'],
    });
    const goal = { unit: ' ms', smallerIsBetter: true } as const;
    report.goal({ measure: 'Agendash, slowest page', value: slowest, mustReach: 1_000, aimFor: 500, ...goal });
    report.goal({ measure: 'Agendash holds others up', value: heldUp, mustReach: 50, aimFor: 20, ...goal });
  } finally {
    await shop.stop();
  }
}

async function storeRuns(db: Database, count: number): Promise<void> {
  const jobs = db.connection.collection(JOBS_COLLECTION);
  const now = Date.now();
  for (let stored = 0; stored < count; stored += INSERTED_AT_ONCE) {
    const runs = Array.from({ length: INSERTED_AT_ONCE }, (_, index) => {
      const at = new Date(now - ((stored + index) % 300_000));
      return {
        ...{ name: NAMES[index % NAMES.length], type: 'normal', priority: 0, data: { outcome: 'sent 1, refused 0' } },
        ...{
          nextRunAt: null,
          lockedAt: null,
          failedAt: null,
          lastRunAt: at,
          lastFinishedAt: at,
          lastModifiedBy: 'bench',
        },
      };
    });
    await jobs.insertMany(runs, { ordered: false });
  }
}

async function signInStaff({ db }: BenchServer): Promise<Record<string, string>> {
  const email = 'staff@bench.example';
  const passwordHash = await hashPassword(PASSWORD);
  await createUser(db, { email, name: 'Staff', role: 'owner', passwordHash }, new Date());
  return { authorization: `Basic ${Buffer.from(`${email}:${PASSWORD}`).toString('base64')}` };
}

/** The time of each page, ms. */
async function openAll({ url }: BenchServer, headers: Record<string, string>): Promise<number[]> {
  const times: number[] = [];
  for (const page of PAGES) {
    const startedAt = performance.now();
    const reply = await fetch(`${url}/agendash${page}`, { headers });
    await reply.arrayBuffer();
    if (!reply.ok) throw new Error(`${page} is answered ${reply.status}`);
    times.push(performance.now() - startedAt);
  }
  return times;
}

/** The longest of the answers, ms, that a page without a database takes while `work` runs. */
async function longestOther({ url }: BenchServer, work: () => Promise<unknown>): Promise<number> {
  let over = false;
  const working = work().finally(() => {
    over = true;
  });
  let longest = 0;
  while (!over) {
    const startedAt = performance.now();
    await (await fetch(`${url}/openapi.json`)).arrayBuffer();
    longest = Math.max(longest, performance.now() - startedAt);
    await delay(OTHERS_EVERY_MS);
  }
  await working;
  return longest;
}
