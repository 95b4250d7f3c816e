import { SingleFlight } from '../../jobs/concurrency/single-flight.ts';
import { withTimeout } from '../../jobs/concurrency/with-timeout.ts';
import { findMissingIndexes } from '../../models/db/migrations/indexes-and-validators.ts';
import type { AppContext } from '../context/app-context.ts';

/** Time limit of each check, network failures included. */
const ANSWER_MS = 500;
/** Much shorter than a load balancer's probe interval. */
const READINESS_TTL_MS = 1_000;
/** Indexes are rarely dropped. */
const LIST_INDEXES_EVERY_MS = 60_000;

export type ReadinessCheck = 'draining' | 'database' | 'indexes';

export interface Readiness {
  ready: boolean;
  /** The checks that failed, in the order above. */
  failed: ReadinessCheck[];
}

/**
 * The readiness checks of one process. They run in parallel within half a second; a check without a result has failed. All
 * probes within a second share one result, except that `draining` is reported at once. No check depends on the backlog:
 * every process shares it, so one refused email would take all of them out of service. Metrics and alerts report it.
 */
export function createReadiness(
  ctx: AppContext,
  { lookAtIndexesEveryMs = LIST_INDEXES_EVERY_MS } = {},
): () => Promise<Readiness> {
  const indexesExist = refreshedEvery(
    lookAtIndexesEveryMs,
    async () => (await findMissingIndexes(ctx.db)).length === 0,
  );
  const checkDatabase = async (): Promise<ReadinessCheck[]> => {
    const checks: [ReadinessCheck, Promise<boolean>][] = [
      ['database', majorityPing(ctx)],
      ['indexes', indexesExist()],
    ];
    const failed = await Promise.all(checks.map(async ([name, check]) => ((await passes(check)) ? [] : [name])));
    return failed.flat();
  };
  const answers = new SingleFlight<ReadinessCheck[]>(READINESS_TTL_MS, ctx.clock);
  return async () => {
    const inDatabase = await answers.get('database', checkDatabase);
    const failed: ReadinessCheck[] = [...(ctx.stopping.signal.aborted ? (['draining'] as const) : []), ...inDatabase];
    return { ready: failed.length === 0, failed };
  };
}

/** False when the check failed or timed out: the server's own time limit does not cover the network. */
function passes(check: Promise<boolean>): Promise<boolean> {
  const orFailed = check.catch(() => false);
  return withTimeout(orFailed, ANSWER_MS, () => false);
}

/**
 * The last result, refreshed in the background at most so often: a busy server that is slow to list its indexes still has
 * them. The first result is true, because the start has created or asserted them.
 */
function refreshedEvery(everyMs: number, check: () => Promise<boolean>): () => Promise<boolean> {
  let last = true;
  let checkedAt = performance.now();
  const store = (result: boolean) => {
    last = result;
  };
  return async () => {
    if (performance.now() - checkedAt < everyMs) return last;
    checkedAt = performance.now();
    check().then(store, () => undefined);
    return last;
  };
}

/** A linearizable read: succeeds only on a primary that a majority still follows. */
async function majorityPing({ db }: AppContext): Promise<boolean> {
  const reply = await db.connection.db?.command(
    { find: 'checkpoints', limit: 1, readConcern: { level: 'linearizable' }, maxTimeMS: ANSWER_MS },
    { readPreference: 'primary' },
  );
  return reply?.ok === 1;
}
