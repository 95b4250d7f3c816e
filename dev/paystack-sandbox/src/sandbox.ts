/** The sandbox's controls, in process and over HTTP. */
import type { ApiRoute, FaultRule } from './api/fault-script.ts';
import type { LoggedRequest } from './api/mount-api.ts';
import type { DisputeMove } from './ledger/disputes.ts';
import type {
  Channel,
  DisputeRecord,
  DisputeResolution,
  DisputeStatus,
  Json,
  RefundRecord,
  RefundStatus,
  SettlementRecord,
  SettlementStatus,
  TransactionRecord,
  WaitingPayment,
} from './ledger/records.ts';
import type { BeginOptions, CompleteOptions } from './simulator/channel-simulator.ts';
import type { OpenDisputeOptions } from './simulator/dispute-simulator.ts';
import type { PayOptions, PayResult } from './simulator/payment-simulator.ts';
import type { SwitchChanges, Switches } from './switches.ts';
import type { ReceivedUpload } from './uploads/upload-host.ts';
import type { WebhookRule } from './webhooks/webhook-rules.ts';
import type { WebhookDelivery } from './webhooks/webhook-sender.ts';

export interface LedgerTransaction extends TransactionRecord {
  refunds: RefundRecord[];
  disputes: DisputeRecord[];
}

export interface Ledger {
  /** Every reference that was initialized, oldest first. */
  transactions: LedgerTransaction[];
  /** The captured ones, also after a refund or a lost dispute. */
  charges: LedgerTransaction[];
  refunds: RefundRecord[];
  disputes: DisputeRecord[];
  settlements: SettlementRecord[];
}

export interface SendWebhookInput {
  event: string;
  /** Missing: the data of a charge event about `reference`. */
  data?: Json | undefined;
  reference?: string | undefined;
  /** These bytes are sent instead of an encoding of {event, data}. */
  rawBody?: Buffer | undefined;
  /** Signs with another key. */
  key?: string | undefined;
  /** Replaces the correct signature; null sends none. */
  signature?: string | null | undefined;
}

export type ReleaseOrder = 'as-queued' | 'reversed' | 'shuffled';

export interface PaystackSandbox {
  /** `http://127.0.0.1:<port>`, without a trailing slash: the base URL of the API. */
  readonly url: string;
  readonly port: number;
  /** Where the addresses of upload_url point, without a trailing slash: a host of its own, as at Paystack. */
  readonly uploadUrl: string;

  /** One attempt with one test card on an initialized reference. Throws Refusal for an unknown one. Does not wait for webhooks. */
  pay(reference: string, options?: PayOptions): PayResult;
  /** Chooses a channel on the page: assigns the account, code or phone, and a time until which it waits. */
  beginPayment(reference: string, channel: Channel, options?: BeginOptions): WaitingPayment;
  /** Sends the transfer, dials the code or answers on the phone. A transfer of another amount is rejected and goes back. */
  completePayment(reference: string, options?: CompleteOptions): PayResult;
  /** Pays `reference` and every unpaid reference of the same order (metadata.orderId), as two tabs do. */
  payTwice(reference: string, options?: PayOptions): PayResult[];
  /** Sets the status that verify shows, without capturing or refunding. */
  setStatus(reference: string, status: string): void;
  checkoutUrl(reference: string): string;

  ledger(): Ledger;
  /** The transaction of a reference; throws Refusal for an unknown one. */
  transaction(reference: string): LedgerTransaction;

  /** Moves one refund to `to`, or to its next status, with its event. Returns the status reached. */
  advanceRefund(refundId: number, to?: RefundStatus): RefundStatus;
  /** Moves every refund, or those of one charge, to its final status. Returns how many have moved. */
  finishRefunds(reference?: string): number;
  openDispute(reference: string, options?: OpenDisputeOptions): DisputeRecord;
  dispute(disputeId: number): DisputeRecord;
  /** Those with this status, oldest first. */
  disputes(status: DisputeStatus): DisputeRecord[];
  remindDispute(disputeId: number): void;
  /**
   * Ends a dispute: the bank's decision on a declined one, too. merchant-accepted: the customer wins all of it, or `amount`.
   * declined: the merchant wins.
   */
  resolveDispute(disputeId: number, resolution: DisputeResolution, options?: { amount?: number | undefined }): void;
  /** Sets any status and resolution, also of a dispute that has ended, and sends a reminder. */
  moveDispute(disputeId: number, move: DisputeMove): void;
  /** Pre-arbitration: the bank contests a dispute that the merchant has won. Returns the same dispute or a new one, by switch. */
  reopenDispute(disputeId: number, options?: { dueAt?: Date | undefined }): DisputeRecord;
  /** Every PUT that the upload host received, oldest first. */
  uploads(): ReceivedUpload[];
  /** The bytes under a name of upload_url; null before the upload. */
  uploadedFile(fileName: string): Buffer | null;

  /** Pays out at once what was captured up to now. The clock does so in the night of each business day, for the days before. */
  settle(): SettlementRecord[];
  /** Sets the status of a settlement, which then keeps it. */
  moveSettlement(settlementId: number, status: SettlementStatus): void;

  /** null: events are recorded as `unaddressed` and not sent. */
  setWebhookUrl(url: string | null): void;
  /** Sets the mode of future events; the newest matching rule applies. */
  scriptWebhooks(rule: WebhookRule): void;
  clearWebhookRules(): void;
  /** Every delivery, with its bytes, signature and attempts. */
  webhooks(filter?: { event?: string | undefined; reference?: string | undefined }): WebhookDelivery[];
  /** Sends the held events in order, each after the reply to the previous one. */
  releaseWebhooks(options?: {
    reference?: string | undefined;
    order?: ReleaseOrder | undefined;
    /** From 0 up to 1, for `shuffled`; Math.random by default. */
    random?: (() => number) | undefined;
  }): Promise<WebhookDelivery[]>;
  /** Sends an arbitrary event once. Resolves after the reply. */
  sendWebhook(input: SendWebhookInput): Promise<WebhookDelivery>;
  /** Sends the same bytes again, also those of a lost delivery. Resolves after the reply. */
  resendWebhook(deliveryId: number): Promise<WebhookDelivery>;
  /** Resolves once no request is in flight; scheduled retries and late events do not count. */
  webhooksIdle(): Promise<void>;

  /** The time that replies and events carry. */
  time(): Date;
  /**
   * Moves the clock on for good, also across a restart, and returns the new time. States of refunds, deadlines of
   * disputes and settlements that become due happen in their order. Webhooks that are late or tried again keep to real time.
   */
  advanceClock(ms: number): Date;

  /** Every API call received, oldest first. */
  requests(filter?: { route?: ApiRoute | undefined; reference?: string | undefined }): LoggedRequest[];
  clearRequests(): void;
  /** Adds a fault; the newest match applies. Returns a function that removes it. */
  script(rule: FaultRule): () => void;
  clearScript(): void;
  /** Returns all switches after the change. */
  setSwitches(changes: SwitchChanges): Switches;

  /** Destroys connections, cancels timers and retries, and writes the records. May be repeated. */
  close(): Promise<void>;
}
