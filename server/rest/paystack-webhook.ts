/**
 * POST /webhooks/paystack: raw bytes → signature → inbox → apply → 200.
 * - 401: the signature does not match
 * - 503: the event could not be stored; Paystack sends it again
 * - 200: a majority has stored the event, which is applied inline within 5 s or later by the sweep
 */
import { createHash } from 'node:crypto';
import express, { type Request, type RequestHandler, Router } from 'express';
import { withTimeout } from '../../jobs/concurrency/with-timeout.ts';
import { applyWebhook } from '../../jobs/payments/apply-webhook.ts';
import { DEADLINES } from '../../models/deadlines.ts';
import { AppError } from '../../models/errors.ts';
import { type IncomingEvent, storeWebhookEvent } from '../../models/messaging/webhook-inbox.ts';
import { type InboxOutcome, isIgnored } from '../../models/messaging/webhook-outcome.ts';
import type { AppContext } from '../context/app-context.ts';
import type { WebhookOutcome } from '../observability/events.ts';
import { isSignature, verifySignature } from '../paystack/signature.ts';
import { parseWebhookEvent } from '../paystack/webhook-event.ts';

const SIGNATURE_HEADER = 'x-paystack-signature';
const MAX_BODY = '256kb';

export function paystackWebhookRoute(ctx: AppContext): Router {
  const router = Router({ caseSensitive: true });
  // Accepts every content type: the signature covers the bytes, and parsing comes after its check.
  const readBytes = express.raw({ type: () => true, limit: MAX_BODY });
  router.post('/webhooks/paystack', refuseUnsigned(ctx), readBytes, async (req, res) => {
    const bytes = bodyOf(req);
    if (!verifySignature(bytes, req.headers[SIGNATURE_HEADER], ctx.config.paystackSecretKey)) {
      throw forged(ctx);
    }
    const event = readEvent(bytes);
    await store(ctx, event);
    const outcome = await applyInTime(ctx, event);
    ctx.events.webhookReceived({ webhookEvent: event.event, outcome });
    res.json({ received: true });
  });
  return router;
}

/** Refuses a request before its body is read, if the header cannot be a signature. */
function refuseUnsigned(ctx: AppContext): RequestHandler {
  return (req, res, next) => {
    if (isSignature(req.headers[SIGNATURE_HEADER])) return next();
    // The body stays unread, so the connection cannot carry another request.
    res.setHeader('connection', 'close');
    next(forged(ctx));
  };
}

function forged(ctx: AppContext): AppError {
  ctx.events.webhookReceived({ webhookEvent: 'unknown', outcome: 'forged' });
  return new AppError('UNAUTHENTICATED', 'The signature does not match the body.');
}

/** express.raw sets no buffer for an empty body. */
function bodyOf(req: Request): Buffer {
  const body: unknown = req.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

function readEvent(bytes: Buffer): IncomingEvent {
  const { kind, event, reference, charge, dispute, transfer } = parseWebhookEvent(bytes);
  return {
    _id: createHash('sha256').update(bytes).digest('hex'),
    kind: kind === 'unreadable' ? 'other' : kind,
    event: kind === 'unreadable' ? 'unreadable' : event,
    reference,
    charge,
    ...(dispute ? { dispute } : {}),
    ...(transfer ? { transfer } : {}),
  };
}

async function store(ctx: AppContext, event: IncomingEvent): Promise<void> {
  try {
    await storeWebhookEvent(ctx.db, event, ctx.clock.now());
  } catch (cause) {
    ctx.events.webhookReceived({ webhookEvent: event.event, outcome: 'failed' });
    throw new AppError('OVERLOADED', 'The event could not be stored; send it again.', {
      details: { retryAfterMs: 60_000 },
      cause,
    });
  }
}

/**
 * Applies the event within the time budget, and leaves its mark to LateWork. A failure does not fail the delivery: the event
 * is stored.
 */
function applyInTime(ctx: AppContext, event: IncomingEvent): Promise<WebhookOutcome> {
  const applied = new Promise<WebhookOutcome>((resolve) => {
    const onApplied = (outcome: InboxOutcome) => {
      resolve(toOutcome(outcome));
      ctx.lateWork.follow(marked);
    };
    const marked = applyWebhook(ctx, { ...event, attempts: 0 }, onApplied).then(
      (outcome) => resolve(toOutcome(outcome)),
      (err) => {
        ctx.events.mongoError({ err, source: 'webhook' });
        resolve('stored');
      },
    );
  });
  return withTimeout(applied, DEADLINES.webhookApply, () => 'stored');
}

function toOutcome(applied: Awaited<ReturnType<typeof applyWebhook>>): WebhookOutcome {
  if (applied.code === 'postponed') return 'stored';
  return isIgnored(applied) ? 'ignored' : 'applied';
}
