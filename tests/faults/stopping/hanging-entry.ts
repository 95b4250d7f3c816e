/** The shop as a process whose mailer never answers and never gives up: a job that hangs, for tests of stopping. */
import { z } from 'zod';
import type { RoleReport } from '../../../dev/cluster/role-entry.ts';
import { toConfig } from '../../../server/config/config.ts';
import { stopOnSignals } from '../../../server/process/shutdown.ts';
import { startServer } from '../../../server/process/start.ts';

/** As role-entry's; importing its schema would start its shop as well. */
const roleSettings = z.strictObject({
  env: z.record(z.string(), z.string()),
  paystackBaseUrl: z.string(),
  sendgridBaseUrl: z.string(),
  dbName: z.string(),
  appName: z.string(),
});

process.once('message', (message) => {
  const { env, ...options } = roleSettings.parse(message);
  const mailer = { send: () => new Promise<never>(() => undefined) };
  startServer(toConfig(env), { ...options, mailer, migrate: true }).then(
    (shop) => {
      stopOnSignals(shop.ctx.log, shop.stop);
      process.send?.({ url: shop.url } satisfies RoleReport);
    },
    (error: unknown) => process.send?.({ error: String(error) } satisfies RoleReport),
  );
});
process.once('disconnect', () => process.exit(1));
