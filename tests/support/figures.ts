/** Figures that a test measured on the way, printed past jest so that they stand in the run's log by themselves. */

export function noteFigure(what: string, figures: Record<string, number>): void {
  const parts = Object.entries(figures).map(([name, value]) => `${name}: ${Math.round(value * 10) / 10}`);
  process.stdout.write(`figures, ${what}: ${parts.join(', ')}\n`);
}
