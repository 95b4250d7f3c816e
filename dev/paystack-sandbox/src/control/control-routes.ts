/**
 * The controls of sandbox.ts over HTTP, for other processes; bytes are base64. A page in a browser can reach loopback too,
 * so every call needs a loopback host name and content-type application/json, which other origins cannot send.
 */
import express, { type Express } from 'express';
import * as z from 'zod';
import { faultRuleSchema } from '../api/fault-script.ts';
import { onlyThisMachine } from '../http/loopback-server.ts';
import { channels } from '../ledger/records.ts';
import type { PaystackSandbox } from '../sandbox.ts';
import { switchesSchema } from '../switches.ts';
import {
  type ControlsOverHttp,
  deliveryView,
  filterSchema,
  handleJson,
  modeSchema,
  nothing,
} from './control-handler.ts';
import { mountWebhooks } from './control-webhooks.ts';

const cardSchema = z.enum(['success', 'declined', 'insufficient-funds', 'refund-failed', 'refund-needs-attention']);
const reference = z.string();
const resolutionSchema = z.enum(['merchant-accepted', 'auto-accepted', 'declined']);
const refundStatusSchema = z.enum(['pending', 'processing', 'processed', 'failed', 'needs-attention']);

/** Ten years. */
const MOST_MS = 10 * 365 * 24 * 3600_000;

const paySchema = z.strictObject({
  reference,
  card: cardSchema.optional(),
  webhook: modeSchema.optional(),
  international: z.boolean().optional(),
  capture: z.strictObject({ amount: z.number().int().optional(), currency: z.string().optional() }).optional(),
});

const completeSchema = z.strictObject({
  reference,
  amount: z.number().int().min(1).optional(),
  approved: z.boolean().optional(),
  webhook: modeSchema.optional(),
});

function mountMoney(app: express.Router, controls: ControlsOverHttp): void {
  const payReply = ({ charged, status, deliveries }: ReturnType<PaystackSandbox['pay']>): object => ({
    charged,
    status,
    deliveries: deliveries.map(deliveryView),
  });
  app.post(
    '/pay',
    handleJson(paySchema, ({ reference: paid, ...pay }) => payReply(controls.pay(paid, pay))),
  );
  app.post(
    '/pay-twice',
    handleJson(paySchema, ({ reference: paid, ...pay }) => controls.payTwice(paid, pay).map(payReply)),
  );
  app.post(
    '/begin',
    handleJson(z.strictObject({ reference, channel: z.enum(channels), phone: z.string().optional() }), (input) =>
      controls.beginPayment(input.reference, input.channel, { phone: input.phone }),
    ),
  );
  app.post(
    '/complete',
    handleJson(completeSchema, ({ reference: paid, ...complete }) =>
      payReply(controls.completePayment(paid, complete)),
    ),
  );
  app.post(
    '/status',
    handleJson(z.strictObject({ reference, status: z.string() }), (input) =>
      controls.setStatus(input.reference, input.status),
    ),
  );
  app.get(
    '/ledger',
    handleJson(nothing, () => controls.ledger()),
  );
  app.get(
    '/transactions/:reference',
    handleJson(nothing, (_, req) => controls.transaction(String(req.params.reference))),
  );
  app.post(
    '/refunds/finish',
    handleJson(z.strictObject({ reference: reference.optional() }), (input) => ({
      moved: controls.finishRefunds(input.reference),
    })),
  );
  app.post(
    '/refunds/:id/advance',
    handleJson(z.strictObject({ to: refundStatusSchema.optional() }), (input, req) => ({
      status: controls.advanceRefund(Number(req.params.id), input.to),
    })),
  );
}

function mountDisputes(app: express.Router, controls: ControlsOverHttp): void {
  app.post(
    '/disputes',
    handleJson(
      z.strictObject({
        reference,
        amount: z.number().int().nullable().optional(),
        category: z.string().optional(),
        dueAt: z.coerce.date().optional(),
        noDeadline: z.boolean().optional(),
      }),
      (input) => controls.openDispute(input.reference, input),
    ),
  );
  app.post(
    '/disputes/:id/reopen',
    handleJson(z.strictObject({ dueAt: z.coerce.date().optional() }), (input, req) =>
      controls.reopenDispute(Number(req.params.id), input),
    ),
  );
  app.get(
    '/uploads',
    handleJson(nothing, () => controls.uploads()),
  );
  app.post(
    '/disputes/:id/remind',
    handleJson(nothing, (_, req) => controls.remindDispute(Number(req.params.id))),
  );
  app.post(
    '/disputes/:id/resolve',
    handleJson(
      z.strictObject({ resolution: resolutionSchema, amount: z.number().int().min(1).optional() }),
      ({ resolution, amount }, req) => controls.resolveDispute(Number(req.params.id), resolution, { amount }),
    ),
  );
  app.post(
    '/disputes/:id/move',
    handleJson(
      z.strictObject({
        status: z.enum(['awaiting-merchant-feedback', 'awaiting-bank-feedback', 'pending', 'resolved', 'archived']),
        resolution: resolutionSchema.nullable().optional(),
        amount: z.number().int().optional(),
        dueAt: z.iso.datetime().nullable().optional(),
      }),
      (move, req) => controls.moveDispute(Number(req.params.id), move),
    ),
  );
}

function mountSettlements(app: express.Router, controls: ControlsOverHttp): void {
  app.post(
    '/settlements',
    handleJson(nothing, () => controls.settle()),
  );
  app.post(
    '/settlements/:id/move',
    handleJson(z.strictObject({ status: z.enum(['pending', 'processing', 'success', 'failed']) }), ({ status }, req) =>
      controls.moveSettlement(Number(req.params.id), status),
    ),
  );
}

function mountClock(app: express.Router, controls: ControlsOverHttp): void {
  app.get(
    '/clock',
    handleJson(nothing, () => ({ time: controls.time() })),
  );
  app.post(
    '/clock',
    handleJson(z.strictObject({ advanceMs: z.number().int().min(0).max(MOST_MS) }), ({ advanceMs }) => ({
      time: controls.advanceClock(advanceMs),
    })),
  );
}

function mountApiControls(app: express.Router, controls: ControlsOverHttp): void {
  app.get('/requests', (req, res) => {
    res.json(controls.requests(filterSchema.parse(req.query)));
  });
  app.delete(
    '/requests',
    handleJson(nothing, () => controls.clearRequests()),
  );
  app.post(
    '/faults',
    handleJson(faultRuleSchema, (rule) => {
      controls.script(rule);
    }),
  );
  app.delete(
    '/faults',
    handleJson(nothing, () => controls.clearScript()),
  );
  app.put(
    '/switches',
    handleJson(switchesSchema.partial(), (changes) => controls.setSwitches(changes)),
  );
}

export function mountControls(app: Express, controls: ControlsOverHttp): void {
  const router = express.Router();
  router.use(onlyThisMachine, express.json({ limit: '2mb' }));
  mountMoney(router, controls);
  mountDisputes(router, controls);
  mountSettlements(router, controls);
  mountWebhooks(router, controls);
  mountClock(router, controls);
  mountApiControls(router, controls);
  app.use('/__sandbox', router);
}
