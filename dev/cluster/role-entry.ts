/** A forked web or worker against the fakes that its parent names. It exits when its parent does. */
import { z } from 'zod';
import { toConfig } from '../../server/config/config.ts';
import { stopOnSignals } from '../../server/process/shutdown.ts';
import { startServer } from '../../server/process/start.ts';

export const roleSettings = z.strictObject({
  /** Variables of server/config/config.ts. */
  env: z.record(z.string(), z.string()),
  paystackBaseUrl: z.string(),
  sendgridBaseUrl: z.string(),
  dbName: z.string(),
  appName: z.string(),
});
export type RoleSettings = z.infer<typeof roleSettings>;

/** The child's single message to its parent. */
export type RoleReport = { url: string | null; opsUrl: string } | { error: string };

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
  const server = await startServer(toConfig(env), { ...options, migrate: true });
  stopOnSignals(server.ctx.log, server.stop);
  return { url: server.url, opsUrl: server.opsUrl };
}
