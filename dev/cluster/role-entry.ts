/**
 * One process of a cluster: web or worker, as production runs it, but towards the stand-ins that its parent names. Forked by
 * cluster/role-process; dies with its parent.
 */
import { z } from 'zod';
import { toConfig } from '../../server/config/config.ts';
import { stopOnSignals } from '../../server/process/shutdown.ts';
import { startServer } from '../../server/process/start.ts';

export const roleSettings = z.strictObject({
  /** Variables as server/config/config knows them. */
  env: z.record(z.string(), z.string()),
  paystackBaseUrl: z.string(),
  sendgridBaseUrl: z.string(),
  dbName: z.string(),
  appName: z.string(),
});
export type RoleSettings = z.infer<typeof roleSettings>;

/** What the child tells its parent, once. */
export type RoleReport = { url: string | null } | { error: string };

process.once('message', (message) => {
  start(roleSettings.parse(message)).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      process.send?.({ error: error instanceof Error ? error.message : String(error) } satisfies RoleReport);
      process.exitCode = 1;
      process.disconnect?.();
    },
  );
});
process.once('disconnect', () => process.exit(1));

async function start({ env, ...options }: RoleSettings): Promise<RoleReport> {
  const shop = await startServer(toConfig(env), { ...options, migrate: true });
  stopOnSignals(shop.ctx.log, shop.stop);
  return { url: shop.url };
}
