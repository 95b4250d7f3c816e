/**
 * A request's class, computed once from its method and URL: the priority for load shedding, the deadline, the procedures
 * that it calls. Names for the log and metrics form a closed set that holds no text of the client's.
 */
import type { Request } from 'express';
import { DEADLINES } from '../../models/deadlines.ts';
import { appRouter } from '../trpc/router.ts';

/** Lowest first, the order in which load shedding refuses requests. `essential` covers webhooks. */
const PRIORITIES = ['catalogue', 'cart', 'checkout', 'essential'] as const;
export type Priority = (typeof PRIORITIES)[number];

export type ProcedureType = 'query' | 'mutation' | 'subscription';

export interface RequestClass {
  /** The whole path, without the query. Express cuts `req.path` short inside of routers that are mounted on a path. */
  readonly path: string;
  /** The path is /trpc or below it. */
  readonly isTrpc: boolean;
  /** The procedures that a tRPC request names, unknown ones included; null for any other request. */
  readonly procedures: readonly string[] | null;
  /** The type that all the procedures share; null if they differ, or if one of them does not exist. */
  readonly type: ProcedureType | null;
  /** The highest priority among the calls: a cart read in a batch with a payment is not shed with the catalogue. */
  readonly priority: Priority;
  /** A subscription stays open for minutes: a limit per user bounds it, instead of deadlines and load shedding. */
  readonly isSubscription: boolean;
  /** Every call reads the catalogue, whose replies are the same for all users and may be revalidated. */
  readonly isCatalogueRead: boolean;
  /** The reply holds no user's data, so that its compressed length reveals no secret. */
  readonly isAlikeForAll: boolean;
  /** The time until the reply must have begun; null for subscriptions. */
  readonly deadlineMs: number | null;
}

/** The catalogue and the shop's own name and contact. */
const SHOWN_TO_ALL = /^(catalog|shop)\./;

/** Express keeps `originalUrl` through its routers, so the class of a request never changes. */
const classes = new WeakMap<Request, RequestClass>();

/** The request's class, computed on the first call. */
export function classOf(req: Request): RequestClass {
  const known = classes.get(req);
  if (known) return known;
  const created = Object.freeze(classify(req));
  classes.set(req, created);
  return created;
}

function classify({ originalUrl, method }: Request): RequestClass {
  const path = originalUrl.split('?', 1)[0] ?? '';
  const isTrpc = /^\/trpc(\/|$)/.test(path);
  const procedures = proceduresIn(path);
  const isCatalogueOnly = procedures?.every((name) => SHOWN_TO_ALL.test(name)) ?? false;
  const isSubscription = procedures?.some((name) => PROCEDURES.get(name) === 'subscription') ?? false;
  return {
    path,
    isTrpc,
    procedures,
    type: procedures && sharedTypeOf(procedures),
    priority: procedures ? highest(procedures.map(priorityOfProcedure)) : priorityOfPath(path),
    isSubscription,
    isCatalogueRead: method === 'GET' && isCatalogueOnly,
    isAlikeForAll: procedures ? isCatalogueOnly : !/^\/(trpc|orders|admin|webhooks)\b/.test(path),
    deadlineMs: isSubscription ? null : deadlineOf(path, isTrpc),
  };
}

function proceduresIn(path: string): string[] | null {
  const match = /^\/trpc\/([^/]+)\/?$/.exec(path);
  if (!match?.[1]) return null;
  try {
    return decodeURIComponent(match[1]).split(',');
  } catch {
    return [match[1]];
  }
}

/** The router keeps procedures by their full name, `cart.get`, although its TypeScript type nests them. */
const PROCEDURES: ReadonlyMap<string, ProcedureType> = new Map(
  Object.entries<unknown>(appRouter._def.procedures).map(([name, procedure]) => [name, typeOf(procedure)]),
);

function typeOf(procedure: unknown): ProcedureType {
  const definition: unknown = typeof procedure === 'function' && '_def' in procedure ? procedure._def : undefined;
  const type = typeof definition === 'object' && definition && 'type' in definition ? definition.type : undefined;
  if (type === 'query' || type === 'mutation' || type === 'subscription') return type;
  throw new Error('the router holds something that is not a procedure');
}

function sharedTypeOf(procedures: readonly string[]): ProcedureType | null {
  const [type, ...otherTypes] = new Set(procedures.map((name) => PROCEDURES.get(name)));
  return type === undefined || otherTypes.length > 0 ? null : type;
}

function highest(priorities: readonly Priority[]): Priority {
  return PRIORITIES.findLast((priority) => priorities.includes(priority)) ?? 'catalogue';
}

function priorityOfProcedure(name: string): Priority {
  if (!PROCEDURES.has(name) || SHOWN_TO_ALL.test(name)) return 'catalogue';
  const [noun] = name.split('.');
  return noun === 'cart' || noun === 'auth' ? 'cart' : 'checkout';
}

function priorityOfPath(path: string): Priority {
  if (/^\/webhooks(\/|$)/.test(path)) return 'essential';
  return /^\/(orders|admin)(\/|$)/.test(path) ? 'checkout' : 'catalogue';
}

const FILE_PATHS = ['/admin/pictures', '/admin/logo'];

function deadlineOf(path: string, isTrpc: boolean): number {
  if (path.startsWith('/webhooks/')) return DEADLINES.webhookRequest;
  if (path.startsWith('/admin/dispute-files/') || FILE_PATHS.includes(path)) return DEADLINES.fileRequest;
  return isTrpc ? DEADLINES.call + DEADLINES.callSlack : DEADLINES.call;
}

/** The name for the log and metrics: the procedure, or the pattern of the Express route that answered, once one has. */
export function routeName(req: Request): string {
  const { procedures } = classOf(req);
  if (procedures) return procedures.length > 1 ? 'trpc:batch' : procedureName(procedures[0]);
  const route: unknown = req.route;
  const pattern = typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  return typeof pattern === 'string' ? `${mountOf(req)}${pattern}` : 'unmatched';
}

/** The procedure's name for the log and metrics; one name for all that do not exist. */
export function procedureName(name: string | undefined): string {
  return name !== undefined && PROCEDURES.has(name) ? `trpc:${name}` : 'trpc:unknown';
}

/** Routers are mounted on fixed paths; one mounted on a parameter would put the client's text into baseUrl. */
function mountOf(req: Request): string {
  return /^[a-z/-]{0,40}$/.test(req.baseUrl) ? req.baseUrl : '';
}
