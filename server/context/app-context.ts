/**
 * AppContext: everything that a request or a job may use, as a plain object. The only seams are those that leave the
 * process (paystack, mailer, clock, random); tests override them, nothing else is ever swapped.
 */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Jobs } from '../../jobs/agenda/agenda.ts';
import type { Verified } from '../../jobs/payments/verify-payment.ts';
import type { SingleFlight } from '../../jobs/single-flight.ts';
import type { Database } from '../../models/db/database.ts';
import type { Email } from '../../models/messaging/email-outbox.ts';
import type { Money } from '../../models/money.ts';
import type { Order } from '../../models/order/order-document.ts';
import type { ChargeReport, RefundReport } from '../../models/payment/gateway-reports.ts';
import type { Config } from '../config/config.ts';
import type { Limits } from '../http/rate-limit.ts';
import type { ChangeFeed } from '../live/change-feed.ts';
import type { SubscriptionLimiter } from '../live/order-subscription.ts';
import type { Events } from '../observability/events.ts';

/** The wall clock. Compared with other processes' clocks only where a skew of an hour does no harm. */
export interface Clock {
  now(): Date;
}

export interface Random {
  /** The code of a new order: 12 characters of Crockford's base 32 without look-alikes, 60 bits, unguessable. */
  orderCode(): string;
  /** An id for a refund, a lease holder, a request. */
  id(): string;
  /** A float from 0 up to 1, for jitter. */
  jitter(): number;
}

/** The id of the request that set off what runs now, for the log. */
export interface Trace {
  /** Undefined outside of any request, job and round. */
  current(): string | undefined;
  /** Runs `work`, and whatever it sets off, under this id; under the present one when undefined. */
  run<T>(requestId: string | undefined, work: () => T): T;
}

/** Paystack, as this module needs it. Every method has a deadline and throws only GatewayError. */
export interface PaystackPort {
  initialize(input: {
    reference: string;
    email: string;
    total: Money;
    callbackUrl: string;
    cancelUrl: string;
    metadata: { orderId: string; code: string };
  }): Promise<{ authorizationUrl: string; accessCode: string }>;
  verify(reference: string): Promise<ChargeReport>;
  /** Successful transactions created in [from, to], newest first; `nextPage` is null after the last page. Pages count from 1. */
  listCharges(input: {
    from: Date;
    to: Date;
    page: number;
  }): Promise<{ charges: ChargeReport[]; nextPage: number | null }>;
  /** Not idempotent: list first. `reference` is the charge's. */
  createRefund(input: {
    reference: string;
    amount: Money;
    merchantNote: string;
    customerNote: string;
  }): Promise<RefundReport>;
  /** Every refund of one charge, all pages. `gatewayId` is the charge's transaction id at Paystack. */
  listRefunds(input: { gatewayId: string }): Promise<RefundReport[]>;
  getRefund(gatewayRefundId: string): Promise<RefundReport>;
}

export interface OutgoingEmail {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The outbox key: the same on every copy of one email, sent along as a custom argument. */
  key: string;
}

/** Why an email was not accepted. `permanent` refusals (a bad address) are never tried again. */
export class MailerError extends Error {
  readonly permanent: boolean;
  readonly retryAfterMs: number | null;
  constructor(message: string, options: { permanent: boolean; retryAfterMs?: number | null }) {
    super(message);
    this.name = 'MailerError';
    this.permanent = options.permanent;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

export interface Mailer {
  /** Resolves once the provider has accepted the email; throws only MailerError. At-least-once: a lost reply means a copy. */
  send(email: OutgoingEmail): Promise<{ messageId: string | null }>;
}

export interface AppContext {
  config: Config;
  db: Database;
  paystack: PaystackPort;
  mailer: Mailer;
  clock: Clock;
  random: Random;
  log: Logger;
  events: Events;
  jobs: Jobs;
  /** Questions to Paystack under way, by reference, so that a crowd asks once (jobs/payments/verify-payment). */
  verifications: SingleFlight<Verified>;
  /** Tells subscribers of this process that an order changed. */
  changeFeed: ChangeFeed;
  subscriptionLimiter: SubscriptionLimiter;
  /** How often somebody may call and sign in, at all doors of this process together. */
  limits: Limits;
  trace: Trace;
  /** Brings the metrics that are read when asked for up to date; bounded, never throws. */
  refreshGauges(): Promise<void>;
  /** Aborted when the process begins to stop: health says so, and jobs begin nothing new. */
  stopping: AbortController;
  /** An outbox entry as the email that it is. Pure. */
  renderEmail(email: Email, order: Order): Pick<OutgoingEmail, 'subject' | 'text' | 'html'>;
}

export const systemClock: Clock = { now: () => new Date() };

const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

export const systemRandom: Random = {
  orderCode: () => Array.from({ length: 12 }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join(''),
  id: () => randomUUID(),
  jitter: () => randomBytes(4).readUInt32BE() / 2 ** 32,
};
