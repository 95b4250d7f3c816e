/**
 * The web process's Express app, assembled as one list: what a request meets, in this order. Nothing here knows orders;
 * routers and REST routes do. Called by main and by the tests' world.
 */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { TRPCError } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import compression from 'compression';
import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { notFound } from '../models/errors.ts';
import type { AppContext } from './context.ts';
import {
  answerError,
  cacheRules,
  lastErrorHandler,
  leaveWhenStopping,
  limitDeclaredBody,
  logRequests,
  nothingHere,
  refuseTokensInUrl,
  withinDeadline,
} from './edge.ts';
import { shedLoad } from './load-shedding.ts';
import { calledProcedures, pathOf } from './request-class.ts';
import { type ContextOf, createContextOf } from './request-context.ts';
import { restRoutes } from './rest/index.ts';
import { opsRoutes } from './rest/ops.ts';
import { appRouter } from './router.ts';
import { storefrontRoutes } from './storefront.ts';
import { logFailure } from './trpc.ts';
import { judgeError, retryAfterSeconds } from './wire-error.ts';

export interface AppOptions {
  /** A built storefront to serve at /, with index.html. */
  storefrontDir?: string;
  /** Agendash's routes, already guarded, for /agendash. */
  agendash?: RequestHandler;
}

/** A batch of the client's is seldom longer; two thousand sign-ins in one request are none of ours. */
const MAX_BATCH_SIZE = 10;
const MAX_TRPC_BODY_BYTES = 100_000;

/** The app of one web process; opens no port and starts no timer. */
export function createApp(ctx: AppContext, options: AppOptions = {}): Express {
  const contextOf = createContextOf(ctx);
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', ctx.config.trustProxy);
  // Flat: `?a[$ne]=1` stays a strange name and never becomes an object.
  app.set('query parser', 'simple');
  // What is served must be what request-class recognises, or it escapes its deadline and its share.
  app.set('case sensitive routing', true);

  app.use(...logRequests(ctx));
  app.use(leaveWhenStopping(ctx));
  app.use(securityHeaders(ctx.config.production));
  app.use(crossOrigin(ctx.config.corsOrigins));
  app.use(refuseTokensInUrl);
  app.use(shedLoad(ctx));
  app.use(withinDeadline(ctx, answerError));
  if (options.agendash) app.use('/agendash', options.agendash);
  app.use(compressAlikes());
  if (options.storefrontDir !== undefined) app.use(storefrontRoutes(options.storefrontDir));
  app.use(cacheRules);
  app.use(restRoutes(ctx, { contextOf }));
  app.use('/trpc', onlyRecognised, limitDeclaredBody(MAX_TRPC_BODY_BYTES), trpc(ctx, contextOf));
  app.use(nothingHere);
  app.use(lastErrorHandler(ctx));
  return app;
}

/** The door of a worker alone: health and metrics, and nothing else. */
export function createOpsApp(ctx: AppContext): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(...logRequests(ctx));
  app.use(securityHeaders(ctx.config.production));
  app.use(opsRoutes(ctx));
  app.use(nothingHere);
  app.use(lastErrorHandler(ctx));
  return app;
}

/** The storefront's own scripts and styles, and nothing from elsewhere; agendash sets a policy of its own. */
function securityHeaders(production: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(production ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: production ? { maxAge: 31_536_000, includeSubDomains: true } : false,
  });
}

/** Bearer tokens need no credentials mode; without origins in the configuration no other site's page may read us. */
function crossOrigin(origins: readonly string[]): RequestHandler {
  return cors({
    origin: origins.length === 0 ? false : [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'trpc-accept', 'last-event-id'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    credentials: false,
    maxAge: 600,
  });
}

/** Only what is alike for everybody is compressed: the length of a compressed reply tells about secrets beside input. */
function compressAlikes(): RequestHandler {
  const compress = compression();
  return (req, res, next) => (isAlikeForAll(pathOf(req)) ? compress(req, res, next) : next());
}

function isAlikeForAll(path: string): boolean {
  return path.startsWith('/trpc/catalog.') || !/^\/(trpc|orders|webhooks)\b/.test(path);
}

/** tRPC itself would serve the last segment of any path, as a call that nobody in front of it took for one. */
const onlyRecognised: RequestHandler = (req, _res, next) =>
  next(calledProcedures(req) === null ? notFound('Page') : undefined);

function trpc(app: AppContext, contextOf: ContextOf): RequestHandler {
  return createExpressMiddleware({
    router: appRouter,
    maxBatchSize: MAX_BATCH_SIZE,
    maxBodySize: MAX_TRPC_BODY_BYTES,
    createContext: ({ req }) => contextOf(req),
    onError({ error, ctx, path, req }) {
      logFailure({ app, requestId: ctx?.requestId ?? String(req.id) }, error, knownPath(path));
    },
    responseMeta({ data, errors, paths, type }) {
      const retryAfter = retryAfterOf(errors);
      if (retryAfter !== null) return { headers: new Headers({ 'retry-after': retryAfter }) };
      const isCatalogue = type === 'query' && paths?.every((path) => path.startsWith('catalog.'));
      if (!isCatalogue || errors.length > 0) return {};
      // Weak: a compressed reply is the same reply.
      const etag = `W/"${createHash('sha256').update(JSON.stringify(data)).digest('base64url').slice(0, 27)}"`;
      return { headers: new Headers({ etag }) };
    },
  });
}

/** Seconds until the last of the failed calls may be tried again; null when none says so. */
function retryAfterOf(errors: readonly TRPCError[]): string | null {
  const waits = errors.map((error) => retryAfterSeconds(judgeError(error, null).wire) ?? 0);
  const longest = Math.max(0, ...waits);
  return longest === 0 ? null : String(longest);
}

function knownPath(path: string | undefined): string {
  return path !== undefined && path in appRouter._def.procedures ? `trpc:${path}` : 'trpc:unknown';
}

/** How long a client may take, ms, how much it may send before its body, and how many may be connected. */
export const SERVER_BOUNDS = {
  /** Enough for slow phones, too little to hold sockets open for sport. */
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  /** Longer than the 60 s of usual load balancers, so that it is they who close idle connections. */
  keepAliveTimeout: 65_000,
  /** How often the bounds above are looked after. */
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
  /** Subscriptions and a balancer's idle connections are a few thousand; at some 20 kB each, memory lasts for these. */
  maxConnections: 10_000,
};

/** The HTTP server around the app, with bounds on slow and large requests; not listening yet. Tests shorten the bounds. */
export function createHttpServer(app: Express, { maxConnections, ...bounds } = SERVER_BOUNDS): Server {
  return Object.assign(createServer(bounds, app), { maxConnections });
}
