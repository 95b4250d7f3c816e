/** The Express app of a web process: the list of its middleware and routes, in the order in which a request meets them. */
import { createServer, type Server } from 'node:http';
import compression from 'compression';
import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { themePath } from '../../models/contract/pages/looks.ts';
import type { Config } from '../config/config.ts';
import type { AppContext } from '../context/app-context.ts';
import { keepShopInfo } from '../context/shop-identity.ts';
import { restRoutes } from '../rest/index.ts';
import { opsRoutes } from '../rest/ops.ts';
import { createContextOf, TOKEN_EXPIRY_HEADER, TOKEN_HEADER } from '../trpc/request-context.ts';
import { type TrpcOptions, trpcRoutes } from '../trpc/routes.ts';
import {
  cacheRules,
  createAnswerError,
  lastErrorHandler,
  leaveWhenStopping,
  logRequests,
  nothingHere,
  refuseTokensInUrl,
  withinDeadline,
} from './edge.ts';
import { shedLoad } from './load-shedding.ts';
import { deskRoutes } from './pages/desk.ts';
import { openStorefront, storefrontRoutes } from './pages/storefront.ts';
import { noticeUnknownProxy } from './proxy-hint.ts';
import { classOf } from './request-class.ts';

export interface AppOptions extends Pick<TrpcOptions, 'fastPath'> {
  /** A built storefront to serve at /, with index.html. */
  storefrontDir?: string;
  /** The built desk to serve at /desk, with index.html. */
  deskDir?: string;
  /** Agendash's routes, already guarded, for /agendash. */
  agendash?: RequestHandler;
}

/** The app of one web process; opens no port and starts no timer. */
export function createApp(ctx: AppContext, options: AppOptions = {}): Express {
  const contextOf = createContextOf(ctx);
  const { storefrontUrl } = ctx.config;
  const readShopInfo = keepShopInfo(ctx);
  const storefront = options.storefrontDir === undefined ? null : openStorefront(options.storefrontDir);
  const styleSheets = storefront?.template.styleSheets ?? [];
  const answer = createAnswerError(async () => {
    const { name: shopName, colour } = await readShopInfo();
    const theme = colour === null ? [] : [themePath(colour)];
    return { shopName, storefrontUrl, styleSheets: [...styleSheets, ...(storefront === null ? [] : theme)] };
  });
  const app = express();
  app.disable('x-powered-by');
  // Replies that may be cached get their ETags elsewhere: the catalogue's in server/trpc/routes, files' in serve-static.
  app.disable('etag');
  app.set('trust proxy', ctx.config.trustProxy);
  // The flat parser reads `?a[$ne]=1` as a parameter of that name, never as an object with a query operator.
  app.set('query parser', 'simple');
  // Keep routing as strict as request-class, or a request could bypass its deadline and load limit.
  app.set('case sensitive routing', true);

  app.use(...logRequests(ctx));
  app.use(leaveWhenStopping(ctx));
  app.use(noticeUnknownProxy(ctx));
  app.use(securityHeaders(ctx.config));
  app.use(crossOrigin(ctx.config.corsOrigins));
  app.use(refuseTokensInUrl);
  app.use(shedLoad(ctx));
  app.use(withinDeadline(ctx, answer));
  if (options.agendash) app.use('/agendash', options.agendash);
  app.use(compressAlikes());
  if (options.deskDir !== undefined) app.use(deskRoutes(options.deskDir));
  if (storefront !== null) app.use(storefrontRoutes(ctx, storefront, { contextOf, readShopInfo }));
  app.use(cacheRules);
  app.use(restRoutes(ctx, { contextOf }));
  app.use('/trpc', ...trpcRoutes(ctx, { contextOf, ...options }));
  app.use(nothingHere);
  app.use(lastErrorHandler(ctx, answer));
  return app;
}

/** The app of the operators' port: only health checks and metrics. */
export function createOpsApp(ctx: AppContext): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(...logRequests(ctx));
  app.use(securityHeaders({ ...ctx.config, paystackPopup: false }));
  app.use(opsRoutes(ctx));
  app.use(nothingHere);
  app.use(lastErrorHandler(ctx, createAnswerError()));
  return app;
}

/** The origins that Paystack's pop-up loads: its script, its page in a frame, and its API. */
const POPUP_SOURCES = {
  scripts: ['https://js.paystack.co', 'https://checkout.paystack.com'],
  frames: ['https://checkout.paystack.com'],
  connections: ['https://api.paystack.co', 'https://checkout.paystack.com'],
};
const NO_SOURCES: typeof POPUP_SOURCES = { scripts: [], frames: [], connections: [] };

/**
 * Pages load scripts and styles of this origin only, and with `paystackPopup` what Paystack's pop-up needs; Agendash sets
 * a policy of its own.
 */
function securityHeaders({
  production,
  paystackPopup,
  auth,
}: Pick<Config, 'production' | 'paystackPopup' | 'auth'>): RequestHandler {
  const popup = paystackPopup ? POPUP_SOURCES : NO_SOURCES;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", ...popup.scripts],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", ...popup.connections, ...issuerOrigins(auth)],
        frameSrc: ["'self'", ...popup.frames],
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

/** Pages discover the issuer and exchange their code there; its keys may have another host. */
function issuerOrigins(auth: Config['auth']): string[] {
  if (auth.kind !== 'jwks' || auth.clientId === null) return [];
  return [...new Set([auth.issuer, auth.url].map((address) => new URL(address).origin))];
}

/** Bearer tokens need no credentials mode. Without configured origins, pages of other sites cannot read replies. */
function crossOrigin(origins: readonly string[]): RequestHandler {
  return cors({
    origin: origins.length === 0 ? false : [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'trpc-accept', 'last-event-id'],
    exposedHeaders: ['x-request-id', 'retry-after', TOKEN_HEADER, TOKEN_EXPIRY_HEADER],
    credentials: false,
    maxAge: 600,
  });
}

/** The length of a compressed reply reveals secrets that it holds beside a client's input, so users' data is not compressed. */
function compressAlikes(): RequestHandler {
  const compress = compression();
  return (req, res, next) => (classOf(req).isAlikeForAll ? compress(req, res, next) : next());
}

/** Bounds on a client's time in ms, on the bytes of its headers, and on the number of connections. */
export const SERVER_BOUNDS = {
  /** Long enough for slow phones, short enough that stalled clients do not hold sockets. */
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  /** Longer than the 60 s of usual load balancers, so that the balancer closes idle connections first. */
  keepAliveTimeout: 65_000,
  /** The period in which Node enforces the bounds above. */
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
  /** Subscriptions and a balancer's idle connections are a few thousand, and each takes some 20 kB of memory. */
  maxConnections: 10_000,
};

/** The HTTP server around the app, with bounds on slow and large requests; not listening yet. */
export function createHttpServer(app: Express, { maxConnections, ...bounds } = SERVER_BOUNDS): Server {
  return Object.assign(createServer(bounds, app), { maxConnections });
}
