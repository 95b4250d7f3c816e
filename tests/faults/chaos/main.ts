/**
 * `npm run chaos -- --minutes M --seed S [--seeds N] [--out FILE] [--logs DIR]` runs N chaos runs with M minutes of load.
 * The same seed gives the same plan of faults. Reports go to the terminal and to FILE. Exits with 1 on any violation.
 */
import { randomInt } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { reportRun } from './report.ts';
import { runChaos } from './run.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1' },
    out: { type: 'string' },
    logs: { type: 'string' },
  },
});

const MAX_SEED = 2 ** 31;

async function main(): Promise<boolean> {
  const first = values.seed === undefined ? randomInt(MAX_SEED) : Number(values.seed);
  const minutes = Number(values.minutes);
  if (!Number.isInteger(first) || !(minutes > 0))
    throw new Error('--seed takes a whole number, --minutes a number above 0.');
  const reports: string[] = [];
  let clean = true;
  for (let run = 0; run < Number(values.seeds); run += 1) {
    const seed = first + run;
    const say = (line: string) => console.log(`chaos ${seed}: ${line}`);
    const logFolder = values.logs === undefined ? undefined : `${values.logs}/${seed}`;
    if (logFolder !== undefined) await mkdir(logFolder, { recursive: true });
    const result = await runChaos({ seed, minutes, say, ...(logFolder === undefined ? {} : { logFolder }) });
    const { text, violations } = reportRun(seed, minutes, result);
    console.log(`\n${text}`);
    reports.push(`${text}\n`);
    clean &&= violations.length === 0;
  }
  if (values.out !== undefined) await writeFile(values.out, reports.join('\n'));
  return clean;
}

main().then(
  (clean) => process.exit(clean ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(2);
  },
);
