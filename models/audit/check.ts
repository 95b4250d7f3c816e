/**
 * What an audit check is and what it gives: a question about the books, how much was looked at, and where the answer was
 * no. Violations are counted in full and listed up to a bound, so that a broken database cannot fill the memory.
 */

/** The invariants that can be read from the database; docs/invariants.md lists them all. */
export type InvariantId = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I11' | 'I16';

export interface AuditCheck {
  id: InvariantId;
  /** Unique among all checks; words joined by hyphens. */
  name: string;
  /** What is asked, as a sentence that is true of healthy books. */
  question: string;
}

/** As of when, and of how much, the audit asks. */
export interface AuditScope {
  /** The clock of those who wrote the documents. */
  now: Date;
  /** Work that is younger is still on its way, ms. */
  graceMs: number;
  /** Only orders whose id was made since then; null for all. Stock and overdue work are always looked at whole. */
  since: Date | null;
  /** The domain of our key; null when it is not known, then any one domain is believed. */
  domain: 'test' | 'live' | null;
}

export interface Violation {
  /** Of the offending document: an order's, variant's, email's or event's id, or an index's name. */
  id: string;
  detail: string;
}

export interface CheckResult extends AuditCheck {
  /** How many documents were asked. */
  lookedAt: number;
  violationCount: number;
  /** The first MAX_LISTED of them. */
  violations: Violation[];
}

export const MAX_LISTED = 50;

/** One check's result while it grows. */
export class CheckTally {
  readonly #result: CheckResult;

  constructor({ id, name, question }: AuditCheck) {
    this.#result = { id, name, question, lookedAt: 0, violationCount: 0, violations: [] };
  }

  looked(count = 1): void {
    this.#result.lookedAt += count;
  }

  violated(id: unknown, detail: string): void {
    this.#result.violationCount += 1;
    if (this.#result.violations.length < MAX_LISTED) this.#result.violations.push({ id: String(id), detail });
  }

  /** Counts one document with what is wrong with it. */
  record(id: unknown, problems: readonly string[]): void {
    this.looked();
    for (const detail of problems) this.violated(id, detail);
  }

  /** The same for a judgement that is yet to be made. A document that cannot even be judged is a violation of its own. */
  inspect(id: unknown, inspect: () => readonly string[]): void {
    let problems: readonly string[];
    try {
      problems = inspect();
    } catch (error) {
      problems = [`cannot be judged: ${error instanceof Error ? error.message : String(error)}`];
    }
    this.record(id, problems);
  }

  result(): CheckResult {
    return structuredClone(this.#result);
  }
}
