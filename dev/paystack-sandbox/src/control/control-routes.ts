/**
 * The controls of sandbox.ts over HTTP, under /__sandbox: for other processes (the demo, browser tests, chaos runs).
 * JSON in, JSON out; bytes are base64. Loopback only, as the whole sandbox; and because a page in some browser could
 * reach loopback too, every call must carry content-type application/json, which no foreign page may send unasked, and
 * name a loopback host.
 */
import express, { type Express } from 'express';
import * as z from 'zod';
import { faultRuleSchema } from '../api/fault-script.ts';
import { onlyThisMachine } from '../http/loopback-server.ts';
import type { PaystackSandbox } from '../sandbox.ts';
import { switchesSchema } from '../switches.ts';
import { answer, type ControlsOverHttp, deliveryView, filterSchema, modeSchema, nothing } from './control-handler.ts';
import { mountWebhooks } from './control-webhooks.ts';

const cardSchema = z.enum(['success', 'declined', 'insufficient-funds', 'refund-failed', 'refund-needs-attention']);
const reference = z.string();
const refundStatusSchema = z.enum(['pending', 'processing', 'processed', 'failed', 'needs-attention']);

const paySchema = z.strictObject({
  reference,
  card: cardSchema.optional(),
  webhook: modeSchema.optional(),
  capture: z.strictObject({ amount: z.number().int().optional(), currency: z.string().optional() }).optional(),
});

function mountMoney(app: express.Router, controls: ControlsOverHttp): void {
  const payAnswer = ({ charged, status, deliveries }: ReturnType<PaystackSandbox['pay']>): object => ({
    charged,
    status,
    deliveries: deliveries.map(deliveryView),
  });
  app.post(
    '/pay',
    answer(paySchema, ({ reference: paid, ...pay }) => payAnswer(controls.pay(paid, pay))),
  );
  app.post(
    '/pay-twice',
    answer(paySchema, ({ reference: paid, ...pay }) => controls.payTwice(paid, pay).map(payAnswer)),
  );
  app.post(
    '/status',
    answer(z.strictObject({ reference, status: z.string() }), (input) =>
      controls.setStatus(input.reference, input.status),
    ),
  );
  app.get(
    '/ledger',
    answer(nothing, () => controls.ledger()),
  );
  app.get(
    '/transactions/:reference',
    answer(nothing, (_, req) => controls.transaction(String(req.params.reference))),
  );
  app.post(
    '/refunds/finish',
    answer(z.strictObject({ reference: reference.optional() }), (input) => ({
      moved: controls.finishRefunds(input.reference),
    })),
  );
  app.post(
    '/refunds/:id/advance',
    answer(z.strictObject({ to: refundStatusSchema.optional() }), (input, req) => ({
      status: controls.advanceRefund(Number(req.params.id), input.to),
    })),
  );
  app.post(
    '/disputes',
    answer(
      z.strictObject({ reference, amount: z.number().int().optional(), dueAt: z.coerce.date().optional() }),
      (input) => controls.openDispute(input.reference, input),
    ),
  );
  app.post(
    '/disputes/:id/remind',
    answer(nothing, (_, req) => controls.remindDispute(Number(req.params.id))),
  );
  app.post(
    '/disputes/:id/resolve',
    answer(z.strictObject({ resolution: z.enum(['merchant-accepted', 'declined']) }), (input, req) =>
      controls.resolveDispute(Number(req.params.id), input.resolution),
    ),
  );
}

function mountApiControls(app: express.Router, controls: ControlsOverHttp): void {
  app.get('/requests', (req, res) => {
    res.json(controls.requests(filterSchema.parse(req.query)));
  });
  app.delete(
    '/requests',
    answer(nothing, () => controls.clearRequests()),
  );
  app.post(
    '/faults',
    answer(faultRuleSchema, (rule) => {
      controls.script(rule);
    }),
  );
  app.delete(
    '/faults',
    answer(nothing, () => controls.clearScript()),
  );
  app.put(
    '/switches',
    answer(switchesSchema.partial(), (changes) => controls.setSwitches(changes)),
  );
}

export function mountControls(app: Express, controls: ControlsOverHttp): void {
  const router = express.Router();
  router.use(onlyThisMachine, express.json({ limit: '2mb' }));
  mountMoney(router, controls);
  mountWebhooks(router, controls);
  mountApiControls(router, controls);
  app.use('/__sandbox', router);
}
