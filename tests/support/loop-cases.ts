/**
 * Each work loop with many due items, one of which fails by its own fault. The items are copies of one order that the
 * models made, inserted directly, because a hundred checkouts take longer than all the loops.
 */
import { randomBytes } from 'node:crypto';
import { Types } from 'mongoose';
import type { PaystackPort } from '../../jobs/ports.ts';
import { runRefundsOnce } from '../../jobs/process-refunds.ts';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import { runSweepOnce } from '../../jobs/sweep.ts';
import { verifyPendingOrders } from '../../jobs/verify-pending.ts';
import type { Variant } from '../../models/catalogue/variant.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { type Email, newEmail } from '../../models/messaging/email-document.ts';
import { storeWebhookEvent } from '../../models/messaging/webhook-inbox.ts';
import type { Order } from '../../models/order/order-document.ts';
import { type ChargeReport, GatewayError } from '../../models/payment/gateway-reports.ts';
import { makeCatalogue, makePaidOrder, makePaidTwice, makePendingOrder, reportOf } from './orders.ts';
import type { TestApp } from './test-app.ts';

/** The state of one item, whatever its document. */
export interface ItemState {
  /** Failures by its own fault. */
  failures: number;
  parked: boolean;
  done: boolean;
}

export interface LoopCase {
  /** Items that are due, the longest waiting first. */
  make(app: TestApp, count: number): Promise<Types.ObjectId[]>;
  /** Damages the order of an item, so that this item alone fails. */
  poison(app: TestApp, orders: readonly Types.ObjectId[]): Promise<unknown>;
  repair(app: TestApp, order: Order): Promise<unknown>;
  run(app: TestApp): Promise<unknown>;
  stateOf(app: TestApp, order: Types.ObjectId): Promise<ItemState>;
  /** The event of the alert, and its field with the item's name. */
  alert: { event: string; names(item: Types.ObjectId): object };
  /** The list in which staff find it; emails are shown on their order. */
  attention: 'parked' | 'stuck' | null;
  retry(app: TestApp, staff: StaffClient, order: Types.ObjectId): Promise<unknown>;
}

type StaffClient = Awaited<ReturnType<TestApp['signUp']>>['client'];

/** Reports by reference. */
const captured = new Map<string, ChargeReport>();

const DISPUTE = {
  ...{ reference: null, gatewayId: null, status: 'pending', resolution: null, category: null },
  ...{ amount: null, currency: null, answerBy: null, createdAt: null, updatedAt: null },
  ...{ hasEvidence: false, evidenceId: null },
};

/** A gateway that knows the charges of the webhooks, and accepts every refund at once. */
export function fakeGateway(): PaystackPort {
  let refunds = 0;
  const unused = () => Promise.reject(new Error('this test does not call it'));
  return {
    initialize: unused,
    listCharges: unused,
    getRefund: unused,
    sendRefundAccount: unused,
    listBanks: unused,
    listRefundsPage: unused,
    listDisputesPage: unused,
    listPayouts: unused,
    listPayoutCharges: unused,
    listDisputes: async () => [],
    findReference: unused,
    submitEvidence: unused,
    requestUpload: unused,
    uploadFile: unused,
    resolveDispute: unused,
    // Without a reference: the event names the charge.
    getDispute: async (disputeId) => ({ ...DISPUTE, disputeId }),
    async verify(reference) {
      const report = captured.get(reference);
      if (!report) throw new GatewayError('unknown_reference', 404, 'no such transaction');
      return report;
    },
    listRefunds: async () => [],
    async createRefund({ amount, merchantNote }) {
      refunds += 1;
      return { gatewayRefundId: String(refunds), status: 'processed', ...amount, merchantNote, disputeId: null };
    },
  };
}

const variantOf = async (app: TestApp): Promise<Variant> => {
  const [variant] = await makeCatalogue(app.db, { stock: 10_000, now: app.ctx.clock.now() });
  if (!variant) throw new Error('no variant was made');
  return variant;
};

const lineOf = async (app: TestApp) => ({
  lines: [{ variant: await variantOf(app), quantity: 1 }],
  now: app.ctx.clock.now(),
});

