/** Prints an audit's report as text: the checks as a table, the sums per currency, and every offending id. */
import type { AuditReport, CheckResult, CurrencyTotals } from '../../models/audit/audit.ts';
import { describeAmount } from '../../models/contract/money.ts';

/** Wider questions are wrapped. */
const QUESTION_WIDTH = 78;

export function renderAudit({ checks, totals, newerOrders }: AuditReport): string {
  const violated = checks.filter(({ violationCount }) => violationCount > 0);
  const sections = [
    checkTable(checks),
    totalsTable(totals),
    ...violated.map(violationList),
    newerOrders === 0
      ? ''
      : `${newerOrders} orders were written by a newer version and not checked: audit with that one.`,
    summary(checks),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function checkTable(checks: readonly CheckResult[]): string {
  const row = (id: string, name: string, lookedAt: string, violations: string) =>
    [id.padEnd(4), name.padEnd(26), lookedAt.padStart(9), violations.padStart(10)].join(' ');
  const lines = checks.flatMap(({ id, name, question, lookedAt, violationCount }) => [
    row(id, name, String(lookedAt), String(violationCount)),
    ...wrap(question, QUESTION_WIDTH).map((line) => `     ${line}`),
  ]);
  return [row('', 'check', 'looked at', 'violations'), ...lines].join('\n');
}

function totalsTable(totals: readonly CurrencyTotals[]): string {
  return totals
    .map(({ currency, chargeCount, ...sums }) => {
      const parts = Object.entries(sums).map(
        ([state, amount]) => `${inWords(state)} ${describeAmount(Number(amount), currency)}`,
      );
      return `${currency}: ${chargeCount === 1 ? '1 charge' : `${chargeCount} charges`}, ${parts.join(', ')}`;
    })
    .join('\n');
}

function violationList({ id, name, question, violationCount, violations }: CheckResult): string {
  const more = violationCount - violations.length;
  return [
    `${id} ${name}: not true that: ${question}`,
    ...violations.map((violation) => `  ${violation.id}: ${violation.detail}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n');
}

function summary(checks: readonly CheckResult[]): string {
  const count = checks.reduce((total, { violationCount }) => total + violationCount, 0);
  if (count === 0) return `No check found a violation: ${checks.length} checks.`;
  return `The checks found ${count} ${count === 1 ? 'violation' : 'violations'}.`;
}

/** owedBack → owed back. */
function inWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
