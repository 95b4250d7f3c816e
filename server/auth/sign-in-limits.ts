import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { RateLimiterMemory, RateLimiterMongo, RateLimiterRes, RLWrapperTimeouts } from 'rate-limiter-flexible';
import type { Database } from '../../models/db/database.ts';
import { WRITE_W1 } from '../../models/db/read-write-concerns.ts';
import { DEADLINES } from '../../models/deadlines.ts';
import type { Config } from '../config/config.ts';
import { networkOf, rateLimited } from '../http/call-limits.ts';

/** Limits that hold across processes, by counts in MongoDB; each process counts by itself while MongoDB does not answer. */
export interface SignInLimits {
  /**
   * Runs `check` on the credentials and returns its result; null is a failure. Throws RATE_LIMITED, without the check, if
   * the address has failed too often. An account that is being guessed at is answered later and never refused, so that its
   * owner cannot be locked out. Each check counts as a failure until it has succeeded, so concurrent guesses all count.
   */
  countSignIn<T>(attempt: Attempt, check: () => Promise<T | null>): Promise<T | null>;
  /** Counts one request for a link. Throws RATE_LIMITED. */
  countLink(by: Pick<Attempt, 'ip'>): Promise<void>;
  /** Counts one registration; resolves later for an email that is registered repeatedly. Throws RATE_LIMITED. */
  countRegistration(attempt: Attempt): Promise<void>;
}

interface Attempt {
  ip: string;
  email: string;
}

const WINDOW_SECONDS = 60;
/** Added to the delay by each failure beyond the limit. */
const DELAY_STEP_MS = 250;

type Counted = 'failure' | 'registration' | 'link';

/** The limits count by network, which may be a café's: its next visitor reads them without having done anything. */
const TOO_MANY: Record<Counted, string> = {
  failure: 'Too many sign-ins from your network have failed',
  registration: 'Too many accounts were made from your network',
  link: 'Too many links were sent for from your network',
};

interface Dependencies {
  config: Pick<Config, 'limits'>;
  db: Database;
  log: Logger;
}

export function createSignInLimits(dependencies: Dependencies): SignInLimits {
  const failures = new AttemptCounter('failure', dependencies);
  const registrations = new AttemptCounter('registration', dependencies);
  const links = new AttemptCounter('link', dependencies);
  return {
    async countSignIn(attempt, check) {
      const counts = [await failures.countOrRefuse(addressKey(attempt))];
      let failed = false;
      try {
        counts.push(await failures.countSlowly(emailKey(attempt)));
        const result = await check();
        failed = result === null;
        return result;
      } finally {
        if (!failed) await Promise.all(counts.map((count) => failures.giveBack(count)));
      }
    },
    async countLink(by) {
      await links.countOrRefuse(addressKey(by));
    },
    async countRegistration(attempt) {
      await registrations.countOrRefuse(addressKey(attempt));
      await registrations.countSlowly(emailKey(attempt));
    },
  };
}

const addressKey = ({ ip }: Pick<Attempt, 'ip'>) => digest(`ip:${networkOf(ip)}`);
const emailKey = ({ email }: Attempt) => digest(`email:${email}`);

/** Emails and addresses are personal data, so the database holds their digests. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** How long an account's answer is delayed when `counted` attempts came before it in the window. */
export function delayMsAfter(counted: number, limit: number): number {
  return Math.min(Math.max(0, counted - limit) * DELAY_STEP_MS, DEADLINES.signInDelay);
}

/** One point of a key, and the end of its window by performance.now(). */
interface Count {
  key: string;
  windowEndsAt: number;
}

/** Counts by key in windows of a minute that begin with the first count. */
class AttemptCounter {
  readonly #tooMany: string;
  readonly #limit: number;
  readonly #limiter: RLWrapperTimeouts;

  constructor(counted: Counted, { config, db, log }: Dependencies) {
    this.#tooMany = TOO_MANY[counted];
    this.#limit = config.limits.signInsPerMinute;
    const options = { keyPrefix: counted, points: this.#limit, duration: WINDOW_SECONDS };
    const stored = new RateLimiterMongo({
      ...options,
      // A count that a failover loses is only too lenient, so no sign-in waits for a majority.
      storeClient: db.connection.getClient().db(db.connection.name, WRITE_W1),
      tableName: db.signInLimits.collection.name,
      // `migrate` makes them.
      disableIndexesCreation: true,
    });
    this.#limiter = new RLWrapperTimeouts({
      limiter: stored,
      timeoutMs: DEADLINES.signInCount,
      insuranceLimiter: new MemoryInsurance(options, log),
    });
  }

  /** Throws RATE_LIMITED, counting nothing, if the key has reached the limit. */
  async countOrRefuse(key: string): Promise<Count> {
    try {
      return countOf(key, await this.#limiter.consume(key));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      // The library has counted the refused attempt as well. Kept, it would outlast the successes that make room again.
      await this.giveBack(countOf(key, refusal));
      throw rateLimited(Math.max(1, refusal.msBeforeNext), this.#tooMany);
    }
  }

  /** Counts at once and resolves later, the more the key is above the limit. */
  async countSlowly(key: string): Promise<Count> {
    const result = await this.#limiter.penalty(key);
    const count = countOf(key, result);
    const delayMs = delayMsAfter(result.consumedPoints - 1, this.#limit);
    if (delayMs > 0) await delay(delayMs);
    return count;
  }

  /** Uncounts. A window that has ended took the count with it: giving it back would add an attempt to the next window. */
  async giveBack({ key, windowEndsAt }: Count): Promise<void> {
    if (performance.now() < windowEndsAt) await this.#limiter.reward(key);
  }
}

function countOf(key: string, { msBeforeNext }: RateLimiterRes): Count {
  return { key, windowEndsAt: performance.now() + msBeforeNext };
}

/** Counts in this process's memory when MongoDB failed or was too slow, and logs it: the library reports it nowhere. */
class MemoryInsurance extends RateLimiterMemory {
  readonly #log: Logger;

  constructor(options: ConstructorParameters<typeof RateLimiterMemory>[0], log: Logger) {
    super(options);
    this.#log = log;
  }

  override consume(...attempt: Parameters<RateLimiterMemory['consume']>): Promise<RateLimiterRes> {
    this.#log.warn(
      { component: 'sign-in limits' },
      'MongoDB did not count a sign-in or registration; this process counts it in its memory',
    );
    return super.consume(...attempt);
  }
}
