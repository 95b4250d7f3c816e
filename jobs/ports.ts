/** The dependencies outside the process: clock, random numbers, Paystack and the email provider. Tests replace only these. */

import type { PaymentChannel } from '../models/checkout/payment-channels.ts';
import type { Currency, Money } from '../models/contract/money.ts';
import type { DisputeFileType, DisputeResolution } from '../models/contract/statuses.ts';
import type { DisputeEvidence } from '../models/dispute/answer/answer-document.ts';
import type { ChargeReport, DisputeReport, ListedRefund, RefundReport } from '../models/payment/gateway-reports.ts';
import type { PayoutChargeReport, PayoutReport } from '../models/payout/payout-reports.ts';

/** Compared with other processes' clocks only where a skew of an hour does no harm. */
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

/** Every method has a deadline and throws only GatewayError. */
export interface PaystackPort {
  initialize(input: {
    reference: string;
    email: string;
    total: Money;
    callbackUrl: string;
    cancelUrl: string;
    metadata: { orderId: string; code: string };
    /** Limits what the page offers; empty or missing for everything that the account can take. */
    channels?: readonly PaymentChannel[];
  }): Promise<{ authorizationUrl: string; accessCode: string }>;
  verify(reference: string): Promise<ChargeReport>;
  /** Transactions created in [from, to] with this status at Paystack, newest first. */
  listCharges(input: ListRequest & { status: 'success' | 'reversed' | 'any' }): Promise<
    ListPage & {
      charges: ChargeReport[];
    }
  >;
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
  /**
   * Continues a refund that needs the customer's bank account. Not idempotent: get the refund first. The account is sent
   * and kept nowhere.
   */
  sendRefundAccount(input: {
    gatewayRefundId: string;
    currency: Currency;
    account: RefundAccount;
  }): Promise<RefundReport>;
  /** The banks that Paystack sends money of this currency to, by name. */
  listBanks(input: { currency: Currency }): Promise<Bank[]>;
  /** The ids of every dispute of one charge, all pages. */
  listDisputes(input: { gatewayId: string }): Promise<string[]>;
  getDispute(disputeId: string): Promise<DisputeReport>;
  /** Refunds of all charges created in [from, to], newest first. `unreadable`: their charges' references or transaction ids. */
  listRefundsPage(input: ListRequest): Promise<ListPage & { refunds: ListedRefund[] }>;
  /** Disputes of all charges created in [from, to], newest first. `unreadable`: their ids. */
  listDisputesPage(input: ListRequest): Promise<ListPage & { disputes: DisputeReport[] }>;
  /** Payouts, newest first. Paystack may ignore filters, so there are none. `unreadable`: their ids. */
  listPayouts(input: { page: number }): Promise<ListPage & { payouts: PayoutReport[] }>;
  /** The charges of one payout. An unreadable one is left out. `total`: how many there are; null when Paystack does not say. */
  listPayoutCharges(input: { payoutId: string; page: number }): Promise<{
    charges: PayoutChargeReport[];
    total: number | null;
    nextPage: number | null;
  }>;
  /**
   * Not idempotent: read the dispute first. Returns Paystack's id of the evidence, null when the reply lacks it.
   */
  submitEvidence(disputeId: string, evidence: DisputeEvidence): Promise<{ evidenceId: string | null }>;
  /** An address at which Paystack takes one file for half an hour, and its name of the file. The address is a secret. */
  requestUpload(disputeId: string, fileName: string): Promise<{ url: string; fileName: string }>;
  /** Sends the file there without the key. May be repeated. */
  uploadFile(url: string, file: UploadedFile): Promise<void>;
  /** Not idempotent: read the dispute first. `fileName` is Paystack's name of the file. */
  resolveDispute(
    disputeId: string,
    answer: {
      resolution: DisputeResolution;
      message: string;
      /** Subunits; 0 when the dispute is declined. */
      refundAmount: number;
      fileName: string;
      evidenceId: string | null;
    },
  ): Promise<void>;
  /** The reference of a charge that is known by its transaction id alone. */
  findReference(gatewayId: string): Promise<string>;
}

/** Pages count from 1. */
export interface ListRequest {
  from: Date;
  to: Date;
  page: number;
}

export interface ListPage {
  /** Names of rows whose other fields cannot be read: references, unless the method says otherwise. */
  unreadable: string[];
  /** null after the last page. */
  nextPage: number | null;
}

export interface UploadedFile {
  bytes: Uint8Array;
  contentType: DisputeFileType;
}

/** A customer's bank account. Never stored or logged. */
export interface RefundAccount {
  accountNumber: string;
  /** Paystack's id of the bank. */
  bankId: string;
}

export interface Bank {
  id: string;
  name: string;
}

export interface OutgoingEmail {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The name beside the sender's address, unless the configuration has one. */
  senderName: string;
  /** The sender's address when missing. */
  replyTo?: string;
  /** The outbox key: the same on every copy of one email, sent along as a custom argument. */
  key: string;
}

/** The provider did not accept an email. A `permanent` refusal (a bad address) is never retried. */
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
