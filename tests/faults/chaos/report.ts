import { ALL_TRANSITIONS } from './checker.ts';
import { FAULT_KINDS } from './plan.ts';
import type { ChaosResult } from './run.ts';

export interface ChaosReport {
  /** Markdown; the last line is a summary. */
  text: string;
  /** Violations of the checker, and faults or transitions that did not occur. */
  violations: string[];
}

export function reportRun(seed: number, minutes: number, result: ChaosResult): ChaosReport {
  const unplayed = findUnplayed(result);
  const isLong = minutes >= MINUTES_FOR_ALL;
  const violations = [...result.violations, ...findMissing(result), ...(isLong ? unplayed : [])];
  const { history, faults, transitions, healMs, misses, duplicates, previews, outside } = result;
  const count = (outcome: string) => history.operations.filter((operation) => operation.outcome === outcome).length;
  const operations = history.operations.length;
  const faultCount = [...faults.values()].reduce((sum, times) => sum + times, 0);
  const lines = [
    `# Chaos, seed ${seed}, ${minutes} minutes`,
    '',
    `${operations} operations: ${count('ok')} ok, ${count('fail')} refused, ${count('unknown')} unknown. Healed in ${Math.round(healMs)} ms. ${previews} acts were compared with their previews.`,
    '',
    ...tableOf('fault', 'times', faults),
    '',
    ...tableOf('transition', 'orders', transitions),
    '',
    ...tableOf('from outside', 'times', outside),
    '',
    ...(duplicates.length > 0
      ? [`Refunds that Paystack made twice, recorded by the orders: ${duplicates.join(', ')}`, '']
      : []),
    ...(misses.length > 0 ? ['Faults that were not met:', ...misses.map((miss) => `- ${miss}`), ''] : []),
    ...(isLong || unplayed.length === 0 ? [] : ['Too short for:', ...unplayed.map((what) => `- ${what}`), '']),
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

/** A run is planned to have every fault. Without one of them it has not tested what it claims. */
function findMissing({ faults, previews }: ChaosResult): string[] {
  return [
    ...FAULT_KINDS.filter((kind) => !faults.has(kind)).map((kind) => `the fault ${kind} did not occur`),
    ...(previews === 0 ? ['no act was compared with its preview'] : []),
  ];
}

/** In fewer minutes, people may by chance have done some of their acts to no order at all. */
const MINUTES_FOR_ALL = 3;

const OUTSIDE = [
  'dispute_opened',
  'dispute_answered',
  'dispute_won',
  'dispute_lost',
  'transfer_rejected',
  'payout proved',
];

function findUnplayed({ transitions, history, outside }: ChaosResult): string[] {
  return [
    ...OUTSIDE.filter((name) => !outside.has(name)).map((name) => `${name} did not occur`),
    ...(history.named('refundLines', 'ok').length === 0 ? ['no refund of a line was acknowledged'] : []),
    ...ALL_TRANSITIONS.filter((name) => !transitions.has(name)).map((name) => `the transition ${name} did not occur`),
  ];
}
