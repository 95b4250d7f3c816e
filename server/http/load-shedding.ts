/**
 * When more is asked than can be answered, some of it gets an early 503 instead of everybody a late one. What earns
 * money is shed last: the catalogue first, then carts, then checkout; webhooks and health only when there are several
 * times as many requests as are let in. Counts the requests in
 * flight of this process, and lets in fewer than configured while process or database answer slowly: a queue that takes
 * longer than the deadline does nothing but work that nobody waits for any more.
 */
import type { RequestHandler } from 'express';
import { AppError } from '../../models/errors.ts';
import type { AppContext } from '../context/app-context.ts';
import { isSubscription, type Priority, priorityOf, routeName } from './request-class.ts';

/**
 * The share of the limit up to which each kind is let in. Anybody can knock at the webhook's door, so it has an end as
 * well, far beyond what Paystack sends at once; it does not shrink, because Paystack's patience is longer than ours.
 */
const SHARE_BY_PRIORITY: Record<Priority, number> = { catalogue: 0.7, cart: 0.85, checkout: 1, essential: 4 };

/** One for all: turning away must cost next to nothing, and a stack of each would tell nobody anything. */
const BUSY = new AppError('OVERLOADED', 'The shop is very busy; try again in a moment.', {
  details: { retryAfterMs: 1_000 },
});

/** A pulse is one turn through this process and to the database and back; a checkout takes some 25 of them in a row. */
const PROBE_INTERVAL_MS = 250;
/** 25 of these are two seconds, well before the deadline of five; a database in another zone answers in a tenth of it. */
const SLOW_ROUND_TRIP_MS = 75;
const SHRINK = 0.8;
const GROW = 1.1;
/** The limit never falls below this share of the configured one: whatever is wrong, some work goes on. */
const LEAST_SHARE = 1 / 8;

/** How many requests may be in flight: the configured number, less while pulses are slow. Pure; driven by shedLoad. */
export class AdaptiveConcurrencyLimit {
  readonly #most: number;
  #current: number;

  constructor(most: number) {
    this.#most = most;
    this.#current = most;
  }

  get current(): number {
    return Math.floor(this.#current);
  }

  /** Shrinks at once, from what is in flight; grows back by a tenth a pulse, so that the queue does not come back with it. */
  afterProbe(tookMs: number, inFlight: number): void {
    const wanted = tookMs > SLOW_ROUND_TRIP_MS ? Math.min(this.#current, inFlight) * SHRINK : this.#current * GROW;
    this.#current = Math.min(this.#most, Math.max(wanted, this.#most * LEAST_SHARE, 1));
  }
}

/** Passes OVERLOADED on when the request's kind has no room; otherwise counts the request until its reply is over. */
export function shedLoad(ctx: Pick<AppContext, 'config' | 'events' | 'db'>): RequestHandler {
  const { config, events } = ctx;
  const limit = new AdaptiveConcurrencyLimit(config.limits.maxInFlight);
  let inFlight = 0;
  const roomFor = (kind: Priority) =>
    (kind === 'essential' ? config.limits.maxInFlight : limit.current) * SHARE_BY_PRIORITY[kind];
  const probe = createRoundTripProbe(ctx, (tookMs) => limit.afterProbe(tookMs, inFlight));
  return (req, res, next) => {
    if (isSubscription(req)) return next();
    probe();
    if (inFlight >= Math.max(1, Math.floor(roomFor(priorityOf(req))))) {
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

/** Measures one pulse when the last is old enough, driven by requests: a process that nobody asks needs no timer. */
function createRoundTripProbe({ db }: Pick<AppContext, 'db'>, tell: (tookMs: number) => void): () => void {
  let underWay = false;
  let lastAt = Number.NEGATIVE_INFINITY;
  return () => {
    const beganAt = performance.now();
    if (underWay || beganAt - lastAt < PROBE_INTERVAL_MS) return;
    underWay = true;
    lastAt = beganAt;
    const done = () => {
      underWay = false;
      tell(performance.now() - beganAt);
    };
    // A database that fails at once is no reason to let fewer in: their answers are fast, too.
    Promise.resolve(db.connection.db?.command({ ping: 1 })).then(done, done);
  };
}
