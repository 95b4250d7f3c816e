import type { Outcome } from './run-mutant.ts';

/** Longer cells are cut. */
const WIDEST = 72;

/** Prints one line; with `why` also the message of the failed test. */
export function reportOne({ mutant, caughtBy, problem, durationMs }: Outcome, why: boolean): void {
  const seconds = (durationMs / 1000).toFixed(1);
  console.log(`${caughtBy === null ? '✗' : '✓'} ${mutant.id} (${seconds} s)${problem === null ? '' : `: ${problem}`}`);
  if (why && caughtBy !== null) console.log(`${caughtBy.name}\n${caughtBy.message.slice(0, 1_000)}\n`);
}

/** Prints the table. Returns true if all of the `total` mutants were tried and caught. */
export function reportAll(outcomes: readonly Outcome[], total: number): boolean {
  const rows = outcomes.map(({ mutant, caughtBy, durationMs }) => [
    mutant.id,
    mutant.what,
    caughtBy === null ? 'NOT CAUGHT' : `${mutant.caughtBy.file.replace(/^tests\//, '')}: ${caughtBy.name}`,
    (durationMs / 1000).toFixed(1),
  ]);
  for (const line of toTable([['id', 'what', 'caught by', 'seconds'], ...rows])) console.log(line);
  const caught = outcomes.filter((outcome) => outcome.caughtBy !== null).length;
  console.log(`mutants: ${caught} of ${total} caught`);
  return caught === total;
}

function toTable(rows: readonly (readonly string[])[]): string[] {
  const cut = rows.map((row) => row.map((cell) => (cell.length > WIDEST ? `${cell.slice(0, WIDEST - 1)}…` : cell)));
  const widths = (cut[0] ?? []).map((_, column) => Math.max(...cut.map((row) => row[column]?.length ?? 0)));
  return cut.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(' | ')
      .trimEnd(),
  );
}
