/**
 * Signed events, as Paystack sends them: HMAC-SHA512 over the exact bytes, and a retry unless the reply is 200 within 30 s.
 * Live mode retries every 3 minutes four times, then hourly for 72 h; test mode hourly for 10 h.
 */
import { createHmac } from 'node:crypto';
import type { Domain, Json } from '../ledger/records.ts';
import type { Switches } from '../switches.ts';
import { encode } from '../views/json-encoding.ts';
import { type WebhookMode, WebhookRules } from './webhook-rules.ts';

export interface WebhookAttempt {
  at: string;
  /** HTTP status; null without a reply. */
  status: number | null;
}

export interface WebhookDelivery {
  id: number;
  event: string;
  /** The charge's reference; null for an event without one. */
  reference: string | null;
  body: Buffer;
  /** The x-paystack-signature header; null omits it. */
  signature: string | null;
  /** held and scheduled are pending; lost is never sent; unaddressed has no webhook address; failed has no retry left. */
  state: 'held' | 'lost' | 'unaddressed' | 'scheduled' | 'delivered' | 'failed';
  attempts: WebhookAttempt[];
}

export interface WebhookSenderOptions {
  secretKey: string;
  domain: Domain;
  url: string | null;
  /** Factor for Paystack's waiting times: 0.001 makes an hour 3.6 s, 0 disables retries. */
  retryScale: number;
  switches: () => Switches;
  now: () => Date;
  log: (line: string) => void;
}

const REPLY_TIMEOUT_MS = 30_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Paystack's published waiting times between attempts, unscaled. */
export function retryScheduleMs(domain: Domain): number[] {
  if (domain === 'test') return Array.from({ length: 10 }, () => HOUR_MS);
  return [...Array.from({ length: 4 }, () => 3 * MINUTE_MS), ...Array.from({ length: 72 }, () => HOUR_MS)];
}

/** The value of x-paystack-signature: lowercase hex over the bytes as sent. */
export function signBody(body: Buffer, secretKey: string): string {
  return createHmac('sha512', secretKey).update(body).digest('hex');
}

export class WebhookSender {
  readonly deliveries: WebhookDelivery[] = [];
  readonly rules = new WebhookRules();
  url: string | null;
  private readonly options: WebhookSenderOptions;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly inFlight = new Set<Promise<void>>();
  private readonly closing = new AbortController();

  constructor(options: WebhookSenderOptions) {
    this.options = options;
    this.url = options.url;
  }

  /** Does not wait for replies. `mode` overrides the rules; the default is `send`. */
  announce(event: string, data: Json, reference: string | null, mode?: WebhookMode): WebhookDelivery[] {
    const body = encode({ event, data }, this.options.switches().webhookEncoding);
    const chosen = mode ?? this.rules.modeFor(event, reference);
    const copies = chosen === 'duplicate' ? 2 : 1;
    return Array.from({ length: copies }, () => {
      const delivery = this.record(event, reference, body, signBody(body, this.options.secretKey));
      if (chosen === 'lose') delivery.state = 'lost';
      else if (chosen === 'hold') delivery.state = 'held';
      else if (typeof chosen === 'object') this.later(chosen.delayMs, () => this.attemptWithRetries(delivery));
      else this.track(this.attemptWithRetries(delivery));
      return delivery;
    });
  }

  record(event: string, reference: string | null, body: Buffer, signature: string | null): WebhookDelivery {
    const id = this.deliveries.length + 1;
    const delivery: WebhookDelivery = { id, event, reference, body, signature, state: 'scheduled', attempts: [] };
    this.deliveries.push(delivery);
    return delivery;
  }

  /** Sends held events in order, each after the reply to the previous one. */
  async release(held: WebhookDelivery[]): Promise<void> {
    for (const delivery of held) {
      delivery.state = 'scheduled';
      await this.attemptWithRetries(delivery);
    }
  }

  /** Posts once, without retries; never rejects. A delivery that was accepted before stays `delivered`. */
  async postOnce(delivery: WebhookDelivery): Promise<boolean> {
    const { url } = this;
    if (url === null) {
      delivery.state = 'unaddressed';
      return false;
    }
    const status = await this.post(url, delivery);
    delivery.attempts.push({ at: this.options.now().toISOString(), status });
    this.options.log(`webhook ${delivery.event} ${delivery.reference ?? ''}: ${status ?? 'no reply'}`);
    if (status === 200) delivery.state = 'delivered';
    else if (delivery.state !== 'delivered') delivery.state = 'failed';
    return status === 200;
  }

  /** Resolves once no request is in flight; scheduled retries and late events do not count. */
  async idle(): Promise<void> {
    while (this.inFlight.size > 0) await Promise.all(this.inFlight);
  }

  close(): void {
    this.closing.abort();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private async attemptWithRetries(delivery: WebhookDelivery, attempt = 0): Promise<void> {
    const accepted = await this.postOnce(delivery);
    if (accepted || delivery.state === 'unaddressed' || this.options.retryScale === 0) return;
    const waitMs = retryScheduleMs(this.options.domain)[attempt];
    if (waitMs === undefined || this.closing.signal.aborted) return;
    delivery.state = 'scheduled';
    this.later(waitMs * this.options.retryScale, () => this.attemptWithRetries(delivery, attempt + 1));
  }

  private async post(url: string, delivery: WebhookDelivery): Promise<number | null> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (delivery.signature !== null) headers['x-paystack-signature'] = delivery.signature;
    const signal = AbortSignal.any([this.closing.signal, AbortSignal.timeout(REPLY_TIMEOUT_MS)]);
    try {
      const body = new Uint8Array(delivery.body);
      const reply = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      await reply.arrayBuffer();
      return reply.status;
    } catch {
      return null; // A missing reply is recorded as null and retried.
    }
  }

  private later(delayMs: number, work: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.track(work());
    }, delayMs);
    this.timers.add(timer);
  }

  private track(work: Promise<void>): void {
    const tracked = work.finally(() => this.inFlight.delete(tracked));
    this.inFlight.add(tracked);
  }
}
