import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { JobEvents } from '../../jobs/events.ts';
import { createMetrics, type LABEL_VALUES, type Metrics } from './metrics.ts';

type Values = typeof LABEL_VALUES;
/**
 * `applied`; `ignored`: it concerns nothing of ours; `stored`: the sweep has yet to apply it; `failed` to be stored;
 * `forged`: not signed by Paystack.
 */
export type WebhookOutcome = Values['webhooks_total']['outcome'][number];
type AlertKind = Values['alerts_total']['kind'][number];

/** A change of a product or of a variant by staff. */
export interface CatalogChanged {
  productId?: string;
  variantId?: string;
  kind: 'made' | 'edited' | 'archived' | 'restored' | 'imported';
  /** Changed by an import. */
  products?: number;
  actor: string;
}

/** Every event of the program: those of the jobs, and those of the server's edges. */
export interface Events extends JobEvents {
  /** The log that the events are written to. */
  log: Logger;
  /** Serves /metrics. */
  registry: Registry;
  webhookReceived(event: { webhookEvent: string; outcome: WebhookOutcome }): void;
  paystackCall(event: { operation: string; outcome: string; durationMs: number; status?: number | null }): void;
  catalogChanged(event: CatalogChanged): void;
  stockAdjusted(event: { variantId: string; delta: number; actor: string }): void;
  /** The reply's metric; its log line is pino-http's. */
  httpReplied(event: { route: string; method: string; status: number; durationMs: number }): void;
  /** A metric alone. */
  requestsInFlight(count: number): void;
  /** A request that was shed, limited, or out of time. */
  requestRefused(event: { kind: Values['requests_refused_total']['kind'][number]; route: string }): void;
}

/** Kinds whose documents are due again and again by their own schedule, of which the sweep is the clock. */
const SCHEDULED_WORK: ReadonlySet<string> = new Set(['verify', 'disputes', 'refunds', 'emails']);

/** The events of one context, on a registry of its own: contexts in one process share no metrics, timers or state. */
export function createEvents(log: Logger): Events {
  const registry = new Registry();
  const metrics = createMetrics(registry);
  return { log, registry, ...checkoutEvents(log, metrics), ...refundEvents(log, metrics), ...edgeEvents(log, metrics) };
}

function alert({ alerts }: Metrics, kind: AlertKind): void {
  alerts.inc({ kind });
}

const seconds = (durationMs: number) => durationMs / 1000;

/** From the cart to the confirmed order. */
function checkoutEvents(log: Logger, metrics: Metrics) {
  return {
    orderPlaced(event) {
      log.info({ event: 'order_placed', ...event }, 'order placed');
      metrics.ordersPlaced.inc({ currency: event.currency, repeated: String(event.repeated ?? false) });
    },
    paymentInitialized(event) {
      log.info({ event: 'payment_initialized', ...event }, 'payment initialized');
      metrics.paymentsInitialized.inc({ outcome: event.outcome });
    },
    chargeRecorded(event) {
      log.info({ event: 'charge_recorded', ...event }, 'charge recorded');
      metrics.charges.inc({ outcome: event.outcome, source: event.source });
    },
    settlementBatch(event) {
      log.info({ event: 'settlement_batch', ...event }, 'batch settled');
      metrics.batchSize.observe(event.size);
      metrics.batchSeconds.observe(seconds(event.durationMs));
      metrics.batchTransactions.inc(event.attempts);
    },
    orderSettled(event) {
      log.info({ event: 'order_settled', ...event }, `order ${event.outcome}`);
      metrics.settlements.inc({ outcome: event.outcome });
      metrics.settlementLag.observe(seconds(event.lagMs));
    },
    settlementParked(event) {
      log.error({ event: 'settlement_parked', alert: true, ...event }, 'a paid order cannot be settled');
      metrics.settlements.inc({ outcome: 'parked' });
      alert(metrics, 'settlement_parked');
    },
    orderExpired(event) {
      log.info({ event: 'order_expired', ...event }, 'order expired');
      metrics.expired.inc();
    },
    emailSent(event) {
      log.info({ event: 'email_sent', ...event }, 'email sent');
      metrics.emails.inc({ kind: event.kind, outcome: 'sent' });
    },
    emailRefused(event) {
      log[event.parked ? 'error' : 'warn']({ event: 'email_refused', alert: event.parked, ...event }, 'email refused');
      metrics.emails.inc({ kind: event.kind, outcome: event.parked ? 'parked' : 'refused' });
    },
    emailUndelivered(event) {
      log.warn({ event: 'email_undelivered', ...event }, 'a sent email did not arrive');
      metrics.emails.inc({ kind: event.kind, outcome: 'undelivered' });
    },
  } satisfies Partial<Events>;
}

