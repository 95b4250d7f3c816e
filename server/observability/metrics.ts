/** Labels take values from closed sets, never ids or client input: each value stays a time series as long as the process runs. */

import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { CHARGE_SOURCES } from '../../jobs/events.ts';
import { OUTBOX_KINDS } from '../../models/contract/statuses.ts';
import type { ChargeOutcome } from '../../models/payment/charge-outcome.ts';
import type { GatewayErrorKind } from '../../models/payment/gateway-reports.ts';

const FAST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25];
/** From paid to confirmed: well under a second when all is well, hours when a shop was down. */
const LAG_SECONDS = [0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 3600];
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** The closed label values that operators alert on; the types of events and gauges and docs/runbook.md follow them. */
export const LABEL_VALUES = {
  alerts_total: {
    kind: [
      'settlement_parked',
      'refund_failed',
      'refund_needs_attention',
      'refund_duplicate',
      'refund_balance_low',
      'dispute_due',
      'dispute_answer_refused',
      'review_opened',
      'foreign_charge',
      'returned_in_excess',
      'row_set_aside',
      'payout_differs',
      'charges_unpaid',
      'dispute_open',
      'dispute_won',
      'dispute_lost',
      'order_stuck',
      'webhook_stuck',
      'audit_found',
    ],
  },
  charges_recorded_total: {
    outcome: ['paid', 'duplicate_payment', 'late_payment', 'review', 'failed'] satisfies ChargeOutcome[],
    source: CHARGE_SOURCES,
  },
  emails_total: { kind: OUTBOX_KINDS, outcome: ['sent', 'refused', 'parked', 'undelivered'] },
  webhooks_total: { outcome: ['applied', 'stored', 'ignored', 'forged', 'failed'] },
  paystack_call_seconds: {
    outcome: [
      'ok',
      'unavailable',
      'malformed',
      'blocked',
      'rate_limited',
      'duplicate_reference',
      'unknown_reference',
      'already_refunded',
      'insufficient_balance',
      'unauthorized',
      'rejected',
    ] satisfies ('ok' | GatewayErrorKind)[],
  },
  sweep_found_total: {
    kind: ['settlement', 'webhooks', 'verify', 'digest', 'emails', 'refunds', 'search', 'indexes', 'reconcile'],
  },
  requests_refused_total: { kind: ['shed', 'limited', 'deadline'] },
  backlog_oldest_seconds: { kind: ['paid_order', 'email', 'webhook'] },
  left_to_newer_count: { kind: ['order', 'email', 'webhook', 'job'] },
  needs_attention_count: {
    kind: ['parked_order', 'review', 'refund', 'stuck_order', 'parked_email', 'parked_webhook'],
  },
} as const;

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics(registry: Registry) {
  const counter = <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const histogram = <L extends string = never>(name: string, help: string, buckets: number[], labelNames: L[] = []) =>
    new Histogram({ name, help, buckets, labelNames, registers: [registry] });
  return {
    ordersPlaced: counter('orders_placed_total', 'Orders made at checkout.', ['currency', 'repeated']),
    paymentsInitialized: counter('payments_initialized_total', 'Attempts to open a payment page.', ['outcome']),
    charges: counter('charges_recorded_total', 'What Paystack said about a reference.', ['outcome', 'source']),
    settlements: counter('settlements_total', 'Paid orders by what became of them.', ['outcome']),
    settlementLag: histogram('settlement_lag_seconds', 'From payment to settled.', LAG_SECONDS),
    batchSize: histogram('settlement_batch_size', 'Orders in a committed batch.', BATCH_SIZES),
    batchSeconds: histogram('settlement_batch_seconds', 'Time of a committed batch, retries included.', FAST_SECONDS),
    batchTransactions: counter('settlement_transactions_total', 'Transactions begun by the settlement.'),
    expired: counter('orders_expired_total', 'Orders that nobody paid in time.'),
    emails: counter('emails_total', 'Emails by kind and outcome.', ['kind', 'outcome']),
    refunds: counter('refunds_total', 'Refunds entering a state.', ['state']),
    alerts: counter('alerts_total', 'Events that a person must look at.', ['kind']),
    catalogChanges: counter('catalog_changes_total', 'Products and variants made, edited and archived.', ['kind']),
    stockAdjustments: counter('stock_adjustments_total', 'Changes of stock by staff.'),
    webhooks: counter('webhooks_total', "Paystack's webhooks by event and outcome.", ['event', 'outcome']),
    sweepFinds: counter(
      'sweep_found_total',
      'Work that the sweep did: what was due, and what others had left undone.',
      ['kind'],
    ),
    paystackSeconds: histogram('paystack_call_seconds', 'Calls to Paystack.', FAST_SECONDS, ['operation', 'outcome']),
    searchWriteFailures: counter(
      'search_write_failures_total',
      'Orders whose search row could not be written at once.',
    ),
    jobRuns: counter('job_runs_total', 'Runs of jobs.', ['job']),
    mongoErrors: counter('mongo_errors_total', 'Errors of the database that were survived.', ['source']),
    httpSeconds: histogram('http_request_seconds', 'Requests answered.', FAST_SECONDS, ['route', 'method', 'status']),
    httpInFlight: new Gauge({
      name: 'http_requests_in_flight',
      help: 'Requests being answered, subscriptions not counted.',
      registers: [registry],
    }),
    refusedRequests: counter('requests_refused_total', 'Requests shed, limited or out of time.', ['kind']),
  };
}
