/**
 * POST makes an attempt and redirects with 303, so that reloading or going back never pays again. As at Paystack, a payment
 * redirects to the callback address and a cancellation to metadata.cancel_action.
 */
import express, { type Express, type Request, type Response } from 'express';
import * as z from 'zod';
import type { Channel, Records, TransactionRecord } from '../ledger/records.ts';
import { type CardName, checkCard } from '../ledger/test-cards.ts';
import { findWhere, isCaptured } from '../ledger/transactions.ts';
import type { ChannelSimulator } from '../simulator/channel-simulator.ts';
import type { PaymentSimulator } from '../simulator/payment-simulator.ts';
import type { WebhookMode } from '../webhooks/webhook-rules.ts';
import { actInChannel, channelActions, isChannelAction, waitingIn } from './channel-actions.ts';
import { channelPage } from './channel-page.ts';
import type { CheckoutForm, Outcome } from './checkout-page.ts';
import { endPage, missingPage, outcomeButtons, payPage } from './checkout-page.ts';
import { contentSecurityPolicy } from './checkout-style.ts';

/** Long enough for the shop to show that it waits for the webhook. */
const LATE_WEBHOOK_MS = 30_000;

const formSchema = z.object({
  action: z.enum(['card', ...channelActions, ...outcomeButtons.map(([action]) => action)]),
  number: z.string().default(''),
  expiry: z.string().default(''),
  cvv: z.string().default(''),
  amount: z.string().default(''),
  phone: z.string().default(''),
});

export interface CheckoutOptions {
  records: Records;
  payments: PaymentSimulator;
  channels: ChannelSimulator;
  now: () => Date;
}

/** The payment that each button makes. */
const outcomes: Record<Exclude<Outcome, 'abandon' | 'pay-twice'>, { card: CardName; webhook?: WebhookMode }> = {
  success: { card: 'success' },
  decline: { card: 'declined' },
  'lose-webhook': { card: 'success', webhook: 'lose' },
  'duplicate-webhook': { card: 'success', webhook: 'duplicate' },
  'late-webhook': { card: 'success', webhook: { delayMs: LATE_WEBHOOK_MS } },
  'hold-webhook': { card: 'success', webhook: 'hold' },
};

/** Allows http and https only, so that a transaction cannot make the page link to a script. */
function webAddress(value: unknown): URL | null {
  if (typeof value !== 'string' || !URL.canParse(value)) return null;
  const url = new URL(value);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
}

/** `callback_url?trxref=R&reference=R`. */
function callbackOf(transaction: TransactionRecord): string | null {
  const url = webAddress(transaction.callbackUrl);
  if (url === null) return null;
  url.searchParams.set('trxref', transaction.reference);
  url.searchParams.set('reference', transaction.reference);
  return url.href;
}

function cancelAddressOf({ metadata }: TransactionRecord): string | null {
  if (metadata === null || typeof metadata !== 'object' || Array.isArray(metadata)) return null;
  return webAddress(metadata.cancel_action)?.href ?? null;
}

/** Prefilled with the card that succeeds. */
function freshForm(now: Date): CheckoutForm {
  return {
    number: '4084 0840 8408 4081',
    expiry: `12/${String((now.getUTCFullYear() + 4) % 100).padStart(2, '0')}`,
    cvv: '408',
  };
}

function sendPage(res: Response, status: number, html: string): void {
  res.status(status).set({ 'content-security-policy': contentSecurityPolicy, 'cache-control': 'no-store' });
  res.set({ 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' }).type('html').send(html);
}

/** The way to pay that the address names; else one that waits for the customer, else the first that is offered. */
function wayOf(req: Request, { channels, waiting }: TransactionRecord): Channel {
  const { way } = req.query;
  const offered = channels.find((channel) => channel === way);
  return offered ?? waiting?.channel ?? channels[0] ?? 'card';
}

function showPage(req: Request, res: Response, transaction: TransactionRecord, { now }: CheckoutOptions): void {
  if (isCaptured(transaction)) {
    sendPage(res, 200, endPage(transaction, 'This payment has been made.', callbackOf(transaction)));
    return;
  }
  const way = wayOf(req, transaction);
  if (way !== 'card') {
    sendPage(res, 200, channelPage(transaction, way, { waiting: waitingIn(transaction, way), problem: null }));
    return;
  }
  const declined = transaction.attempts.at(-1)?.gatewayResponse ?? null;
  sendPage(res, 200, payPage(transaction, freshForm(now()), { problem: null, declined }));
}

function leave(res: Response, transaction: TransactionRecord, address: string | null, text: string): void {
  if (address === null) sendPage(res, 200, endPage(transaction, text, null));
  else res.redirect(303, address);
}

/** Redirects to the shop if this or an earlier attempt has paid the reference, otherwise back to the page. */
function leaveAfterAttempt(req: Request, res: Response, transaction: TransactionRecord): void {
  if (isCaptured(transaction)) leave(res, transaction, callbackOf(transaction), 'Your payment was successful.');
  else res.redirect(303, req.originalUrl);
}

function handlePost(req: Request, res: Response, transaction: TransactionRecord, options: CheckoutOptions): void {
  const { payments: simulator, now } = options;
  const { reference } = transaction;
  const read = formSchema.safeParse(req.body);
  if (!read.success) {
    sendPage(res, 400, endPage(transaction, 'The page sent something unexpected.', null));
    return;
  }
  const { action, amount, phone, ...form } = read.data;
  if (action === 'abandon') {
    leave(res, transaction, cancelAddressOf(transaction), 'You cancelled. You were not charged.');
    return;
  }
  if (isCaptured(transaction)) {
    leaveAfterAttempt(req, res, transaction);
    return;
  }
  if (isChannelAction(action)) {
    const way = wayOf(req, transaction);
    const problem = way === 'card' ? null : actInChannel(options.channels, transaction, way, { action, amount, phone });
    if (way === 'card' || problem === null) leaveAfterAttempt(req, res, transaction);
    else sendPage(res, 422, channelPage(transaction, way, { waiting: waitingIn(transaction, way), problem }));
    return;
  }
  if (action === 'card') {
    const checked = checkCard(form, now());
    if ('problem' in checked) {
      sendPage(res, 422, payPage(transaction, form, { problem: checked, declined: null }));
      return;
    }
    simulator.pay(reference, { card: checked.card.name });
  } else if (action === 'pay-twice') simulator.payTwice(reference);
  else simulator.pay(reference, outcomes[action]);
  leaveAfterAttempt(req, res, transaction);
}

export function mountCheckout(app: Express, options: CheckoutOptions): void {
  type Handle = (req: Request, res: Response, transaction: TransactionRecord) => void;
  const withTransaction = (handle: Handle) => (req: Request, res: Response) => {
    const transaction = findWhere(options.records, (one) => one.accessCode === req.params.accessCode);
    if (transaction === undefined) sendPage(res, 404, missingPage());
    else handle(req, res, transaction);
  };
  const parseForm = express.urlencoded({ extended: false, limit: '10kb' });
  const path = '/checkout/:accessCode';
  app.get(
    path,
    withTransaction((req, res, transaction) => showPage(req, res, transaction, options)),
  );
  app.post(
    path,
    parseForm,
    withTransaction((req, res, transaction) => handlePost(req, res, transaction, options)),
  );
}
