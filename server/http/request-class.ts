/**
 * What kind of request this is, read from method and path alone: who may be shed first, how long an answer may take,
 * and the name under which it is logged and counted, a closed set that holds nothing of what the client sent.
 */
import type { Request } from 'express';
import { appRouter } from '../trpc/router.ts';

/** In the order of being shed. `essential` is shed when all else is long shed: webhooks and health. */
export type Priority = 'catalogue' | 'cart' | 'checkout' | 'essential';

const RANK: Record<Priority, number> = { catalogue: 0, cart: 1, checkout: 2, essential: 3 };

/** Flat at run time, `cart.get` → its type, although the router's own types show it nested. */
const PROCEDURES: ReadonlyMap<string, unknown> = new Map(
  Object.entries<unknown>(appRouter._def.procedures).map(([path, procedure]) => [path, typeOf(procedure)]),
);

function typeOf(procedure: unknown): unknown {
  if (typeof procedure !== 'function' || !('_def' in procedure))
    throw new Error('the router holds what is no procedure');
  const definition: unknown = procedure._def;
  return typeof definition === 'object' && definition !== null && 'type' in definition ? definition.type : undefined;
}

/** 'query', 'mutation' or 'subscription'; undefined for a procedure that does not exist. */
export function typeOfProcedure(path: string): unknown {
  return PROCEDURES.get(path);
}

/** The whole path, without the query; `req.path` is cut short inside of whatever is mounted on a path. */
export function pathOf(req: Request): string {
  return req.originalUrl.split('?', 1)[0] ?? '';
}

/** The procedures that a /trpc request names, unknown ones included; null for any other request. */
export function calledProcedures(req: Request): string[] | null {
  const match = /^\/trpc\/([^/]+)\/?$/.exec(pathOf(req));
  if (!match?.[1]) return null;
  try {
    return decodeURIComponent(match[1]).split(',');
  } catch {
    return [match[1]];
  }
}

/** A request counts as its most important part: a cart read beside a payment is not shed with the catalogue. */
export function priorityOf(req: Request): Priority {
  const procedures = calledProcedures(req);
  if (procedures === null) return priorityOfPath(pathOf(req));
  return procedures
    .map(priorityOfProcedure)
    .reduce((most, next) => (RANK[next] > RANK[most] ? next : most), 'catalogue');
}

function priorityOfProcedure(path: string): Priority {
  if (!PROCEDURES.has(path)) return 'catalogue';
  const [noun] = path.split('.');
  if (noun === 'catalog') return 'catalogue';
  return noun === 'cart' || noun === 'auth' ? 'cart' : 'checkout';
}

function priorityOfPath(path: string): Priority {
  if (/^\/(webhooks|livez|readyz|metrics)(\/|$)/.test(path)) return 'essential';
  return /^\/orders(\/|$)/.test(path) ? 'checkout' : 'catalogue';
}

/** A subscription stays open for minutes: it is bounded per user, not by deadlines and requests in flight. */
export function isSubscription(req: Request): boolean {
  return calledProcedures(req)?.some((path) => PROCEDURES.get(path) === 'subscription') ?? false;
}

/** True when every call is a read of the catalogue, whose replies are alike for everybody. */
export function isCatalogueRead(req: Request): boolean {
  const procedures = calledProcedures(req);
  return req.method === 'GET' && procedures !== null && procedures.every((path) => path.startsWith('catalog.'));
}

/** The name for log and metrics: procedures that exist, or the pattern of the route that answered. */
export function routeName(req: Request): string {
  const procedures = calledProcedures(req);
  if (procedures !== null) {
    const [first = ''] = procedures;
    if (procedures.length > 1) return 'trpc:batch';
    return PROCEDURES.has(first) ? `trpc:${first}` : 'trpc:unknown';
  }
  const route: unknown = req.route;
  const pattern = typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  return typeof pattern === 'string' ? `${mountOf(req)}${pattern}` : 'unmatched';
}

/** Routers are mounted on fixed paths; one mounted on a parameter would put the client's text into baseUrl. */
function mountOf(req: Request): string {
  return /^[a-z/-]{0,40}$/.test(req.baseUrl) ? req.baseUrl : '';
}
