/**
 * POST /webhooks/sendgrid: raw bytes → signature → each failure of delivery on its email → 200.
 * - 401: the signature does not match, or is older than a day
 * - 503: a copy is still being sent, or the database is away; SendGrid sends the events again, and repeats change nothing
 */
import express, { type Request, Router } from 'express';
import { DEADLINES } from '../../models/deadlines.ts';
import { AppError, invalidInput, notFound } from '../../models/errors.ts';
import {
  findReported,
  markUndelivered,
  type UndeliveredReport,
} from '../../models/messaging/delivery/mark-undelivered.ts';
import type { AppContext } from '../context/app-context.ts';
import { readDeliveryFailures } from '../email/sendgrid/delivery-events.ts';
import { isSignedBySendGrid, readSignedHeaders, readVerificationKey } from '../email/sendgrid/event-signature.ts';

/** SendGrid gathers the events of some seconds; a batch of a busy sender has a few hundred kilobytes. */
const MAX_BODY = '2mb';
const RETRY_AFTER_MS = 60_000;

/** Without a configured key no request can be verified, and the route answers 404. */
export function sendGridEventsRoute(ctx: AppContext): Router {
  const router = Router({ caseSensitive: true });
  const key = ctx.config.sendgridWebhookKey === null ? null : readVerificationKey(ctx.config.sendgridWebhookKey);
  const readBytes = express.raw({ type: () => true, limit: MAX_BODY });
  router.post(
    '/webhooks/sendgrid',
    (req, res, next) => {
      if (key === null) return next(notFound('Page'));
      if (readSignedHeaders(req.headers) !== null) return next();
      // The body stays unread, so the connection cannot carry another request.
      res.setHeader('connection', 'close');
      next(forged(ctx));
    },
    readBytes,
    async (req, res) => {
      const bytes = bodyOf(req);
      const signed = readSignedHeaders(req.headers);
      if (key === null || signed === null || !isSignedBySendGrid(bytes, signed, { key, now: ctx.clock.now() }))
        throw forged(ctx);
      const reports = readDeliveryFailures(bytes);
      if (reports === null) throw invalidInput('body', 'must be a list of events in JSON');
      if (!(await recordAll(ctx, reports))) throw again();
      res.json({ received: true });
    },
  );
  return router;
}

/** False when some are to be reported again. */
async function recordAll(ctx: AppContext, reports: readonly UndeliveredReport[]): Promise<boolean> {
  const endsAt = performance.now() + DEADLINES.webhookApply;
  let isComplete = true;
  for (const report of await findReported(ctx.db, reports)) {
    // The rest is reported again, and what is recorded already changes nothing.
    if (performance.now() > endsAt) return false;
    const { outcome, kind } = await markUndelivered(ctx.db, report);
    if (outcome === 'not_yet') isComplete = false;
    if (outcome === 'recorded')
      ctx.events.emailUndelivered({ emailKey: report.emailId, kind, outcome: report.failure.what });
  }
  return isComplete;
}

function bodyOf(req: Request): Buffer {
  const body: unknown = req.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

function forged(ctx: AppContext): AppError {
  ctx.log.warn({ component: 'sendgrid' }, 'events about emails came without a valid signature, and were refused');
  return new AppError('UNAUTHENTICATED', 'The signature does not match the body, or is older than a day.');
}

function again(): AppError {
  return new AppError('OVERLOADED', 'Not all events could be recorded; send them again.', {
    details: { retryAfterMs: RETRY_AFTER_MS },
  });
}
