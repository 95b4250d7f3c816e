/**
 * `npm run chaos -- --minutes M --seed S [--seeds N] [--out FILE] [--logs DIR]`: chaos runs, one after the other, each of M
 * minutes of load. A failing seed replays with the same plan of faults. The last line sums up; exits 1 on any violation.
 */
import { randomInt } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ALL_TRANSITIONS } from './checker.ts';
import { FAULT_KINDS } from './plan.ts';
import { type ChaosResult, runChaos } from './run.ts';

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
    const violations = [...result.violations, ...findMissing(result)];
    reports.push(reportOf(seed, minutes, result, violations));
    for (const violation of violations) say(violation);
    const faults = [...result.faults.values()].reduce((sum, count) => sum + count, 0);
    console.log(
      `chaos: seed ${seed}, ${result.history.operations.length} operations, ${faults} faults, ${violations.length} violations`,
    );
    clean &&= violations.length === 0;
  }
  if (values.out !== undefined) await writeFile(values.out, reports.join('\n'));
  return clean;
}

/** A run in which a fault or a transition did not occur has not shown what it claims. */
function findMissing({ faults, transitions }: ChaosResult): string[] {
  return [
    ...FAULT_KINDS.filter((kind) => !faults.has(kind)).map((kind) => `the fault ${kind} did not occur`),
    ...ALL_TRANSITIONS.filter((name) => !transitions.has(name)).map((name) => `the transition ${name} did not occur`),
  ];
}

function reportOf(seed: number, minutes: number, result: ChaosResult, violations: string[]): string {
  const { history, faults, transitions, healMs, misses } = result;
  const count = (outcome: string) => history.operations.filter((operation) => operation.outcome === outcome).length;
  const rows = (counts: Map<string, number>) => [...counts].sort().map(([name, many]) => `| ${name} | ${many} |`);
  return [
    `# Chaos, seed ${seed}, ${minutes} minutes`,
    '',
    `${history.operations.length} operations: ${count('ok')} ok, ${count('fail')} refused, ${count('unknown')} unknown. Healed in ${Math.round(healMs)} ms.`,
    '',
    '| fault | times |',
    '| --- | --- |',
    ...rows(faults),
    '',
    '| transition | orders |',
    '| --- | --- |',
    ...rows(transitions),
    '',
    `Violations: ${violations.length}`,
    ...violations.map((violation) => `- ${violation}`),
    ...(misses.length > 0 ? ['', 'Faults that could not be carried out:', ...misses.map((miss) => `- ${miss}`)] : []),
    '',
  ].join('\n');
}

main().then(
  (clean) => process.exit(clean ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(2);
  },
);
