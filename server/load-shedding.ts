/**
 * When more is asked than can be answered, some of it gets an early 503 instead of everybody a late one. What earns
 * money is shed last: the catalogue first, then carts, then checkout; webhooks and health never. Counts the requests in
 * flight of this process.
 */
import type { RequestHandler } from 'express';
import { AppError } from '../models/errors.ts';
import type { AppContext } from './context.ts';
import { type Importance, importanceOf, isSubscription, routeName } from './request-class.ts';

/** The share of the cap up to which each kind is let in. */
const SHARE: Record<Importance, number> = {
  catalogue: 0.7,
  cart: 0.85,
  checkout: 1,
  essential: Number.POSITIVE_INFINITY,
};
const RETRY_AFTER_MS = 1_000;

/** Passes OVERLOADED on when the request's kind has no room; otherwise counts the request until its reply is over. */
export function shedLoad({ config, events }: Pick<AppContext, 'config' | 'events'>): RequestHandler {
  let inFlight = 0;
  return (req, res, next) => {
    if (isSubscription(req)) return next();
    if (inFlight >= Math.max(1, Math.floor(config.limits.maxInFlight * SHARE[importanceOf(req)]))) {
      events.requestRefused({ kind: 'shed', route: routeName(req) });
      const details = { retryAfterMs: RETRY_AFTER_MS };
      return next(new AppError('OVERLOADED', 'The shop is very busy; try again in a moment.', { details }));
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
