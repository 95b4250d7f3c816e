/** What a chaos run tells, for the terminal and for a file: what was done, what was thrown at it, and what did not hold. Pure. */
import { ALL_TRANSITIONS } from './checker.ts';
import { FAULT_KINDS } from './plan.ts';
import type { ChaosResult } from './run.ts';

export interface ChaosReport {
  /** Markdown; its last line sums up. */
  text: string;
  /** What the checker found, and what did not occur. */
  violations: string[];
}

export function reportRun(seed: number, minutes: number, result: ChaosResult): ChaosReport {
  const violations = [...result.violations, ...findMissing(result)];
  const { history, faults, transitions, healMs, misses, twins } = result;
  const count = (outcome: string) => history.operations.filter((operation) => operation.outcome === outcome).length;
  const operations = history.operations.length;
  const faultCount = [...faults.values()].reduce((sum, times) => sum + times, 0);
  const lines = [
    `# Chaos, seed ${seed}, ${minutes} minutes`,
    '',
    `${operations} operations: ${count('ok')} ok, ${count('fail')} refused, ${count('unknown')} unknown. Healed in ${Math.round(healMs)} ms.`,
    '',
    ...tableOf('fault', 'times', faults),
    '',
    ...tableOf('transition', 'orders', transitions),
    '',
    ...(twins.length > 0 ? [`Refunds that Paystack made twice, found and told of: ${twins.join(', ')}`, ''] : []),
    ...(misses.length > 0 ? ['Faults that were not met:', ...misses.map((miss) => `- ${miss}`), ''] : []),
    `Violations: ${violations.length}`,
    ...violations.map((violation) => `- ${violation}`),
    '',
    `chaos: seed ${seed}, ${operations} operations, ${faultCount} faults, ${violations.length} violations`,
  ];
  return { text: lines.join('\n'), violations };
}

function tableOf(what: string, unit: string, counts: ReadonlyMap<string, number>): string[] {
  return [
    `| ${what} | ${unit} |`,
    '| --- | --- |',
    ...[...counts].sort().map(([name, many]) => `| ${name} | ${many} |`),
  ];
}

/** A run in which a fault or a transition did not occur has not shown what it claims. */
function findMissing({ faults, transitions }: ChaosResult): string[] {
  return [
    ...FAULT_KINDS.filter((kind) => !faults.has(kind)).map((kind) => `the fault ${kind} did not occur`),
    ...ALL_TRANSITIONS.filter((name) => !transitions.has(name)).map((name) => `the transition ${name} did not occur`),
  ];
}
