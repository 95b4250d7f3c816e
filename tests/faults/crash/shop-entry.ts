/**
 * The server as a child process of the crash matrix, with both roles and a tripwire in the victim. A fast clock lets locks of
 * minutes end in seconds. A rival loads its code and starts at the parent's message.
 */

import type { Clock } from '../../../jobs/ports.ts';
import { toConfig } from '../../../server/config/config.ts';
import { systemRandom } from '../../../server/context/system-ports.ts';
import { createMailer } from '../../../server/email/mailer.ts';
import { createLogger } from '../../../server/observability/logger.ts';
import { createPaystackService } from '../../../server/paystack/service.ts';
import { stopOnSignals } from '../../../server/process/shutdown.ts';
import { startServer } from '../../../server/process/start.ts';
import type { Crash, Moment } from './points.ts';
import { Tripwire, watchCommands, wireMailer, wirePaystack } from './tripwire.ts';

export interface ShopSettings {
  /** The variables of server/config/config. */
  env: Record<string, string>;
  dbName: string;
  paystackBaseUrl: string;
  sendgridBaseUrl: string;
  clock: FastClock;
  /** An hour when not given. */
  reconcileEveryMs?: number;
  /** null in a rival and in a restarted process. */
  trip: { moments: readonly Moment[]; crash: Crash } | null;
}

/** Time starts at `since` (epoch, ms) and runs `factor` times as fast; the same in all processes of a case. */
export interface FastClock {
  since: number;
  factor: number;
}

export type Order = { start: ShopSettings } | { arm: true };
export type Report = { url: string } | { tripped: true } | { error: string };

const HOUR_MS = 3600_000;

/** Lifetime of Agenda's locks, shorter than every pause. */
const AGENDA_LOCK_MS = 2_000;

export function fastClock({ since, factor }: FastClock): Clock {
  return { now: () => new Date(since + Math.round((Date.now() - since) * factor)) };
}

let wire: Tripwire | null = null;
const report = (message: Report) => process.send?.(message);

process.on('message', (order: Order) => {
  if ('arm' in order) wire?.arm();
  else
    start(order.start).then(
      (url) => report({ url }),
      (error: unknown) => report({ error: String(error) }),
    );
});
process.once('disconnect', () => process.exit(1));

async function start(settings: ShopSettings): Promise<string> {
  const { env, dbName, paystackBaseUrl, sendgridBaseUrl, clock, trip } = settings;
  wire = new Tripwire(trip?.moments ?? [], trip?.crash ?? 'throw', () => report({ tripped: true }));
  watchCommands(wire);
  const { reconcileEveryMs = HOUR_MS } = settings;
  const config = { ...toConfig(env), sweepEveryMs: 400, reconcileEveryMs };
  const log = createLogger({ level: 'warn', pretty: false });
  const time = fastClock(clock);
  const paystack = createPaystackService({
    secretKey: config.paystackSecretKey,
    baseUrl: paystackBaseUrl,
    clock: time,
    random: systemRandom,
    log,
  });
  const mailer = createMailer({
    apiKey: config.sendgridApiKey,
    baseUrl: sendgridBaseUrl,
    from: config.emailFrom,
    timeoutMs: 5_000,
  });
  const shop = await startServer(config, {
    dbName,
    log,
    clock: time,
    paystack: wirePaystack(wire, paystack),
    mailer: wireMailer(wire, mailer),
  });
  for (const definition of Object.values(shop.ctx.jobs.agenda.definitions)) definition.lockLifetime = AGENDA_LOCK_MS;
  stopOnSignals(log, shop.stop);
  return shop.url ?? '';
}
