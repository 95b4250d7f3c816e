import type { Types } from 'mongoose';
import type { Logger } from 'pino';
import type { AccountEmail } from '../models/accounts/links/account-email.ts';
import type { Account } from '../models/accounts/user.ts';
import type { PaymentChannel } from '../models/checkout/payment-channels.ts';
import type { Database } from '../models/db/database.ts';
import type { Email } from '../models/messaging/email-document.ts';
import type { ClaimedEmail } from '../models/messaging/email-outbox.ts';
import type { StaffEmail } from '../models/messaging/staff-email.ts';
import type { Order } from '../models/order/order-document.ts';
import type { ChargeResult } from '../models/payment/record-charge.ts';
import type { ShippingFees } from '../models/pricing/shipping-fee.ts';
import type { SingleFlight } from './concurrency/single-flight.ts';
import type { JobEvents } from './events.ts';
import type { Clock, Mailer, OutgoingEmail, PaystackPort, Random } from './ports.ts';
import type { SearchIndexer } from './search/search-indexer.ts';

/** The dependencies of checkout, payments and jobs, as a plain object. The server's AppContext extends it. */
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
  search: SearchIndexer;
  changeFeed: OrderWatchers;
  emailSender: EmailSender;
  /** Calls of Paystack's verify in flight, by reference: simultaneous callers share one. */
  verifications: SingleFlight<VerifiedCharge>;
  trace: Trace;
  /** Aborted when the process begins to stop: jobs then begin no further work. */
  stopping: { readonly signal: AbortSignal };
  /** Renders an outbox entry with the shop's name as it is now. */
  renderEmail(email: Email, order: Order): Promise<Omit<OutgoingEmail, 'to' | 'key'>>;
  renderStaffEmail(email: StaffEmail): Promise<Omit<OutgoingEmail, 'to' | 'key'>>;
  renderAccountEmail(email: AccountEmail, user: Account): Promise<Omit<OutgoingEmail, 'to' | 'key'>>;
  /** To which emails to staff go. Read each time, because they may have changed. */
  staffAddresses(): Promise<string[]>;
  /** Digests of new orders are at least so far apart; 0 for none. Read each time. */
  newOrdersMinutes(): Promise<number>;
  /** A PDF with the order's lines, totals, payment and delivery, for the customer and the bank. */
  renderReceipt(order: Order): Promise<Uint8Array>;
}

export interface JobConfig {
  /** The domain of our Paystack key. */
  paystackDomain: 'test' | 'live';
  shippingFees: ShippingFees;
  /** 0: orders reserve no stock before settlement. */
  stockHoldMinutes: number;
  /** Offered on the payment page; empty for all. */
  paymentChannels: readonly PaymentChannel[];
  /** How long after the last attempt to pay an unpaid order is reminded of once; 0: never. */
  remindUnpaidMinutes: number;
  /** The API's public address, for Paystack and browsers. */
  publicUrl: string;
  storefrontUrl: string;
  /** In which days begin and end. */
  shopTimeZone: string;
  sweepEveryMs: number;
  reconcileEveryMs: number;
}

/** Sends what the settlements of this process have claimed; see jobs/email-sender. */
export interface EmailSender {
  /** How many emails a settlement may claim for this process now; 0 where no jobs run. */
  room(): number;
  /** Sends emails that were claimed for this process. Never throws. */
  send(emails: readonly ClaimedEmail[]): void;
  /** Begins to take emails. */
  start(ctx: JobContext): void;
  /** Takes no more emails, and resolves once those in flight are sent or have failed. */
  stop(): Promise<void>;
}

/** Those who follow an order in this process. Other processes learn of a change from their change stream. */
export interface OrderWatchers {
  /** Call it after the commit. Never throws. */
  notify(orderId: Types.ObjectId): void;
}

/** Wakes jobs early; call it after the commit. Never throws: the sweep finds work whose wake-up was lost. */
export interface WakeUps {
  /** The data only name the payment for the log: every run settles all that is due. */
  enqueueSettlement(wakeUp: Omit<SettlementWakeUp, 'retry'>): Promise<void>;
  enqueueEmails(): Promise<void>;
  enqueueRefunds(): Promise<void>;
  enqueueDisputes(): Promise<void>;
  /** A sweep beside those of the workers' timers. */
  enqueueSweep(): Promise<void>;
}

export interface SettlementWakeUp {
  orderId?: string;
  txRef?: string;
  /** In a job that staff create by hand in Agendash: puts this order back into the queue first. */
  retry?: boolean;
}

export interface VerifiedCharge extends ChargeResult {
  /** Paystack's status of the charge. */
  gatewayStatus: string;
}

/** The id of the request that caused the running code, for the log. */
export interface Trace {
  /** Undefined outside of any request, job and round. */
  current(): string | undefined;
  /** Runs `work` and its asynchronous calls under this id; under the current one when undefined. */
  run<T>(requestId: string | undefined, work: () => T): T;
}