/** Refunds, disputes, money in review, and staff's changes of the catalogue. */
function refundEvents(log: Logger, metrics: Metrics) {
  return {
    refundRequested(event) {
      log.info({ event: 'refund_requested', ...event }, 'refund requested');
      metrics.refunds.inc({ state: 'requested' });
    },
    refundRecorded(event) {
      const { state } = event;
      const bad = state === 'failed' || state === 'needs_attention';
      log[bad ? 'error' : 'info']({ event: 'refund_recorded', alert: bad, ...event }, `refund ${state}`);
      metrics.refunds.inc({ state });
      if (bad) alert(metrics, `refund_${state}`);
    },
    refundDuplicate(event) {
      log.error({ event: 'refund_duplicate', alert: true, ...event }, 'Paystack holds two refunds for one of ours');
      alert(metrics, 'refund_duplicate');
    },
    refundBalanceLow(event) {
      log.error(
        { event: 'refund_balance_low', alert: true, ...event },
        'the balance at Paystack is too low for a refund',
      );
      alert(metrics, 'refund_balance_low');
    },
    reviewOpened(event) {
      log.error({ event: 'review_opened', alert: true, ...event }, 'captured money does not agree with its order');
      alert(metrics, 'review_opened');
    },
    externalRefunds(event) {
      log.warn({ event: 'external_refunds', ...event }, 'a refund was made at Paystack, not here');
    },
    returnedInExcess(event) {
      log.error({ event: 'returned_in_excess', alert: true, ...event }, 'more of a charge went back than was captured');
      alert(metrics, 'returned_in_excess');
    },
    foreignCharge(event) {
      log.error({ event: 'foreign_charge', alert: true, ...event }, 'a charge with our prefix belongs to no order');
      alert(metrics, 'foreign_charge');
    },
    rowSetAside(event) {
      log.error({ event: 'row_set_aside', alert: true, ...event }, 'a row of Paystack cannot be read');
      alert(metrics, 'row_set_aside');
    },
    payoutCompared(event) {
      const bad = event.state === 'differs';
      log[bad ? 'error' : 'info']({ event: 'payout_compared', alert: bad, ...event }, `payout ${event.state}`);
      if (bad) alert(metrics, 'payout_differs');
    },
    chargesUnpaid(event) {
      log.error({ event: 'charges_unpaid', alert: true, ...event }, 'captured charges are in no payout');
      alert(metrics, 'charges_unpaid');
    },
    disputeDue(event) {
      log.warn({ event: 'dispute_due', ...event }, 'a dispute must be answered soon');
      alert(metrics, 'dispute_due');
    },
    disputeAnswerRefused(event) {
      log.error({ event: 'dispute_answer_refused', alert: true, ...event }, 'Paystack did not take an answer');
      alert(metrics, 'dispute_answer_refused');
    },
    transferRejected(event) {
      log.info({ event: 'transfer_rejected', ...event }, 'a bank transfer was not accepted');
    },
    disputeChanged(event) {
      log.warn({ event: 'dispute_changed', ...event }, `dispute ${event.state}`);
      alert(metrics, `dispute_${event.state}`);
    },
    auditFound(event) {
      log.error({ event: 'audit_found', alert: true, ...event }, 'the audit found a violation');
      alert(metrics, 'audit_found');
    },
    catalogChanged(event) {
      log.info({ event: 'catalog_changed', ...event }, `catalogue: ${event.kind}`);
      metrics.catalogChanges.inc({ kind: event.kind });
    },
    stockAdjusted(event) {
      log.info({ event: 'stock_adjusted', ...event }, 'stock adjusted');
      metrics.stockAdjustments.inc();
    },
  } satisfies Partial<Events>;
}

/** Webhooks, HTTP, calls to Paystack, jobs and database errors. */
function edgeEvents(log: Logger, metrics: Metrics) {
  return {
    webhookReceived(event) {
      const level = event.outcome === 'forged' || event.outcome === 'failed' ? 'warn' : 'info';
      log[level]({ event: 'webhook_received', ...event }, `webhook ${event.outcome}`);
      metrics.webhooks.inc({ event: knownWebhook(event.webhookEvent), outcome: event.outcome });
    },
    orderStuck(event) {
      log.error({ event: 'order_stuck', alert: true, ...event }, 'a work loop has parked an order');
      metrics.alerts.inc({ kind: 'order_stuck' });
    },
    webhookStuck(event) {
      log.error({ event: 'webhook_stuck', alert: true, ...event }, 'a webhook cannot be applied');
      metrics.alerts.inc({ kind: 'webhook_stuck' });
    },
    sweepFound(event) {
      const { kind, count } = event;
      if (count > 0 && SCHEDULED_WORK.has(kind))
        log.info({ event: 'sweep_found', kind, count }, 'the sweep did due work');
      else if (count > 0) log.warn({ event: 'sweep_found', kind, count }, 'the sweep found work undone');
      metrics.sweepFinds.inc({ kind: event.kind }, event.count);
    },
    paystackCall(event) {
      const level = event.outcome === 'ok' ? 'info' : 'warn';
      log[level]({ event: 'paystack_call', ...event }, `Paystack ${event.operation}`);
      metrics.paystackSeconds.observe(
        { operation: event.operation, outcome: event.outcome },
        seconds(event.durationMs),
      );
    },
    searchWriteFailed(event) {
      log.warn({ event: 'search_write_failed', ...event }, 'search rows could not be written');
      metrics.searchWriteFailures.inc(event.count);
    },
    jobRun(event) {
      log.info({ event: 'job_run', ...event }, `${event.job}: ${event.outcome}`);
      metrics.jobRuns.inc({ job: event.job });
    },
    mongoError(event) {
      log.error({ event: 'mongo_error', ...event }, 'the database failed');
      metrics.mongoErrors.inc({ source: event.source });
    },
    httpReplied(event) {
      const labels = { route: event.route, method: event.method, status: String(event.status) };
      metrics.httpSeconds.observe(labels, seconds(event.durationMs));
    },
    requestsInFlight(count) {
      metrics.httpInFlight.set(count);
    },
    requestRefused(event) {
      log.warn({ event: 'request_refused', ...event }, `request ${event.kind}`);
      metrics.refusedRequests.inc({ kind: event.kind });
    },
  } satisfies Partial<Events>;
}

/** A closed set of labels: a sender cannot grow the registry by inventing event names. */
function knownWebhook(event: string): string {
  return /^(charge\.(success|dispute\.(create|remind|resolve))|refund\.(pending|processing|processed|failed|needs-attention))$/.test(
    event,
  )
    ? event
    : 'other';
}
