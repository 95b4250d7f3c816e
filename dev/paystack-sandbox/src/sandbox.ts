/**
 * The sandbox as its owner sees it: the controls that tests, the demo and the control surface over HTTP use. It says
 * what each of them promises; start.ts puts the parts together. The ledger it hands out is a copy, an independent book
 * to hold beside the database.
 */

import type { ApiRoute, FaultRule } from './api/fault-script.ts';
import type { LoggedRequest } from './api/mount-api.ts';
import type { DisputeRecord, Json, RefundRecord, RefundStatus, TransactionRecord } from './ledger/records.ts';
import type { PayOptions, PayResult } from './simulator/payment-simulator.ts';
import type { SwitchChanges, Switches } from './switches.ts';
import type { WebhookRule } from './webhooks/webhook-rules.ts';
import type { WebhookDelivery } from './webhooks/webhook-sender.ts';

export interface LedgerTransaction extends TransactionRecord {
  refunds: RefundRecord[];
  disputes: DisputeRecord[];
}

export interface Ledger {
  /** Every reference that was initialized, oldest first. */
  transactions: LedgerTransaction[];
  /** Those of them that were captured, whatever became of the money. */
  charges: LedgerTransaction[];
  refunds: RefundRecord[];
  disputes: DisputeRecord[];
}

export interface SendWebhookInput {
  event: string;
  /** Missing: what the sandbox itself would send about `reference` (a charge event). */
  data?: Json | undefined;
  reference?: string | undefined;
  /** These bytes are sent instead of an encoding of {event, data}. */
  rawBody?: Buffer | undefined;
  /** Signs with another key. */
  key?: string | undefined;
  /** Sent instead of the right signature; null sends none. */
  signature?: string | null | undefined;
}

export type ReleaseOrder = 'as-queued' | 'reversed' | 'shuffled';

export interface PaystackSandbox {
  /** `http://127.0.0.1:<port>`, without a slash at its end: what PaystackService takes as its base. */
  readonly url: string;
  readonly port: number;

  /** One attempt with one test card on an initialized reference. Throws Refusal for an unknown one. Not awaiting webhooks. */
  pay(reference: string, options?: PayOptions): PayResult;
  /** Pays `reference` and every unpaid reference of the same order (metadata.orderId): the second tab. */
  payTwice(reference: string, options?: PayOptions): PayResult[];
  /** Makes verify say any word about a reference, without capturing or giving back money. */
  setStatus(reference: string, status: string): void;
  checkoutUrl(reference: string): string;

  ledger(): Ledger;
  /** The transaction of a reference; throws Refusal for an unknown one. */
  transaction(reference: string): LedgerTransaction;

  /** Moves one refund to `to`, or to what comes next (by its charge's card), with its webhook. Gives the state reached. */
  advanceRefund(refundId: number, to?: RefundStatus): RefundStatus;
  /** Moves every refund, or those of one charge, until each has come to rest. Gives how many moved. */
  finishRefunds(reference?: string): number;
  openDispute(reference: string, options?: { amount?: number | undefined; dueAt?: Date | undefined }): DisputeRecord;
  remindDispute(disputeId: number): void;
  /** merchant-accepted: the customer wins, the charge is reversed. declined: the merchant wins. */
  resolveDispute(disputeId: number, resolution: 'merchant-accepted' | 'declined'): void;

  /** null: events are recorded as `unaddressed` and not sent. */
  setWebhookUrl(url: string | null): void;
  /** Decides what becomes of coming events; the newest rule that matches wins. */
  scriptWebhooks(rule: WebhookRule): void;
  clearWebhookRules(): void;
  /** Every delivery so far, with its bytes, signature and answers. */
  webhooks(filter?: { event?: string | undefined; reference?: string | undefined }): WebhookDelivery[];
  /** Sends the held events one by one, each after the answer to the one before. */
  releaseWebhooks(options?: {
    reference?: string | undefined;
    order?: ReleaseOrder | undefined;
    /** From 0 up to 1, for `shuffled`; Math.random by default. */
    random?: (() => number) | undefined;
  }): Promise<WebhookDelivery[]>;
  /** Sends an event of the caller's making once and waits for the answer. */
  sendWebhook(input: SendWebhookInput): Promise<WebhookDelivery>;
  /** Sends the same bytes once more and waits for the answer; lost ones can be sent so, too. */
  resendWebhook(deliveryId: number): Promise<WebhookDelivery>;
  /** Resolves when no post is under way; retries and late events that still wait do not count. */
  webhooksIdle(): Promise<void>;

  /** Every API call received, oldest first. */
  requests(filter?: { route?: ApiRoute | undefined; reference?: string | undefined }): LoggedRequest[];
  clearRequests(): void;
  /** Adds a fault; the newest that matches wins. Gives a function that removes it. */
  script(rule: FaultRule): () => void;
  clearScript(): void;
  /** Changes some switches and gives all of them. */
  setSwitches(changes: SwitchChanges): Switches;

  /** Cuts connections, ends timers and retries, writes the book. May be called twice. */
  close(): Promise<void>;
}
