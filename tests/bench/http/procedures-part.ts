/** Latency at a fixed rate and requests per second at saturation, for each procedure and its bare Express route. */
import autocannon, { type Result, type SentRequest } from 'autocannon';
import type { Bench } from '../bench.ts';
import { median } from '../contest.ts';
import { startCpuWatch } from '../cpu.ts';
import { storeShop } from '../fill.ts';
import { formatNumber } from '../report.ts';
import { assertConsistent } from '../round-database.ts';
import { startBenchServer } from './bench-server.ts';
import { type Child, startChild } from './child.ts';
import { measureOutputs } from './outputs.ts';
import { type Calls, listProcedures, type Procedure } from './procedures.ts';
import { openSide } from './side.ts';

const WARM_UP_SECONDS = 1.5;
const FIXED_SECONDS = 1.2;
const SATURATED_SECONDS = 1.2;
const ROUNDS = 3;
const CONNECTIONS = 16;

/** One value per round. Processor time is in ms per request at saturation; `process` is the server of that side. */
interface Samples {
  p50: number[];
  p99: number[];
  perSecond: number[];
  processMs: number[];
  mongodMs: number[];
  clientMs: number[];
}

export async function measureProcedures({ mongo, report, progress }: Bench): Promise<void> {
  const shop = await startBenchServer(mongo, ['web']);
  const bareDb = await mongo.openFresh();
  let bare: Child | null = null;
  const rows: string[][] = [];
  const shopMs = new Map<string, number>();
  try {
    await storeShop(bareDb, shop.catalogue, new Date());
    const env = { ...shop.environment, BENCH_DB_NAME: bareDb.connection.name };
    bare = await startChild('./bare-process.ts', import.meta.url, env);
    const ours = await openSide(shop.url, shop);
    const theirs = await openSide(bare.url, {
      db: bareDb,
      catalogue: shop.catalogue,
      signUp: (n) => shop.signUp(n, bareDb),
    });
    for (const procedure of listProcedures(ours, theirs, shop.catalogue)) {
      const [measured, baseline] = await compare(procedure, { mongo: mongo.pids, ours: shop.pids, bare: [bare.pid] });
      const ratio = median(measured.perSecond) / median(baseline.perSecond);
      progress(
        `${procedure.name}: ${formatNumber(median(measured.perSecond))}/s, ${formatNumber(ratio)} of bare Express`,
      );
      rows.push(rowOf(`${procedure.name} (${procedure.rate}/s)`, measured, formatNumber(ratio)));
      rows.push(rowOf('  bare Express', baseline, ''));
      shopMs.set(procedure.name, median(measured.processMs));
      report.goal({
        measure: `${procedure.name} ÷ bare Express, at saturation`,
        value: ratio,
        unit: '',
        mustReach: 0.5,
        aimFor: 0.8,
      });
    }
    await measureOutputs(report, ours, shopMs);
    await assertConsistent(shop.db);
  } finally {
    await bare?.stop();
    await mongo.discard(bareDb);
    await shop.stop();
  }
  reportTables(report, rows);
}

function reportTables(report: Bench['report'], rows: string[][]): void {
  report.table({
    title: 'Procedures by themselves, web role alone',
    columns: [
      '',
      'p50 at fixed rate, ms',
      'p99, ms',
      'at saturation, requests/s',
      'of bare',
      'its CPU, ms/request',
      'mongod CPU',
      'client CPU',
    ],
    rows,
    notes: [
      `Medians of ${ROUNDS} rounds in turns. Fixed rates by autocannon -R for ${FIXED_SECONDS} s a round; saturation by ${CONNECTIONS} connections, ${SATURATED_SECONDS} s a round. Processor time is that at saturation.`,
      'Both send the same commands for a call by itself. At saturation ours sends one command for all lookups of one event-loop tick (models/db/batching/batch-loader), the bare route one for each.',
    ],
  });
}

function rowOf(label: string, samples: Samples, ratio: string): string[] {
  const { p50, p99, perSecond, processMs, mongodMs, clientMs } = samples;
  const cell = (values: number[]) => formatNumber(median(values));
  return [label, cell(p50), cell(p99), cell(perSecond), ratio, cell(processMs), cell(mongodMs), cell(clientMs)];
}

interface Pids {
  mongo: readonly number[];
  ours: readonly number[];
  bare: readonly number[];
}

async function compare(procedure: Procedure, pids: Pids): Promise<[Samples, Samples]> {
  const empty = (): Samples => ({ p50: [], p99: [], perSecond: [], processMs: [], mongodMs: [], clientMs: [] });
  const [ours, bare] = [empty(), empty()];
  const sides = [
    { calls: procedure.ours, samples: ours, processes: pids.ours },
    { calls: procedure.bare, samples: bare, processes: pids.bare },
  ];
  // Unmeasured: before V8 has compiled the code, each call takes several times as long.
  for (const { calls } of sides) await fire(calls, WARM_UP_SECONDS);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { calls, samples } of sides) {
      const { latency } = await fire(calls, FIXED_SECONDS, procedure.rate);
      samples.p50.push(latency.p50);
      samples.p99.push(latency.p99);
    }
    for (const { calls, samples, processes } of sides) {
      await calls.supply?.topUp();
      const [process, mongod] = [startCpuWatch(processes), startCpuWatch(pids.mongo)];
      const { requests, duration } = await fire(calls, SATURATED_SECONDS);
      const { serverMs, clientMs } = process();
      samples.perSecond.push(requests.total / duration);
      samples.processMs.push((serverMs ?? Number.NaN) / requests.total);
      samples.mongodMs.push((mongod().serverMs ?? Number.NaN) / requests.total);
      samples.clientMs.push(clientMs / requests.total);
    }
  }
  return [ours, bare];
}

/** Runs for `duration` seconds, or until the supply is low. */
async function fire({ url, make, supply }: Calls, duration: number, overallRate?: number): Promise<Result> {
  await supply?.topUp();
  const setupRequest = (request: SentRequest) => {
    if (supply?.isLow()) running.stop();
    return { ...request, ...make() };
  };
  const running = autocannon({
    url,
    connections: CONNECTIONS,
    duration,
    requests: [{ setupRequest }],
    ...(overallRate === undefined ? {} : { overallRate }),
  });
  const result = await running;
  const { non2xx, errors, requests } = result;
  if (non2xx > 0 || errors > 0)
    throw new Error(`${make().path}: ${non2xx} refusals and ${errors} errors of ${requests.total}`);
  return result;
}
