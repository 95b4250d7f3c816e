/**
 * A web or worker process of the chaos run. The database clock, which the program uses in production too, runs faster here.
 * `skewMs` sets the clock of the machine wrong.
 */

import type { RoleReport, RoleSettings } from '../../../dev/cluster/role-entry.ts';
import { openConnection } from '../../../models/db/connection.ts';
import { toConfig } from '../../../server/config/config.ts';
import { createDatabaseClock } from '../../../server/context/database-clock.ts';
import { stopOnSignals } from '../../../server/process/shutdown.ts';
import { startServer } from '../../../server/process/start.ts';

export interface ChaosSettings extends Record<string, unknown> {
  /** Time starts at `since` (epoch, ms) and runs `factor` times as fast. */
  clock: { since: number; factor: number };
  /** Added to this machine's own clock, ms. */
  skewMs: number;
}

process.once('message', (message: RoleSettings & ChaosSettings) => {
  start(message).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      process.send?.({ error: String(error) } satisfies RoleReport);
      process.exitCode = 1;
      process.disconnect?.();
    },
  );
});
process.once('disconnect', () => process.exit(1));

async function start({
  env,
  clock: { since, factor },
  skewMs,
  ...options
}: RoleSettings & ChaosSettings): Promise<RoleReport> {
  skewDate(skewMs);
  const config = { ...toConfig(env), sweepEveryMs: 1_000, reconcileEveryMs: 20_000 };
  const timeConnection = await openConnection(config.mongodbUri, { appName: 'chaos-clock', maxPoolSize: 1 });
  const database = await createDatabaseClock(timeConnection);
  const clock = { now: () => new Date(since + Math.round((database.now().getTime() - since) * factor)) };
  const { dbName, appName, paystackBaseUrl, sendgridBaseUrl } = options;
  const shop = await startServer(config, { dbName, appName, paystackBaseUrl, sendgridBaseUrl, clock });
  stopOnSignals(shop.ctx.log, async () => {
    await shop.stop();
    database.stop();
    await timeConnection.close();
  });
  return { url: shop.url, opsUrl: shop.opsUrl };
}

/** Replaces the global Date, so that all code in this process reads a wrong machine clock. */
function skewDate(skewMs: number): void {
  if (skewMs === 0) return;
  const Right = Date;
  const now = () => Right.now() + skewMs;
  globalThis.Date = new Proxy(Right, {
    construct: (target, args) => Reflect.construct(target, args.length === 0 ? [now()] : args),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
}
