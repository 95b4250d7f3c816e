import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config/config.ts';
import { startHints } from '../config/start-hints.ts';
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
  /** The URL of /livez, /readyz and /metrics, on a port of their own. */
  opsUrl: string;
  /** Lets open requests, subscriptions and jobs end (bounded), then closes everything. May be repeated. */
  stop(): Promise<void>;
}

export interface ServerOptions extends ContextOverrides {
  /** A built storefront to serve at / when the configuration names none. */
  storefrontDir?: string;
  /** The built desk to serve at /desk when the configuration names none. */
  deskDir?: string;
}

/** Open requests get this long to end before their sockets are cut. */
const DRAIN_MS = 10_000;
const IDLE_CHECK_MS = 50;

/** Starts the configured roles; rejects, with nothing left open, when one of them cannot start. */
export async function startServer(config: Config, options: ServerOptions = {}): Promise<RunningServer> {
  const { ctx, close } = await createContext(config, options);
  const open: Server[] = [];
  const cutAll = () => {
    for (const server of open) {
      server.closeAllConnections();
      server.close();
    }
  };
  try {
    const ops = await listenForOperators(ctx);
    open.push(ops);
    const web = config.roles.includes('web') ? await listenForShoppers(ctx, options) : null;
    if (web !== null) open.push(web);
    if (config.roles.includes('worker')) await ctx.jobs.start(ctx);
    for (const hint of startHints(config)) ctx.log.warn(hint);
    let stopping: Promise<void> | undefined;
    return {
      ctx,
      url: web === null ? null : urlOf(config, web),
      opsUrl: urlOf(config, ops),
      stop: () => {
        stopping ??= stopAll(ctx, { web, ops }, close);
        return stopping;
      },
    };
  } catch (error) {
    cutAll();
    await close();
    throw error;
  }
}

async function listenForShoppers(ctx: AppContext, options: ServerOptions): Promise<Server> {
  const storefrontDir = ctx.config.storefrontDir ?? options.storefrontDir;
  const deskDir = ctx.config.deskDir ?? options.deskDir;
  const app = createApp(ctx, {
    agendash: createAgendash(ctx),
    ...(storefrontDir === undefined ? {} : { storefrontDir }),
    ...(deskDir === undefined ? {} : { deskDir }),
  });
  return listen(createHttpServer(app), ctx.config, ctx.config.port);
}

/** Each process counts its own requests, settlements, refunds and emails, so each serves /metrics. */
function listenForOperators(ctx: AppContext): Promise<Server> {
  return listen(createHttpServer(createOpsApp(ctx)), ctx.config, ctx.config.opsPort);
}

interface Servers {
  web: Server | null;
  ops: Server;
}

/**
 * In this order: readiness fails, the shoppers' port closes, subscriptions, requests and jobs end, the operators' port and
 * the database close.
 */
async function stopAll(ctx: AppContext, { web, ops }: Servers, close: () => Promise<void>): Promise<void> {
  ctx.stopping.abort();
  await Promise.all([web === null ? ctx.changeFeed.stop() : drainWeb(ctx, web), ctx.jobs.stop()]);
  await closeServer(ops);
  await close();
}

async function drainWeb(ctx: AppContext, server: Server): Promise<void> {
  // The load balancer stops routing first; subscriptions that ended earlier would reconnect here.
  await delay(ctx.config.drainNoticeMs);
  await Promise.all([ctx.changeFeed.stop(), closeServer(server)]);
  await ctx.lateWork.ended();
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  closeUnusedConnections(server);
  // A keep-alive connection that was busy at close() would otherwise stay open until its idle timeout.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}
