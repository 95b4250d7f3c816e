/**
 * `npm run bench` measures everything in about ten minutes. `-- --quick` is the regression guard: under a minute, and it
 * fails below half of the required ratios. `-- --long` settles a million orders; `-- --only PART` measures one part. The
 * part `search` fills a million orders, `catalogue` 20,000 products, and both run only by that option. `-- --against REV`
 * compares whole purchases with an older revision, in turns. The Markdown report goes to .cache/bench or to `--out FILE`, the
 * JSON report to `--json FILE`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type AgainstOptions, measureAgainst } from './against/against-part.ts';
import type { Bench } from './bench.ts';
import { reportBound } from './bound-part.ts';
import { measureCatalogue } from './catalogue-part.ts';
import { measureFootprint } from './footprint-part.ts';
import { measureAgendash } from './http/agendash-part.ts';
import { measureJourneys } from './http/journeys-part.ts';
import { measureLatency } from './http/latency-part.ts';
import { measureProcedures } from './http/procedures-part.ts';
import { measureLimits } from './limits-part.ts';
import { startMongoServer } from './mongo-server.ts';
import { findPostgresServer } from './postgres/server.ts';
import { formatNumber, Report } from './report.ts';
import { measureScale } from './scale-part.ts';
import { measureSearch } from './search-part.ts';
import { compareSettlement, type Ratios } from './settlement-part.ts';

/** Half of the required ratios, because shared machines are noisy. */
const QUICK_FLOOR: Ratios = { mixed: 5, hot: 10 };

/** Filling takes as long as the other parts together. */
const ONLY_ON_REQUEST: ReadonlySet<string> = new Set(['search', 'catalogue']);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      only: { type: 'string' },
      against: { type: 'string' },
      rounds: { type: 'string', default: '12' },
      out: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const pace = values.quick ? 'quick' : values.long ? 'long' : 'full';
  if (values.quick && (values.long || values.only !== undefined))
    throw new Error('--quick is one measurement by itself: without --long and without --only.');
  const against = values.against === undefined ? null : { revision: values.against, rounds: Number(values.rounds) };
  if (against !== null && (pace !== 'full' || values.only !== undefined))
    throw new Error('--against is a measurement by itself: without --quick, --long and --only.');
  const startedAt = performance.now();
  const report = new Report((text) => console.log(text));
  const progress = (line: string) =>
    console.error(`${((performance.now() - startedAt) / 1_000).toFixed(0)} s  ${line}`);
  const postgres = pace === 'full' && against === null ? await findPostgresServer() : null;
  try {
    report.conditions.postgres = postgres?.version ?? 'not measured';
    const bench = { postgres, report, pace, progress, findings: {} } as const;
    const ratios = await run(bench, values.only, against);
    report.conclude();
    const out =
      values.out ??
      (pace === 'quick' ? undefined : reportPath(pace, against === null ? values.only : `against-${against.revision}`));
    if (out !== undefined) {
      await mkdir(dirname(out), { recursive: true });
      await writeFile(out, report.toMarkdown());
      console.log(`The report is in ${out}.`);
    }
    if (values.json !== undefined) await writeFile(values.json, report.toJson());
    if (pace === 'quick' && ratios) checkQuickFloor(ratios);
  } finally {
    await postgres?.stop();
  }
}

/** In a folder that git ignores. A run with --only has its own file and does not replace the full report. */
function reportPath(pace: Bench['pace'], only: string | undefined): string {
  const name = ['report', pace, ...(only === undefined ? [] : [only])].join('-');
  return fileURLToPath(new URL(`../../.cache/bench/${name}.md`, import.meta.url));
}

/** Each part starts its own mongod, because one that has settled a hundred thousand orders is slower afterwards. */
async function run(
  bench: Omit<Bench, 'mongo'>,
  only: string | undefined,
  against: AgainstOptions | null,
): Promise<Ratios | null> {
  let ratios: Ratios | null = null;
  const settlement = async (bench: Bench) => {
    ratios = await compareSettlement(bench);
  };
  const parts: Record<Bench['pace'], Record<string, (bench: Bench) => Promise<unknown>>> = {
    quick: { settlement },
    long: { scale: measureScale },
    full: {
      settlement,
      limits: measureLimits,
      scale: measureScale,
      footprint: measureFootprint,
      bound: async (bench) => reportBound(bench),
      latency: measureLatency,
      journeys: measureJourneys,
      procedures: measureProcedures,
      agendash: measureAgendash,
      search: measureSearch,
      catalogue: measureCatalogue,
    },
  };
  const chosen = against === null ? parts[bench.pace] : { against: (ready: Bench) => measureAgainst(ready, against) };
  const known = Object.keys(chosen);
  if (only !== undefined && !known.includes(only)) throw new Error(`--only takes one of ${known.join(', ')}.`);
  for (const [name, part] of Object.entries(chosen)) {
    if (only === undefined ? ONLY_ON_REQUEST.has(name) : only !== name) continue;
    const mongo = await startMongoServer();
    bench.report.conditions.mongodb = mongo.version;
    try {
      await part({ ...bench, mongo });
    } finally {
      await mongo.stop();
    }
  }
  return ratios;
}

function checkQuickFloor({ mixed, hot }: Ratios): void {
  console.log(`bench: mixed ${formatNumber(mixed)}×, hot ${formatNumber(hot)}×`);
  // Negated, so that NaN fails too.
  if (!(mixed >= QUICK_FLOOR.mixed && hot >= QUICK_FLOOR.hot)) process.exitCode = 1;
}

await main();
// Timers of stopped Agenda instances would keep the process alive.
process.exit();
