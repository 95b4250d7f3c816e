import { collectDefaultMetrics, Gauge } from 'prom-client';
import { countUnknownJobs } from '../../jobs/agenda/job-collection.ts';
import { SingleFlight } from '../../jobs/concurrency/single-flight.ts';
import { withTimeout } from '../../jobs/concurrency/with-timeout.ts';
import { readAuditState } from '../../models/audit-state/audit-state.ts';
import type { AuditState } from '../../models/audit-state/audit-state-document.ts';
import { type Backlog, readBacklog } from '../../models/backlog.ts';
import { countLeftToNewer } from '../../models/left-to-newer.ts';
import type { AppContext } from '../context/app-context.ts';
import { LABEL_VALUES } from './metrics.ts';
import { watchPool } from './mongo-pool.ts';

/** A scrape waits no longer than this for the database; Prometheus times out after 10 s by default. */
const READ_MS = 1_000;
/** Scrapes within this time of each other show the same backlog; Prometheus scrapes every few seconds. */
const BACKLOG_TTL_MS = 1_000;

/**
 * Registers the gauges of the backlog in the database, of the audit and of the connection pool, once per context. The returned function
 * refreshes them before a scrape. When the database does not answer, `backlog_read` is 0 and the backlog's gauges are
 * NaN rather than old. Every process shows the same backlog, so alerts take the maximum.
 */
export function createGauges(ctx: GaugeSources): () => Promise<void> {
  const { registry } = ctx.events;
  collectDefaultMetrics({ register: registry });
  watchPool(ctx.db.connection.getClient(), registry);
  const gauge = <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const read = gauge('backlog_read', '1 when the database answered for the metrics below, else 0.');
  const waiting = gauge('backlog_count', 'What waits for a job, by kind.', ['kind']);
  const oldest = gauge('backlog_oldest_seconds', 'How long the oldest of them waits; 0 for none.', ['kind']);
  const needsAttention = gauge('needs_attention_count', 'What only a person can end, by kind.', ['kind']);
  const leftToNewer = gauge('left_to_newer_count', 'What only a newer version of the program can do, by kind.', [
    'kind',
  ]);
  const proved = gauge(
    'audit_proved_until_seconds',
    'Unix time until which all orders were found right; NaN before the first whole round.',
  );
  const violations = gauge('audit_violations_count', 'Violations that the audit knows and has not seen repaired.');
  const show = (backlog: Backlog | null, left: Left | null, audit: AuditState | null) => {
    proved.set(audit?.provedUntil === undefined ? Number.NaN : audit.provedUntil.getTime() / 1000);
    violations.set(audit?.violations.length ?? Number.NaN);
    for (const kind of LABEL_VALUES.left_to_newer_count.kind) leftToNewer.set({ kind }, left?.[kind] ?? Number.NaN);
    read.set(backlog === null ? 0 : 1);
    const now = ctx.clock.now().getTime();
    for (const [kind, label] of WAITING) {
      const { count = Number.NaN, oldestAt = null } = backlog?.[kind] ?? {};
      waiting.set({ kind: label }, count);
      const none = backlog === null ? Number.NaN : 0;
      oldest.set({ kind: label }, oldestAt === null ? none : Math.max(0, now - oldestAt.getTime()) / 1000);
    }
    for (const [kind, label] of NEEDS_ATTENTION)
      needsAttention.set({ kind: label }, backlog?.needsAttention[kind] ?? Number.NaN);
  };
  show(null, null, null);
  const refreshes = new SingleFlight<void>(BACKLOG_TTL_MS, ctx.clock);
  const refresh = async () => {
    const backlog = readBacklog(ctx.db, ctx.clock.now(), READ_MS).catch(() => null);
    const left = readLeft(ctx.db).catch(() => null);
    const audit = readAuditState(ctx.db).catch(() => null);
    const orNull = <T>(value: Promise<T | null>) => withTimeout(value, READ_MS, (): T | null => null);
    show(...(await Promise.all([orNull(backlog), orNull(left), orNull(audit)])));
  };
  return () => refreshes.get('backlog', refresh);
}

type GaugeSources = Pick<AppContext, 'db' | 'clock' | 'events'>;

type Kinds = typeof LABEL_VALUES;

type Left = Record<Kinds['left_to_newer_count']['kind'][number], number>;

async function readLeft(db: AppContext['db']): Promise<Left> {
  const [{ orders, emails, webhooks }, job] = await Promise.all([
    countLeftToNewer(db, READ_MS),
    countUnknownJobs(db, READ_MS),
  ]);
  return { order: orders, email: emails, webhook: webhooks, job };
}

const WAITING = [
  ['paidOrders', 'paid_order'],
  ['emails', 'email'],
  ['webhooks', 'webhook'],
] as const satisfies [keyof Backlog, Kinds['backlog_oldest_seconds']['kind'][number]][];
const NEEDS_ATTENTION = [
  ['parkedOrders', 'parked_order'],
  ['reviews', 'review'],
  ['refunds', 'refund'],
  ['stuckOrders', 'stuck_order'],
  ['parkedEmails', 'parked_email'],
  ['parkedWebhooks', 'parked_webhook'],
] as const satisfies [keyof Backlog['needsAttention'], Kinds['needs_attention_count']['kind'][number]][];
