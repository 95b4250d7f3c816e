/** What the terminal shows: a line as each plant ends, then the table. Called by main.ts. */
import type { Outcome } from './run-mutant.ts';

/** Longer cells are cut: the table is for people. */
const WIDEST = 72;

/** One line, as soon as it is known; with `why`, also the words of the test that failed. */
export function reportOne({ mutant: plant, caughtBy, problem, durationMs }: Outcome, why: boolean): void {
  const seconds = (durationMs / 1000).toFixed(1);
  console.log(`${caughtBy === null ? '✗' : '✓'} ${plant.id} (${seconds} s)${problem === null ? '' : `: ${problem}`}`);
  if (why && caughtBy !== null) console.log(`${caughtBy.name}\n${caughtBy.message.slice(0, 1_000)}\n`);
}

/** The table, and the last line. True when every plant of the `total` was tried and caught. */
export function reportAll(outcomes: readonly Outcome[], total: number): boolean {
  const rows = outcomes.map(({ mutant: plant, caughtBy, durationMs }) => [
    plant.id,
    plant.what,
    caughtBy === null ? 'NOT CAUGHT' : `${plant.caughtBy.file.replace(/^tests\//, '')}: ${caughtBy.name}`,
    (durationMs / 1000).toFixed(1),
  ]);
  for (const line of toTable([['id', 'what', 'caught by', 'seconds'], ...rows])) console.log(line);
  const caught = outcomes.filter((outcome) => outcome.caughtBy !== null).length;
  console.log(`planted: ${caught} of ${total} caught`);
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
