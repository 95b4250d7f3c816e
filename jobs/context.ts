import type { Logger } from 'pino';
import type { Database } from '../models/db/database.ts';
import type { Email } from '../models/messaging/email-document.ts';
import type { Order } from '../models/order/order-document.ts';
import type { ChargeResult } from '../models/payment/record-charge.ts';
import type { SingleFlight } from './concurrency/single-flight.ts';
import type { JobEvents } from './events.ts';
import type { Clock, Mailer, OutgoingEmail, PaystackPort, Random } from './ports.ts';

/** What checkout, payments and jobs use: a plain object, extended by the server's AppContext. */
export interface JobContext {
  config: JobConfig;
  db: Database;
  paystack: PaystackPort;
  mailer: Mailer;
  clock: Clock;
  random: Random;
  log: Logger;
  events: JobEvents;
  jobs: WakeUps;
  /** Calls of Paystack's verify under way, by reference: any number of simultaneous callers cause one. */
  verifications: SingleFlight<VerifiedCharge>;
  trace: Trace;
  /** Aborted when the process begins to stop: jobs begin nothing new. */
  stopping: { readonly signal: AbortSignal };
  /** An outbox entry as the email that it is. Pure. */
  renderEmail(email: Email, order: Order): Pick<OutgoingEmail, 'subject' | 'text' | 'html'>;
}

export interface JobConfig {
  /** The domain of our Paystack key. */
  paystackDomain: 'test' | 'live';
  /** Subunits. */
  shippingFee: number;
  /** 0: stock is taken at settlement. */
  stockHoldMinutes: number;
  /** Where Paystack and browsers reach the API. */
  publicUrl: string;
  storefrontUrl: string;
  sweepEveryMs: number;
  reconcileEveryMs: number;
}

/** Wakes jobs early; call it after the commit. Never throws: the sweep finds work whose wake-up was lost. */
export interface WakeUps {
  /** The data only say whose payment it was: every run settles all that is due. */
  enqueueSettlement(wakeUp: Omit<SettlementWakeUp, 'retry'>): Promise<void>;
  enqueueEmails(): Promise<void>;
  enqueueRefunds(): Promise<void>;
}

export interface SettlementWakeUp {
  orderId?: string;
  txRef?: string;
  /** In a job that staff create by hand in Agendash: puts this order back into the queue first. */
  retry?: boolean;
}

/** What Paystack's verify led to. */
export interface VerifiedCharge extends ChargeResult {
  /** Paystack's own word for the charge. */
  gatewayStatus: string;
}

/** The id of the request that caused what runs now, for the log. */
export interface Trace {
  /** Undefined outside of any request, job and round. */
  current(): string | undefined;
  /** Runs `work`, and all that it causes, under this id; under the present one when undefined. */
  run<T>(requestId: string | undefined, work: () => T): T;
}
