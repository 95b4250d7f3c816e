/** A second worker on the same database, with its own context, lease holder, Agenda and connection pool. */
import { type RunningServer, startServer } from '../../server/process/start.ts';
import { letLongTimersGo } from './short-lived-timers.ts';
import type { TestApp } from './test-app.ts';

/** Runs the given roles beside the app's own. The caller stops it before the app. Failpoints select it by `appName`. */
export async function startRival(
  app: TestApp,
  { roles, appName = 'rival' }: { roles: readonly ('web' | 'worker')[]; appName?: string },
): Promise<RunningServer> {
  letLongTimersGo();
  return startServer(
    { ...app.ctx.config, roles },
    {
      log: app.ctx.log,
      clock: app.ctx.clock,
      dbName: app.db.connection.name,
      paystackBaseUrl: app.sandbox.url,
      sendgridBaseUrl: app.mailbox.url,
      appName,
    },
  );
}
