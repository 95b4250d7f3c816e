/**
 * A consistency check and its result. Violations are counted in full and listed up to a bound, so that a broken database
 * cannot fill the memory.
 */

/** The invariants that can be read from the database; docs/invariants.md lists them all. */
export type InvariantId =
  | 'I1'
  | 'I2'
  | 'I3'
  | 'I4'
  | 'I5'
  | 'I6'
  | 'I7'
  | 'I8'
  | 'I9'
  | 'I11'
  | 'I16'
  | 'I18'
  | 'I19'
  | 'I20'
  | 'I21'
  | 'I22'
  | 'I23';

export interface AuditCheck {
  id: InvariantId;
  /** Unique among all checks; words joined by hyphens. */
  name: string;
  /** A sentence that is true of a consistent database. */
  question: string;
}

/** As of which instant, and over which documents, the audit runs. */
export interface AuditScope {
  /** By the clock that dated the documents. */
  now: Date;
  /** Younger work may still be under way, ms. */
  graceMs: number;
  /** Only orders placed since then; null for all. Stock and overdue work are always checked as a whole. */
  since: Date | null;
  /** The domain of our key; null accepts each charge's own. */
  domain: 'test' | 'live' | null;
}

export interface Violation {
  /** The id of the order, variant, email or event, or the name of the index. */
  id: string;
  detail: string;
}

export interface CheckResult extends AuditCheck {
  /** How many documents were checked. */
  lookedAt: number;
  violationCount: number;
  /** The first MAX_LISTED of them. */
  violations: Violation[];
}

export const MAX_LISTED = 50;

export class CheckResultBuilder {
  readonly #result: CheckResult;

  constructor({ id, name, question }: AuditCheck) {
    this.#result = { id, name, question, lookedAt: 0, violationCount: 0, violations: [] };
  }

  count(documents = 1): void {
    this.#result.lookedAt += documents;
  }

  addViolation(id: unknown, detail: string): void {
    this.#result.violationCount += 1;
    if (this.#result.violations.length < MAX_LISTED) this.#result.violations.push({ id: String(id), detail });
  }

  /** Counts one document and its problems. */
  record(id: unknown, problems: readonly string[]): void {
    this.count();
    for (const detail of problems) this.addViolation(id, detail);
  }

  /** As record. An error thrown by `inspect` is a violation: the document is too damaged to be checked. */
  inspect(id: unknown, inspect: () => readonly string[]): void {
    let problems: readonly string[];
    try {
      problems = inspect();
    } catch (error) {
      problems = [`cannot be checked: ${error instanceof Error ? error.message : String(error)}`];
    }
    this.record(id, problems);
  }

  result(): CheckResult {
    return structuredClone(this.#result);
  }
}
