/**
 * `npm run bench`: everything, in about ten minutes. `-- --quick` is the regression guard (under a minute; fails below
 * half of what must be reached), `-- --long` settles a million orders. `--out FILE` for the Markdown report, `--json FILE`.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Bench } from './bench.ts';
import { measureFootprint } from './footprint-part.ts';
import { measureJourneys } from './http/journeys-part.ts';
import { measureLatency } from './http/latency-part.ts';
import { measureProcedures } from './http/procedures-part.ts';
import { measureLimits } from './limits-part.ts';
import { openMongoGround } from './mongo-ground.ts';
import { openPostgresGround } from './postgres/server.ts';
import { formatNumber, Report } from './report.ts';
import { measureScale } from './scale-part.ts';
import { compareSettlement, type Ratios } from './settlement-part.ts';

/** Half of what must be reached: machines are noisy. */
const QUICK_FLOOR: Ratios = { mixed: 5, hot: 10 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      only: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const pace = values.quick ? 'quick' : values.long ? 'long' : 'full';
  const startedAt = performance.now();
  const report = new Report((text) => console.log(text));
  const progress = (line: string) =>
    console.error(`${((performance.now() - startedAt) / 1_000).toFixed(0)} s  ${line}`);
  const mongo = await openMongoGround();
  const postgres = pace === 'full' ? await openPostgresGround() : null;
  try {
    report.conditions.mongodb = mongo.version;
    report.conditions.postgres = postgres?.version ?? 'not measured';
    const ratios = await run({ mongo, postgres, report, pace, progress }, values.only);
    report.conclude();
    const out = values.out ?? (pace === 'quick' ? undefined : new URL('report.md', import.meta.url));
    if (out !== undefined) await writeFile(out, report.toMarkdown());
    if (values.json !== undefined) await writeFile(values.json, report.toJson());
    if (pace === 'quick' && ratios) judge(ratios);
  } finally {
    await postgres?.stop();
    await mongo.stop();
  }
}

async function run(bench: Bench, only: string | undefined): Promise<Ratios | null> {
  let ratios: Ratios | null = null;
  const settlement = async () => {
    ratios = await compareSettlement(bench);
  };
  const parts: Record<Bench['pace'], Record<string, () => Promise<unknown>>> = {
    quick: { settlement },
    long: { scale: () => measureScale(bench) },
    full: {
      settlement,
      limits: () => measureLimits(bench),
      scale: () => measureScale(bench),
      footprint: () => measureFootprint(bench),
      latency: () => measureLatency(bench),
      journeys: () => measureJourneys(bench),
      procedures: () => measureProcedures(bench),
    },
  };
  for (const [name, part] of Object.entries(parts[bench.pace])) if (only === undefined || only === name) await part();
  return ratios;
}

function judge({ mixed, hot }: Ratios): void {
  console.log(`bench: mixed ${formatNumber(mixed)}×, hot ${formatNumber(hot)}×`);
  if (mixed < QUICK_FLOOR.mixed || hot < QUICK_FLOOR.hot) process.exitCode = 1;
}

await main();
// Agenda's timers of stopped contestants linger.
process.exit();
