/**
 * One pass over one of Paystack's lists, newest row first. A row that cannot be read or applied does not stop the pass. It
 * keeps the checkpoint where it is, so that the next pass lists it again, until it is set aside.
 */
import { isInfrastructure } from '../../models/db/mongo-errors.ts';
import { NewerShapeError } from '../../models/order/shape.ts';
import { isGatewayError } from '../../models/payment/gateway-reports.ts';
import { completePass, findPassState, type PassName, type PassState } from '../../models/reconcile/pass-state.ts';
import type { JobContext } from '../context.ts';

const MAX_PAGES = 10_000;
/** After so many consecutive calls without an answer Paystack counts as down. */
const MAX_UNANSWERED = 3;

/** Why a pass ended: `recent`: another worker's pass was too recent to begin one; `no_list`, `no_answers`: Paystack failed. */
export type PassEnd = 'completed' | 'recent' | 'no_list' | 'no_answers' | 'out_of_time';

export interface PassRun {
  ended: PassEnd;
  listed: number;
  applied: number;
  /** Rows that were not read, and those left to a newer process. */
  unanswered: number;
}

/**
 * `known`: no call was needed. `applied`: our books lacked it. `unchanged`: a call showed nothing new. `left`: the order is
 * of a higher shape.
 */
export type RowResult = 'known' | 'applied' | 'unchanged' | 'left';

export interface Listed<Row> {
  rows: Row[];
  /** The ids of rows that are ours, or may be, and whose other fields cannot be read. */
  unreadable: string[];
}

export interface Period {
  from: Date;
  to: Date;
}

export interface Pass<Row> {
  name: PassName;
  everyMs: number;
  /** How far back it looks. */
  from: (last: Date | null, now: Date) => Date;
  /** Pages of the list. May throw GatewayError, which ends the pass. */
  pages: (period: Period) => AsyncIterable<Listed<Row>>;
  idOf: (row: Row) => string;
  /** May throw GatewayError. */
  apply: (row: Row) => Promise<RowResult>;
  /** As `apply`, for a row of which only the id is known. */
  again: (id: string) => Promise<RowResult>;
}

/** Calls `list` for one page after the other. */
export async function* eachPage<P extends { nextPage: number | null }>(
  list: (page: number) => Promise<P>,
): AsyncGenerator<P> {
  for (let page: number | null = 1; page !== null && page <= MAX_PAGES; ) {
    const answer: P = await list(page);
    yield answer;
    page = answer.nextPage;
  }
}

export interface PassOptions {
  force: boolean;
  isOver: () => boolean;
}

/**
 * Runs the pass, unless another worker completed one within its interval. One that was interrupted stores nothing, and the
 * next looks back from the last completed one. May be repeated and raced. Throws only when the database fails.
 */
export async function runPass<Row>(ctx: JobContext, pass: Pass<Row>, { force, isOver }: PassOptions): Promise<PassRun> {
  const startedAt = ctx.clock.now();
  const before = await findPassState(ctx.db, pass.name);
  if (!force && isRecent(before, startedAt, pass.everyMs))
    return { ended: 'recent', listed: 0, applied: 0, unanswered: 0 };
  const from = pass.from(before.completedAt, startedAt);
  const rows = new RowReader(ctx, pass.name);
  let listed = 0;
  const endedBy = (ended: PassEnd): PassRun => ({ ended, listed, ...rows.counts() });
  const pages = pass.pages({ from, to: startedAt })[Symbol.asyncIterator]();
  for (let page = await nextOrNull(pages); page?.done !== true; page = await nextOrNull(pages)) {
    if (page === null) return endedBy('no_list');
    const steps = [
      ...page.value.rows.map((row) => ({ id: pass.idOf(row), read: () => pass.apply(row) })),
      ...page.value.unreadable.map((id) => ({ id, read: () => pass.again(id) })),
    ];
    for (const { id, read } of steps) {
      if (isOver()) return endedBy('out_of_time');
      if (!(await rows.read(id, read))) return endedBy('no_answers');
    }
    listed += steps.length;
  }
  for (const { id } of before.setAside.filter((row) => !rows.hasSeen(row.id))) {
    if (isOver()) return endedBy('out_of_time');
    if (!(await rows.read(id, () => pass.again(id)))) return endedBy('no_answers');
  }
  const added = await completePass(ctx.db, pass.name, before, {
    startedAt,
    from,
    now: ctx.clock.now(),
    ...rows.result(),
  });
  for (const { id } of added) ctx.events.rowSetAside({ pass: pass.name, row: id });
  return endedBy('completed');
}

/** Less than the interval, because the timer's spread may start a worker's next pass before a full interval has passed. */
function isRecent({ completedAt }: PassState, now: Date, everyMs: number): boolean {
  return completedAt !== null && now.getTime() - completedAt.getTime() < everyMs * 0.7;
}

/** null when Paystack gives no list. */
async function nextOrNull<Row>(pages: AsyncIterator<Listed<Row>>): Promise<IteratorResult<Listed<Row>> | null> {
  try {
    return await pages.next();
  } catch (error) {
    if (isGatewayError(error)) return null;
    throw error;
  }
}

/** Reads the rows one after the other, and keeps which could not be read. */
class RowReader {
  readonly #ctx: JobContext;
  readonly #pass: PassName;
  readonly #read = new Set<string>();
  readonly #unread = new Map<string, string>();
  #applied = 0;
  #left = 0;
  #inARow = 0;

  constructor(ctx: JobContext, pass: PassName) {
    this.#ctx = ctx;
    this.#pass = pass;
  }

  /** False when Paystack gives no answers, so that the next row would have none either. */
  async read(id: string, read: () => Promise<RowResult>): Promise<boolean> {
    try {
      const result = await read();
      if (result === 'applied') this.#applied += 1;
      if (result === 'left') this.#left += 1;
      else this.#read.add(id);
      if (result === 'applied' || result === 'unchanged') this.#inARow = 0;
      return true;
    } catch (error) {
      return this.#keep(id, error);
    }
  }

  #keep(id: string, error: unknown): boolean {
    if (error instanceof NewerShapeError) {
      this.#left += 1;
      return true;
    }
    if (isGatewayError(error, 'rate_limited', 'unauthorized', 'blocked')) return false;
    if (isGatewayError(error, 'unknown_reference')) {
      this.#read.add(id);
      return true;
    }
    if (!isGatewayError(error) && isInfrastructure(error)) throw error;
    const isDown = isGatewayError(error, 'unavailable');
    this.#inARow = isDown ? this.#inARow + 1 : 0;
    const reason = isGatewayError(error) ? `${error.kind}: ${error.message}` : 'it could not be recorded here';
    this.#ctx.log.warn(
      { err: error, pass: this.#pass, row: id },
      'a row of Paystack could not be read; the others go on',
    );
    this.#unread.set(id, reason.slice(0, 200));
    return this.#inARow < MAX_UNANSWERED;
  }

  hasSeen(id: string): boolean {
    return this.#read.has(id) || this.#unread.has(id);
  }

  counts(): { applied: number; unanswered: number } {
    return { applied: this.#applied, unanswered: this.#unread.size + this.#left };
  }

  result() {
    return { read: this.#read, unread: this.#unread, holds: this.#left > 0 };
  }
}
