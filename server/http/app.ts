/**
 * The web process's Express app, assembled as one list: what a request meets, in this order. Nothing here knows orders;
 * routers and REST routes do. Called by main and by the tests' world.
 */
import { createServer, type Server } from 'node:http';
import compression from 'compression';
import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { AppContext } from '../context/app-context.ts';
import { restRoutes } from '../rest/index.ts';
import { opsRoutes } from '../rest/ops.ts';
import { createContextOf } from '../trpc/request-context.ts';
import { type TrpcOptions, trpcRoutes } from '../trpc/routes.ts';
import {
  answerError,
  cacheRules,
  lastErrorHandler,
  leaveWhenStopping,
  logRequests,
  nothingHere,
  refuseTokensInUrl,
  withinDeadline,
} from './edge.ts';
import { shedLoad } from './load-shedding.ts';
import { pathOf } from './request-class.ts';
import { storefrontRoutes } from './storefront.ts';

export interface AppOptions extends Pick<TrpcOptions, 'fastPath'> {
  /** A built storefront to serve at /, with index.html. */
  storefrontDir?: string;
  /** Agendash's routes, already guarded, for /agendash. */
  agendash?: RequestHandler;
}

/** The app of one web process; opens no port and starts no timer. */
export function createApp(ctx: AppContext, options: AppOptions = {}): Express {
  const contextOf = createContextOf(ctx);
  const app = express();
  app.disable('x-powered-by');
  // Of what may be kept, whoever serves it makes the tag: the catalogue's in trpc-routes, files' in serve-static.
  app.disable('etag');
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
  app.use('/trpc', ...trpcRoutes(ctx, { contextOf, ...options }));
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
