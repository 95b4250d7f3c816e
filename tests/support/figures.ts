/** Prints measurements past Jest's reporter, so that they appear in the run's log on lines of their own. */

export function noteFigure(what: string, figures: Record<string, number>): void {
  const parts = Object.entries(figures).map(([name, value]) => `${name}: ${Math.round(value * 10) / 10}`);
  process.stdout.write(`figures, ${what}: ${parts.join(', ')}\n`);
}