/** Inserts copies of the order, each with an id, a code and references of its own, changed by `place`. */
async function copies(
  app: TestApp,
  order: Order,
  count: number,
  place: (index: number) => Partial<Order>,
): Promise<Types.ObjectId[]> {
  const inserted = Array.from({ length: count }, (_, index): Order => {
    const code = randomBytes(6).toString('hex').toUpperCase();
    const named = (text: string) => text.replace(order.code, code);
    return {
      ...order,
      _id: new Types.ObjectId(),
      code,
      checkoutKey: code,
      txRef: named(order.txRef),
      payments: order.payments.map((attempt) => ({ ...attempt, reference: named(attempt.reference) })),
      refunds: order.refunds.map((refund) => ({
        ...refund,
        reference: named(refund.reference),
        refundId: `${refund.refundId}-${code}`,
      })),
      ...(order.paidReference === undefined ? {} : { paidReference: named(order.paidReference) }),
      ...place(index),
    };
  });
  await app.db.orders.deleteMany({});
  await app.db.emails.deleteMany({});
  // The driver would store an undefined field as null.
  await driverCollection(app.db.orders).insertMany(inserted, { ignoreUndefined: true });
  return inserted.map(({ _id }) => _id);
}

const damage = (app: TestApp, ids: readonly Types.ObjectId[], update: object) =>
  driverCollection(app.db.orders).updateMany({ _id: { $in: [...ids] } }, update);

/** `index` ms after an hour ago. */
const inTurn = (app: TestApp, index: number) => new Date(app.ctx.clock.now().getTime() - 3600_000 + index);

async function orderOf(app: TestApp, _id: Types.ObjectId): Promise<Order> {
  const order = await driverCollection(app.db.orders).findOne({ _id });
  if (!order) throw new Error('the order is gone');
  return order;
}

const retryStuck: LoopCase['retry'] = (_app, staff, order) => staff.admin.retryStuck.mutate({ id: String(order) });

const settlement: LoopCase = {
  make: async (app, count) => {
    const paid = await makePaidOrder(app.db, await lineOf(app));
    return copies(app, paid, count, (index) => ({ settlement: { queuedAt: inTurn(app, index), attempts: 0 } }));
  },
  // It claims a reservation that does not exist, so its transaction always fails.
  poison: (app, ids) => damage(app, ids, { $set: { reservation: 'reserved' } }),
  repair: (app, { _id }) => damage(app, [_id], { $set: { reservation: 'none' } }),
  run: ({ ctx }) => runSettlementOnce(ctx),
  async stateOf(app, id) {
    const {
      settlement: { attempts, parkedAt },
      status,
    } = await orderOf(app, id);
    return { failures: attempts, parked: parkedAt !== undefined, done: status === 'confirmed' };
  },
  alert: { event: 'settlement_parked', names: (id) => ({ orderId: String(id) }) },
  attention: 'parked',
  retry: (_app, staff, order) => staff.admin.retrySettlement.mutate({ id: String(order) }),
};

const refunds: LoopCase = {
  make: async (app, count) => {
    const { order } = await makePaidTwice(app.db, { ...(await lineOf(app)), refundId: 'duplicate' });
    return copies(app, order, count, (index) => ({ refundDueAt: inTurn(app, index) }));
  },
  // After the claim, the refund finds no transaction to be sent for.
  poison: (app, ids) => damage(app, ids, { $unset: { 'payments.1.gatewayId': 1 } }),
  repair: (app, { _id }) => damage(app, [_id], { $set: { 'payments.1.gatewayId': '7' } }),
  run: ({ ctx }) => runRefundsOnce(ctx),
  async stateOf(app, id) {
    const {
      stuck,
      stuckSince,
      refunds: [refund],
    } = await orderOf(app, id);
    const failures = stuck?.refunds?.attempts ?? 0;
    return { failures, parked: stuckSince !== undefined, done: refund?.state === 'processed' };
  },
  alert: { event: 'order_stuck', names: (id) => ({ orderId: String(id), loop: 'refunds' }) },
  attention: 'stuck',
  retry: retryStuck,
};

