/** Collects tables and goals: prints each table at once and keeps all for the Markdown report and the JSON file. */
import { cpus, totalmem } from 'node:os';

export interface Table {
  title: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  notes?: readonly string[];
}

/** `value` is null if it could not be measured on this machine. */
export interface Goal {
  measure: string;
  value: number | null;
  unit: string;
  /** null if the value is only reported. */
  mustReach: number | null;
  aimFor: number;
  /** Default false. */
  smallerIsBetter?: boolean;
}

type GoalResult = 'aim met' | 'met' | 'MISSED' | 'reported' | 'not measured';

export class Report {
  readonly #tables: Table[] = [];
  /** null before conclude() and without goals. */
  #goalTable: Table | null = null;
  readonly #goals: Goal[] = [];
  readonly #startedAt = new Date();
  readonly #print: (text: string) => void;
  /** Versions and machine, without which the numbers cannot be compared. */
  readonly conditions: Record<string, string> = {};

  constructor(print: (text: string) => void) {
    this.#print = print;
    this.conditions.machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 1024 ** 3)} GB`;
    this.conditions.node = process.version;
  }

  table(table: Table): void {
    this.#tables.push(table);
    this.#print(`\n${toPlain(table)}\n`);
  }

  goal(goal: Goal): void {
    this.#goals.push(goal);
  }

  /** Prints the goals as a table; call it after the last measurement. */
  conclude(): void {
    if (this.#goals.length === 0) return;
    this.#goalTable = {
      title: 'Goals',
      columns: ['measure', 'measured', 'must reach', 'aim for', ''],
      rows: this.#goals.map((goal) => [
        goal.measure,
        goal.value === null ? '–' : `${formatNumber(goal.value)}${goal.unit}`,
        goal.mustReach === null ? '–' : `${goal.mustReach}${goal.unit}`,
        `${goal.aimFor}${goal.unit}`,
        resultOf(goal),
      ]),
    };
    this.#print(`\n${toPlain(this.#goalTable)}\n`);
  }

  toMarkdown(): string {
    const conditions = Object.entries(this.conditions).map(([name, value]) => `- ${name}: ${value}`);
    const tables = [...(this.#goalTable ? [this.#goalTable] : []), ...this.#tables];
    return [
      '# Benchmark report',
      `${this.#startedAt.toISOString()}, by \`npm run bench\`.`,
      conditions.join('\n'),
      ...tables.map(toMarkdownTable),
      '',
    ].join('\n\n');
  }

  toJson(): string {
    const goals = this.#goals.map((goal) => ({ ...goal, verdict: resultOf(goal) }));
    const { conditions } = this;
    return `${JSON.stringify({ startedAt: this.#startedAt, conditions, goals, tables: this.#tables }, null, 2)}\n`;
  }
}

function resultOf({ value, mustReach, aimFor, smallerIsBetter = false }: Goal): GoalResult {
  if (value === null || Number.isNaN(value)) return 'not measured';
  const reaches = (mark: number) => (smallerIsBetter ? value <= mark : value >= mark);
  if (reaches(aimFor)) return 'aim met';
  if (mustReach === null) return 'reported';
  return reaches(mustReach) ? 'met' : 'MISSED';
}

/** Three significant digits below 100, else whole numbers with thousands separators. */
export function formatNumber(value: number | null): string {
  if (value === null) return 'not measured';
  if (Number.isNaN(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

function toPlain({ title, columns, rows, notes = [] }: Table): string {
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const toLine = (line: readonly string[]) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [title, toLine(columns), ...rows.map(toLine), ...notes.map((note) => `  ${note}`)].join('\n');
}

function toMarkdownTable({ title, columns, rows, notes = [] }: Table): string {
  const toLine = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = toLine(columns.map((_, column) => (column === 0 ? '---' : '---:')));
  const table = [toLine(columns), rule, ...rows.map(toLine)].join('\n');
  return [`## ${title}`, table, ...notes].join('\n\n');
}
