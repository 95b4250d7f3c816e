/**
 * Whether this process can do its work, and if not, which of its needs is not met. Asked by /readyz, every few seconds;
 * however often it is asked, the database is asked once a second.
 */
import { SingleFlight } from '../../jobs/concurrency/single-flight.ts';
import { withTimeout } from '../../jobs/concurrency/with-timeout.ts';
import { readBacklog, type Waiting } from '../../models/backlog.ts';
import { findMissingIndexes } from '../../models/db/migrations/indexes-and-validators.ts';
import type { AppContext } from '../context/app-context.ts';

/** Each question has this long, whatever has become of the server or of the way to it. */
const ANSWER_MS = 500;
/** Older than this means that paid orders are not being settled, or emails not sent. */
export const OLDEST_PAID_MS = 5 * 60_000;
export const OLDEST_EMAIL_MS = 30 * 60_000;
/** Much shorter than what balancers let pass between two questions. */
const READINESS_TTL_MS = 1_000;
/** Indexes seldom go by themselves. */
const LOOK_AT_INDEXES_EVERY_MS = 60_000;

export type ReadinessCheck = 'draining' | 'database' | 'indexes' | 'paidOrders' | 'emails';

export interface Readiness {
  ready: boolean;
  /** The checks that failed, in the order above. */
  failed: ReadinessCheck[];
}

/**
 * The checks of one process. They are made at once and answer within half a second; a question without an answer has
 * failed. Their answer is shared by all who ask within a second; that the process drains is told at once.
 */
export function createReadiness(
  ctx: AppContext,
  { lookAtIndexesEveryMs = LOOK_AT_INDEXES_EVERY_MS } = {},
): () => Promise<Readiness> {
  const indexesStand = lookAgainAfter(
    lookAtIndexesEveryMs,
    async () => (await findMissingIndexes(ctx.db)).length === 0,
  );
  const isYoung = ({ oldestAt }: Waiting, limitMs: number): boolean =>
    oldestAt === null || ctx.clock.now().getTime() - oldestAt.getTime() < limitMs;
  const askDatabase = async (): Promise<ReadinessCheck[]> => {
    const backlog = readBacklog(ctx.db, ctx.clock.now(), ANSWER_MS);
    const checks: [ReadinessCheck, Promise<boolean>][] = [
      ['database', majorityPing(ctx)],
      ['indexes', indexesStand()],
      ['paidOrders', backlog.then(({ paidOrders }) => isYoung(paidOrders, OLDEST_PAID_MS))],
      ['emails', backlog.then(({ emails }) => isYoung(emails, OLDEST_EMAIL_MS))],
    ];
    const failed = await Promise.all(checks.map(async ([name, check]) => ((await passes(check)) ? [] : [name])));
    return failed.flat();
  };
  const answers = new SingleFlight<ReadinessCheck[]>(READINESS_TTL_MS, ctx.clock);
  return async () => {
    const inDatabase = await answers.get('database', askDatabase);
    const failed: ReadinessCheck[] = [...(ctx.stopping.signal.aborted ? (['draining'] as const) : []), ...inDatabase];
    return { ready: failed.length === 0, failed };
  };
}

/** False when it failed or did not come in time: the server's own limit does not cover the way to it. */
function passes(check: Promise<boolean>): Promise<boolean> {
  const orFailed = check.catch(() => false);
  return withTimeout(orFailed, ANSWER_MS, () => false);
}

/**
 * The last answer, and a new look at most so often: a busy server that is slow to list its indexes still has them. The
 * first answer is yes, as they were made or asserted at the start.
 */
function lookAgainAfter(everyMs: number, look: () => Promise<boolean>): () => Promise<boolean> {
  let known = true;
  let lookedAt = performance.now();
  const remember = (answer: boolean) => {
    known = answer;
  };
  return async () => {
    if (performance.now() - lookedAt < everyMs) return known;
    lookedAt = performance.now();
    look().then(remember, () => undefined);
    return known;
  };
}

/** A read that a majority must acknowledge: true on a primary that the others still follow. */
async function majorityPing({ db }: AppContext): Promise<boolean> {
  const reply = await db.connection.db?.command(
    { find: 'checkpoints', limit: 1, readConcern: { level: 'linearizable' }, maxTimeMS: ANSWER_MS },
    { readPreference: 'primary' },
  );
  return reply?.ok === 1;
}
