/**
 * startShop: config → context → roles (web, worker), and the graceful stop. The same for production (main.ts), development,
 * clusters and tests.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAgendash } from './agendash.ts';
import { createApp, createHttpServer } from './app.ts';
import type { Config } from './config.ts';
import type { AppContext } from './context.ts';
import { type ContextOverrides, createContext } from './create-context.ts';

export interface RunningShop {
  ctx: AppContext;
  /** Where the web role listens; null for a worker alone. */
  url: string | null;
  /** Lets open requests, subscriptions and jobs end (bounded), then closes everything. May be repeated. */
  stop(): Promise<void>;
}

export interface ShopOptions extends ContextOverrides {
  /** A built storefront to serve at /. */
  storefrontDir?: string;
}

/** Open requests get this long to end before their sockets are cut. */
const DRAIN_MS = 10_000;
const IDLE_CHECK_MS = 50;

/** Starts the configured roles; rejects, with nothing left open, when one of them cannot start. */
export async function startShop(config: Config, options: ShopOptions = {}): Promise<RunningShop> {
  const { ctx, close } = await createContext(config, options);
  let server: Server | null = null;
  try {
    if (config.roles.includes('web')) server = await listen(ctx, options);
    if (config.roles.includes('worker')) await ctx.jobs.start(ctx);
  } catch (error) {
    server?.closeAllConnections();
    server?.close();
    await close();
    throw error;
  }
  let stopping: Promise<void> | undefined;
  return {
    ctx,
    url: server === null ? null : urlOf(config, server),
    stop: () => {
      stopping ??= stopAll(ctx, server, close);
      return stopping;
    },
  };
}

async function listen(ctx: AppContext, { storefrontDir }: ShopOptions): Promise<Server> {
  const app = createApp(ctx, {
    agendash: createAgendash(ctx),
    ...(storefrontDir === undefined ? {} : { storefrontDir }),
  });
  const server = createHttpServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(ctx.config.port, ctx.config.host, resolve);
  });
  return server;
}

function urlOf({ host }: Config, server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
}

/** Not ready → no new connections → subscriptions and requests end → jobs end → database closed. */
async function stopAll(ctx: AppContext, server: Server | null, close: () => Promise<void>): Promise<void> {
  // Subscriptions end by themselves now, and /readyz says that we drain.
  const watchOver = ctx.orderWatch.stop();
  if (server !== null) {
    const closed = new Promise((resolve) => server.close(resolve));
    // A kept-alive connection that was busy at close() would otherwise stay until its idle time is over.
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    await closed;
    clearInterval(idle);
    clearTimeout(cut);
  }
  await watchOver;
  await close();
}
