import { createServer } from 'node:http';
import express, { type ErrorRequestHandler } from 'express';
import * as z from 'zod';
import { bankEndpoints } from './api/bank-endpoints.ts';
import { disputeEndpoints } from './api/dispute-endpoints.ts';
import { createExports } from './api/exports.ts';
import { FaultScript } from './api/fault-script.ts';
import { type LoggedRequest, mountApi } from './api/mount-api.ts';
import { refundEndpoints } from './api/refund-endpoints.ts';
import { settlementEndpoints } from './api/settlement-endpoints.ts';
import { transactionEndpoints } from './api/transaction-endpoints.ts';
import { transactionReports } from './api/transaction-reports.ts';
import { mountCheckout } from './checkout/checkout-routes.ts';
import { mountControls } from './control/control-routes.ts';
import { makeControls } from './control/controls.ts';
import { closeServer, isBodyError, listenOnLoopback } from './http/loopback-server.ts';
import { openRecordStore } from './ledger/persistence.ts';
import type { Domain } from './ledger/records.ts';
import { Refusal } from './ledger/refusal.ts';
import type { PaystackSandbox } from './sandbox.ts';
import { DueWork } from './simulator/due-work.ts';
import { makeSimulators, resume } from './simulator/simulators.ts';
import { defaultSwitches, type SwitchChanges, type Switches, withChanges } from './switches.ts';
import { startUploadHost } from './uploads/upload-host.ts';
import { refused } from './views/envelope.ts';
import { WebhookSender } from './webhooks/webhook-sender.ts';

export interface Clock {
  now(): Date;
}

export interface PaystackSandboxOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  /** The port of the host that takes uploaded files; 0, the default, takes a free one. */
  uploadPort?: number;
  /** The only key that is accepted and signs events. sk_test_… selects test mode, sk_live_… live mode. */
  secretKey: string;
  /** null, the default, records events without sending them. See setWebhookUrl. */
  webhookUrl?: string | null;
  clock?: Clock;
  /** Lines for people; they contain neither the key nor a card number. */
  log?: (line: string) => void;
  /** The folder that keeps the records across restarts; missing: in memory only. */
  folder?: string;
  /** Milliseconds between the states of a refund; with null, the default, only the controls move it. */
  refundStepMs?: number | null;
  /** Factor for the waiting times between webhook attempts: 0.001 (the default) makes an hour 3.6 s, 0 disables retries. */
  webhookRetryScale?: number;
  switches?: SwitchChanges;
}

function domainOf(secretKey: string): Domain {
  if (secretKey.startsWith('sk_test_')) return 'test';
  if (secretKey.startsWith('sk_live_')) return 'live';
  throw new Error('the sandbox takes a secret key that begins with sk_test_ or sk_live_');
}

/** Every error has Paystack's envelope; a defect of the sandbox is a 500 and a log line. */
function errorReply(switches: Switches, log: (line: string) => void): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    const unreadable = error instanceof z.ZodError || isBodyError(error);
    const refusal =
      error instanceof Refusal
        ? error
        : unreadable
          ? new Refusal(400, 'invalid_json', 'The request could not be read')
          : new Refusal(500, 'unknown', 'An error occurred', { type: 'api_error' });
    if (refusal.httpStatus === 500) log(`sandbox failed: ${error instanceof Error ? error.stack : String(error)}`);
    const { status, body } = refused(refusal, switches);
    res.status(status).json(body);
  };
}

/** Resolves once it listens. Rejects if the port is taken or the folder's file is malformed. */
export async function startPaystackSandbox(options: PaystackSandboxOptions): Promise<PaystackSandbox> {
  const { secretKey, clock = { now: () => new Date() }, log = () => {}, refundStepMs = null } = options;
  const domain = domainOf(secretKey);
  const store = openRecordStore(options.folder ?? null);
  const { records, saveSoon: onChange } = store;
  const now = (): Date => new Date(clock.now().getTime() + records.clockMovedMs);
  const switches = withChanges(defaultSwitches, options.switches ?? {});
  const readSwitches = (): Switches => switches;
  const url = options.webhookUrl ?? null;
  const retryScale = options.webhookRetryScale ?? 0.001;
  const webhooks = new WebhookSender({ secretKey, domain, url, retryScale, switches: readSwitches, now, log });
  const due = new DueWork(now);
  const simulators = makeSimulators({ records, webhooks, switches: readSwitches, now, due, refundStepMs, onChange });
  const faults = new FaultScript();
  const requests: LoggedRequest[] = [];

  const app = express().disable('x-powered-by').disable('etag');
  const server = createServer(app);
  let baseUrl = '';
  const checkoutUrl = (accessCode: string): string => `${baseUrl}/checkout/${accessCode}`;
  const uploads = await startUploadHost({ port: options.uploadPort ?? 0, records, faults, requests, now, onChange });
  const parts = {
    records,
    simulators,
    due,
    uploads,
    webhooks,
    faults,
    requests,
    switches,
    secretKey,
    checkoutUrl,
    onChange,
    now,
  };
  const controls = makeControls(parts);
  const endpointOptions = { records, simulators, domain, switches: readSwitches, now, onChange, checkoutUrl };
  const exports = createExports(now, (path) => `${baseUrl}${path}`);
  const endpoints = [
    // Before transactionEndpoints, whose /transaction/:id would match their paths too.
    ...transactionReports(endpointOptions, exports),
    ...[transactionEndpoints, refundEndpoints, settlementEndpoints].flatMap((of) => of(endpointOptions)),
    ...disputeEndpoints({ ...endpointOptions, exports, signedUrl: uploads.signedUrl }),
    ...bankEndpoints(),
  ];
  mountApi(app, endpoints, { secretKey, switches: readSwitches, faults, requests, now });
  exports.mount(app);
  mountCheckout(app, { records, payments: simulators.payments, channels: simulators.channels, now });
  mountControls(app, controls);
  app.use((_req, _res) => {
    throw new Refusal(404, 'not_found', 'Endpoint not found');
  });
  app.use(errorReply(switches, log));

  const port = await listenOnLoopback(server, options.port ?? 0).catch(async (error: unknown) => {
    await uploads.close();
    throw error;
  });
  baseUrl = `http://127.0.0.1:${port}`;
  resume(simulators);
  let closed: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    due.close();
    webhooks.close();
    await Promise.all([closeServer(server), uploads.close()]);
    await webhooks.idle();
    store.close();
  };
  return Object.assign(controls, {
    url: baseUrl,
    uploadUrl: uploads.url,
    port,
    close: () => {
      closed ??= close();
      return closed;
    },
  });
}
