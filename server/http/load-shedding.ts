/**
 * Under overload, refuses some requests early instead of answering all of them late. The catalogue is refused first, then
 * carts, then checkout. Webhooks, and browsers that return from paying, are refused only at several times the limit. The limit counts the
 * requests in flight in this process. It shrinks while the process or the database is slow: requests queued beyond the
 * deadline would only cost work whose result is dropped.
 */
import type { RequestHandler } from 'express';
import { AppError } from '../../models/errors.ts';
import type { AppContext } from '../context/app-context.ts';
import { isAsset, isReturningBrowser } from './pages/page-request.ts';
import { classOf, type Priority, routeName } from './request-class.ts';

/**
 * The share of the limit up to which requests of each priority are admitted. The webhook endpoint is public, so it has a
 * limit too, far above the rate of Paystack's deliveries. That limit does not shrink: Paystack waits 30 s for an answer.
 */
const SHARE_BY_PRIORITY: Record<Priority, number> = { catalogue: 0.7, cart: 0.85, checkout: 1, essential: 4 };

/** Created once: a refusal must be cheap, and a stack trace per refusal would add cost but no information. */
const BUSY = new AppError('OVERLOADED', 'The shop is very busy; try again in a moment.', {
  details: { retryAfterMs: 1_000 },
});

/** A probe measures one turn of the event loop and one round trip to the database; a checkout takes some 25 in a row. */
const PROBE_INTERVAL_MS = 250;
/** After this time without a request, what was slow before says nothing of now. */
const STALE_MS = 10_000;
/** 25 times 75 ms is about 2 s of the 5 s deadline; a database in another zone answers ten times faster. */
const SLOW_ROUND_TRIP_MS = 75;
const SHRINK = 0.8;
const GROW = 1.1;
/** The limit never falls below this share of the configured one, so that some requests are always served. */
const LEAST_SHARE = 1 / 8;

/** The number of requests that may be in flight: at most the configured one, fewer while probes are slow. Pure. */
export class AdaptiveConcurrencyLimit {
  readonly #most: number;
  #current: number;
  #wasSlow = false;

  constructor(most: number) {
    this.#most = most;
    this.#current = most;
  }

  get current(): number {
    return Math.floor(this.#current);
  }

  /**
   * A slow probe may be a hiccup, so the first one takes a fifth. The second in a row shrinks below the requests in flight.
   * Grows by a tenth per probe, so that the queue does not return at once.
   */
  afterProbe(tookMs: number, inFlight: number): void {
    const isSlow = tookMs > SLOW_ROUND_TRIP_MS;
    const from = isSlow && this.#wasSlow ? Math.min(this.#current, inFlight) : this.#current;
    this.#wasSlow = isSlow;
    this.#current = Math.min(this.#most, Math.max(from * (isSlow ? SHRINK : GROW), this.#most * LEAST_SHARE, 1));
  }

  /** Nothing was measured for a while. */
  reset(): void {
    this.#current = this.#most;
    this.#wasSlow = false;
  }
}

/** Passes OVERLOADED to `next` if the request's priority has no room; otherwise counts the request until its reply ends. */
export function shedLoad(ctx: Pick<AppContext, 'config' | 'events' | 'db'>): RequestHandler {
  const { config, events } = ctx;
  const limit = new AdaptiveConcurrencyLimit(config.limits.maxInFlight);
  let inFlight = 0;
  const roomFor = (priority: Priority) =>
    (priority === 'essential' ? config.limits.maxInFlight : limit.current) * SHARE_BY_PRIORITY[priority];
  const probe = createRoundTripProbe(ctx, {
    onResult: (tookMs) => limit.afterProbe(tookMs, inFlight),
    onStale: () => limit.reset(),
  });
  return (req, res, next) => {
    const { isSubscription, priority: usual } = classOf(req);
    // A built file costs no database, and a slow phone downloads it for seconds: it neither counts nor is refused.
    if (isSubscription || isAsset(req)) return next();
    const priority = isReturningBrowser(req) ? 'essential' : usual;
    probe();
    if (inFlight >= Math.max(1, Math.floor(roomFor(priority)))) {
      events.requestRefused({ kind: 'shed', route: routeName(req) });
      return next(BUSY);
    }
    inFlight += 1;
    events.requestsInFlight(inFlight);
    res.once('close', () => {
      inFlight -= 1;
      events.requestsInFlight(inFlight);
    });
    next();
  };
}

/** Starts a probe if the last one is old enough. Requests drive it, so an idle process needs no timer. */
function createRoundTripProbe(
  { db }: Pick<AppContext, 'db'>,
  { onResult, onStale }: { onResult: (tookMs: number) => void; onStale: () => void },
): () => void {
  let underWay = false;
  let lastAt = Number.NEGATIVE_INFINITY;
  let endedAt = Number.NEGATIVE_INFINITY;
  return () => {
    const beganAt = performance.now();
    if (underWay || beganAt - lastAt < PROBE_INTERVAL_MS) return;
    if (beganAt - endedAt > STALE_MS) onStale();
    underWay = true;
    lastAt = beganAt;
    const done = () => {
      underWay = false;
      endedAt = performance.now();
      onResult(endedAt - beganAt);
    };
    // A database that fails at once does not shrink the limit: requests fail just as fast.
    Promise.resolve(db.connection.db?.command({ ping: 1 })).then(done, done);
  };
}
