import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config/config.ts';
import type { AppContext } from '../context/app-context.ts';
import { type ContextOverrides, createContext } from '../context/create-context.ts';
import { createAgendash } from '../http/agendash.ts';
import { createApp, createHttpServer, createOpsApp } from '../http/app.ts';
import { listen, urlOf } from './listen.ts';
import { closeUnusedConnections } from './unused-connections.ts';

export interface RunningServer {
  ctx: AppContext;
  /** The URL of the web role; null for a worker alone. */
  url: string | null;
  /** The URL of /livez, /readyz and /metrics: `url`, or a separate port of a worker alone. */
  opsUrl: string;
  /** Lets open requests, subscriptions and jobs end (bounded), then closes everything. May be repeated. */
  stop(): Promise<void>;
}

export interface ServerOptions extends ContextOverrides {
  /** A built storefront to serve at / when the configuration names none. */
  storefrontDir?: string;
}

/** Open requests get this long to end before their sockets are cut. */
const DRAIN_MS = 10_000;
const IDLE_CHECK_MS = 50;

/** Starts the configured roles; rejects, with nothing left open, when one of them cannot start. */
export async function startServer(config: Config, options: ServerOptions = {}): Promise<RunningServer> {
  const { ctx, close } = await createContext(config, options);
  const isWeb = config.roles.includes('web');
  let server: Server | null = null;
  try {
    server = await (isWeb ? listenForAll(ctx, options) : listenForOperators(ctx));
    if (config.roles.includes('worker')) await ctx.jobs.start(ctx);
  } catch (error) {
    server?.closeAllConnections();
    server?.close();
    await close();
    throw error;
  }
  const open = server;
  const opsUrl = urlOf(config, open);
  let stopping: Promise<void> | undefined;
  return {
    ctx,
    url: isWeb ? opsUrl : null,
    opsUrl,
    stop: () => {
      stopping ??= stopAll(ctx, open, close);
      return stopping;
    },
  };
}

async function listenForAll(ctx: AppContext, options: ServerOptions): Promise<Server> {
  const storefrontDir = ctx.config.storefrontDir ?? options.storefrontDir;
  const app = createApp(ctx, {
    agendash: createAgendash(ctx),
    ...(storefrontDir === undefined ? {} : { storefrontDir }),
  });
  return listen(createHttpServer(app), ctx.config, ctx.config.port);
}

/** A worker counts its own settlements, refunds and emails, so it needs an endpoint for /metrics. */
function listenForOperators(ctx: AppContext): Promise<Server> {
  return listen(createHttpServer(createOpsApp(ctx)), ctx.config, ctx.config.opsPort);
}

/** In this order: readiness fails, the port closes, subscriptions, requests and jobs end, the database is closed. */
async function stopAll(ctx: AppContext, server: Server, close: () => Promise<void>): Promise<void> {
  ctx.stopping.abort();
  await Promise.all([drainServer(ctx, server), ctx.jobs.stop()]);
  await close();
}

async function drainServer(ctx: AppContext, server: Server): Promise<void> {
  // The load balancer stops routing first; subscriptions that ended earlier would reconnect here.
  if (ctx.config.roles.includes('web')) await delay(ctx.config.drainNoticeMs);
  const watchOver = ctx.changeFeed.stop();
  const closed = new Promise((resolve) => server.close(resolve));
  closeUnusedConnections(server);
  // A keep-alive connection that was busy at close() would otherwise stay open until its idle timeout.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
  await watchOver;
}
