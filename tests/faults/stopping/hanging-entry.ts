/** The server with a mailer that never settles its promise, so that the job sendEmails hangs. */
import { z } from 'zod';
import type { RoleReport } from '../../../dev/cluster/role-entry.ts';
import { toConfig } from '../../../server/config/config.ts';
import { stopOnSignals } from '../../../server/process/shutdown.ts';
import { startServer } from '../../../server/process/start.ts';

/** Repeats the schema of role-entry, because importing that module would start its server. */
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
      process.send?.({ url: shop.url, opsUrl: shop.opsUrl } satisfies RoleReport);
    },
    (error: unknown) => process.send?.({ error: String(error) } satisfies RoleReport),
  );
});
process.once('disconnect', () => process.exit(1));