const verifies: LoopCase = {
  make: async (app, count) => {
    const pending = await makePendingOrder(app.db, await lineOf(app));
    return copies(app, pending, count, (index) => ({ verifyDueAt: inTurn(app, index) }));
  },
  // Not even the claim can be decided.
  poison: (app, ids) => damage(app, ids, { $unset: { refunds: 1 } }),
  repair: (app, { _id }) => damage(app, [_id], { $set: { refunds: [] } }),
  run: ({ ctx }) => verifyPendingOrders(ctx, 500),
  async stateOf(app, id) {
    const { stuck, stuckSince, verifyStep } = await orderOf(app, id);
    return { failures: stuck?.verifies?.attempts ?? 0, parked: stuckSince !== undefined, done: verifyStep > 0 };
  },
  alert: { event: 'order_stuck', names: (id) => ({ orderId: String(id), loop: 'verifies' }) },
  attention: 'stuck',
  retry: retryStuck,
};

const emails: LoopCase = {
  make: async (app, count) => {
    const ids = await copies(app, await makePendingOrder(app.db, await lineOf(app)), count, () => ({}));
    const queued = ids.map((id, index) => newEmail(id, 'order_cancelled', 3, {}, inTurn(app, index)));
    await driverCollection(app.db.emails).insertMany(queued);
    return ids;
  },
  // Its text needs the data.
  poison: (app, ids) =>
    app.db.connection.collection('emails').updateMany({ orderId: { $in: [...ids] } }, { $set: { data: null } }),
  repair: (app, { _id }) => app.db.connection.collection('emails').updateOne({ orderId: _id }, { $set: { data: {} } }),
  run: ({ ctx }) => runEmailsOnce(ctx),
  async stateOf(app, orderId) {
    const email = await app.db.emails.findOne({ orderId }).lean<Email>();
    return { failures: email?.ownFailures ?? 0, parked: email?.state === 'parked', done: email?.state === 'sent' };
  },
  alert: { event: 'email_refused', names: (id) => ({ emailKey: `${id}:order_cancelled:3`, parked: true }) },
  attention: null,
  retry: (_app, staff, order) =>
    staff.admin.resendEmail.mutate({
      id: String(order),
      emailId: `${order}:order_cancelled:3`,
      key: 'resend-01',
    }),
};

/** Webhooks of one kind, each for an order of its own. `field` is what the order loses. */
function webhooks(kind: 'charge' | 'dispute', field: 'refunds' | 'disputes'): LoopCase {
  const find = async (app: TestApp, id: Types.ObjectId) => {
    const { txRef } = await orderOf(app, id);
    return app.db.webhookEvents.findOne({ reference: txRef }).lean();
  };
  return {
    make: async (app, count) => {
      const line = await lineOf(app);
      const order = await (kind === 'charge' ? makePendingOrder : makePaidOrder)(app.db, line);
      const ids = await copies(app, order, count, () => ({}));
      await app.db.webhookEvents.deleteMany({});
      const orders = await app.db.orders
        .find({ _id: { $in: ids } })
        .sort({ _id: 1 })
        .lean<Order[]>();
      for (const [index, order] of orders.entries()) {
        const reference = order.txRef;
        const charge = kind === 'charge' ? reportOf(order, {}, app.ctx.clock.now()) : null;
        if (charge !== null) captured.set(reference, charge);
        const dispute = { id: String(index), dueAt: null };
        const event = { _id: reference, event: `${kind}.success`, kind, reference, charge, dispute };
        await storeWebhookEvent(app.db, event, inTurn(app, index));
      }
      return orders.map(({ _id }) => _id);
    },
    poison: (app, ids) => damage(app, ids, { $unset: { [field]: 1 } }),
    repair: (app, { _id }) => damage(app, [_id], { $set: { [field]: [] } }),
    run: ({ ctx }) => runSweepOnce(ctx, { lowerAgeMs: 0 }),
    async stateOf(app, id) {
      const event = await find(app, id);
      const done = event?.appliedAt !== undefined;
      return { failures: event?.ownFailures ?? 0, parked: event?.parkedAt !== undefined, done };
    },
    alert: { event: 'webhook_stuck', names: () => ({ parked: true }) },
    attention: 'stuck',
    retry: retryStuck,
  };
}

export const LOOP_CASES: Readonly<Record<string, LoopCase>> = {
  settlement,
  refunds,
  verifies,
  emails,
  'webhooks of charges': webhooks('charge', 'refunds'),
  'webhooks of disputes': webhooks('dispute', 'disputes'),
};
