/** A second process's worth of shop on the same database: its own context, lease holder, Agenda and connection pool. */
import { type RunningServer, startServer } from '../../server/process/start.ts';
import { letLongTimersGo } from './short-lived-timers.ts';
import type { TestApp } from './test-app.ts';

/** Runs the given roles beside the world's own; the caller stops it before the world. Failpoints find it by `appName`. */
export async function startRival(
  world: TestApp,
  { roles, appName = 'rival' }: { roles: readonly ('web' | 'worker')[]; appName?: string },
): Promise<RunningServer> {
  letLongTimersGo();
  return startServer(
    { ...world.ctx.config, roles },
    {
      log: world.ctx.log,
      clock: world.ctx.clock,
      dbName: world.db.connection.name,
      paystackBaseUrl: world.sandbox.url,
      sendgridBaseUrl: world.mailbox.url,
      appName,
    },
  );
}
