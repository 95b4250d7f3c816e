/** Fourteen common bugs of order and payment code. */
import type { Mutant } from '../mutant.ts';

const atCommit = { project: 'trouble', file: 'tests/trouble/commit-first.test.ts' };
const failsLast = { ...atCommit, testNamePattern: 'a settlement that fails at its very last write' };

export const CATALOGUE_MUTANTS: readonly Mutant[] = [
  {
    id: 'no-compare-and-set',
    what: 'an order write does not check the version that was read',
    edits: [
      {
        file: 'models/db/batching/guarded-updates.ts',
        find: 'filter: { _id, [field]: guard }',
        replace: 'filter: { _id }',
      },
    ],
    caughtBy: {
      project: 'trouble',
      file: 'tests/trouble/lost-races.test.ts',
      testNamePattern: 'a charge that finds its order cancelled meanwhile',
    },
  },
  {
    id: 'write-outside-session',
    what: 'the stock ledger is written outside the settlement’s transaction',
    edits: [
      {
        file: 'models/settlement/settlement-writes.ts',
        find: 'insertMany(movements, { session })',
        replace: 'insertMany(movements)',
      },
    ],
    caughtBy: failsLast,
  },
  {
    id: 'reference-not-unique',
    what: 'two orders may share a payment reference',
    edits: [
      {
        file: 'models/order/order-schema.ts',
        find: "{ unique: true, partialFilterExpression: { 'payments.reference': { $exists: true } } }",
        replace: "{ partialFilterExpression: { 'payments.reference': { $exists: true } } }",
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/database-guards.test.ts',
      testNamePattern: 'payments.reference',
    },
  },
  {
    id: 'amount-unchecked',
    what: 'a charge pays the order although less than the total was captured',
    edits: [
      {
        file: 'models/payment/evaluate-charge.ts',
        find: "  if (report.amount < order.total) return 'underpaid';\n",
        replace: '',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/money-in-review.test.ts',
      testNamePattern: 'one kobo less than the total was captured',
    },
  },
  {
    id: 'answered-before-stored',
    what: 'a webhook gets 200 before the inbox has stored it',
    edits: [
      {
        file: 'server/rest/paystack-webhook.ts',
        find: '    await store(ctx, event);\n',
        replace: '    res.json({ received: true });\n    await store(ctx, event);\n',
      },
      {
        file: 'server/rest/paystack-webhook.ts',
        find: 'webhookEvent: event.event, outcome });\n    res.json({ received: true });',
        replace: 'webhookEvent: event.event, outcome });',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/webhook-endpoint.test.ts',
      testNamePattern: 'is answered 503, and settles the order when Paystack sends it again',
    },
  },
  {
    id: 'enqueued-before-commit',
    what: 'the settlement is enqueued before the charge is committed',
    edits: [
      {
        file: 'jobs/payments/verify-payment.ts',
        find: '  const result = await recordCharge(ctx.db, {',
        replace:
          "  if (report.status === 'success') await ctx.jobs.enqueueSettlement({ txRef: report.reference });\n" +
          '  const result = await recordCharge(ctx.db, {',
      },
      {
        file: 'jobs/payments/after-change.ts',
        find: "if (change.outcome === 'paid') return { settlement: change.reference };",
        replace: "if (change.outcome === 'paid') return {};",
      },
    ],
    caughtBy: { ...atCommit, testNamePattern: 'the settlement is woken only when the charge' },
  },
  {
    id: 'email-inside-transaction',
    what: 'the email of a cancelled order is sent inside its transaction',
    edits: [
      {
        file: 'jobs/settle-orders.ts',
        find: 'refundIdFor: () => ctx.random.id(),',
        replace: `refundIdFor: ({ _id, version }) => {
      const key = \`\${_id}:order_cancelled:\${version + 1}\`;
      void ctx.db.orders.findById(_id).then((order) => {
        const to = order?.contactSnapshot.email ?? '';
        return ctx.mailer.send({ to, subject: 'Cancelled', text: 'Cancelled.', html: '<p>Cancelled.</p>', key });
      });
      return ctx.random.id();
    },`,
      },
      {
        file: 'models/settlement/settlement-writes.ts',
        find: 'if (emails.length > 0) await driverCollection(db.emails).insertMany(emails, { session });',
        replace:
          // Only what was sent already is stored as sent: all other emails go out as they should.
          'const stored = emails.map(({ dueAt, ...email }) =>\n' +
          "    email.kind === 'order_cancelled'\n" +
          "      ? { ...email, state: 'sent' as const, sentAt: now }\n" +
          '      : { ...email, dueAt },\n' +
          '  );\n' +
          '  if (stored.length > 0) await driverCollection(db.emails).insertMany(stored, { session });',
      },
    ],
    caughtBy: { ...failsLast, witness: 'for order_cancelled, has changed, moved and told nothing' },
  },
  {
    // The read inside the transaction and the validator would catch the missing condition, so the mutant removes all three.
    id: 'hold-without-looking',
    what: 'checkout reserves more units than there are in stock',
    edits: [
      {
        file: 'models/checkout/reserve-stock.ts',
        find: '{ _id: variantId, stock: { $gte: quantity } },',
        replace: '{ _id: variantId },',
      },
      { file: 'models/checkout/compose-order.ts', find: 'available < requested', replace: 'available === 0' },
      {
        file: 'models/catalogue/variant.ts',
        find: "stock: { bsonType: ['int', 'long', 'double'], minimum: 0, multipleOf: 1 }",
        replace: "stock: { bsonType: ['int', 'long', 'double'], multipleOf: 1 }",
      },
    ],
    caughtBy: {
      project: 'trouble',
      file: 'tests/trouble/crowded-holds.test.ts',
      testNamePattern: 'many shoppers for several units never hold more than there are',
    },
  },
  {
    id: 'signature-of-parsed-json',
    what: 'the signature is checked over re-serialized JSON, not over the bytes',
    edits: [
      {
        file: 'server/rest/paystack-webhook.ts',
        find: 'if (!verifySignature(bytes, req.headers[SIGNATURE_HEADER]',
        replace:
          "const again = Buffer.from(JSON.stringify(JSON.parse(bytes.toString() || 'null')));\n" +
          '    if (!verifySignature(again, req.headers[SIGNATURE_HEADER]',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/webhook-endpoint.test.ts',
      testNamePattern: 'encoding of the same JSON settles the order',
    },
  },
  {
    id: 'refund-unlisted',
    what: 'a refund is sent again without listing Paystack’s refunds first',
    edits: [
      {
        file: 'jobs/process-refunds.ts',
        find: 'const listed = await ctx.paystack.listRefunds({ gatewayId });',
        replace: 'const listed: RefundReport[] = [];',
      },
    ],
    caughtBy: {
      project: 'trouble',
      file: 'tests/trouble/refund-trouble.test.ts',
      testNamePattern: 'a refund that was made and not answered is found in the list and not sent again',
    },
  },
  {
    id: 'duplicate-key-swallowed',
    what: 'a duplicate key is caught inside the transaction, which then loops',
    edits: [
      {
        file: 'models/settlement/settlement-writes.ts',
        find: 'await driverCollection(db.emails).insertMany(emails, { session });',
        replace:
          'await driverCollection(db.emails)\n    .insertMany(emails, { session })\n' +
          '    .catch((error) => (error.code === 11_000 ? undefined : Promise.reject(error)));',
      },
    ],
    caughtBy: failsLast,
  },
  {
    id: 'live-price',
    what: 'settlement recomputes the total from the current prices',
    edits: [
      {
        file: 'models/settlement/settle-batch.ts',
        find: '      const decision = decideSettlement(orders.map(toDecide), stock);\n',
        replace: `      for (const order of orders) {
        const live = await db.variants.find({ _id: { $in: order.items.map((item) => item.variantId) } }).session(session);
        const prices = new Map(live.map((variant) => [String(variant._id), variant.price]));
        const lines = order.items.map((item) => (prices.get(String(item.variantId)) ?? 0) * item.quantity);
        order.total = lines.reduce((a, b) => a + b, order.shippingFee);
      }
      const decision = decideSettlement(orders.map(toDecide), stock);
`,
      },
      {
        file: 'models/settlement/settlement-changes.ts',
        find: 'change: confirmation() }',
        replace: 'change: { ...confirmation(), set: { ...confirmation().set, total: order.total } } }',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/checkout.test.ts',
      testNamePattern: 'edits of the catalogue change nothing of the order, its price and its hash',
    },
  },
  {
    id: 'sweep-off',
    what: 'no worker runs the sweep',
    edits: [
      {
        file: 'jobs/agenda/timers.ts',
        find: "    repeat(ctx, 'sweep', ctx.config.sweepEveryMs, async () => describeSweep(await runSweepOnce(ctx))),\n",
        replace: '',
      },
    ],
    caughtBy: {
      project: 'trouble',
      file: 'tests/trouble/lost-jobs.test.ts',
      testNamePattern: 'with every trigger lost',
    },
  },
  {
    id: 'job-lock-trusted',
    what: 'refunds are sent without a claim, relying on the job’s lock',
    edits: [
      {
        file: 'jobs/process-refunds.ts',
        find: 'const claim = await claimRefund(ctx.db, orderId, ctx.clock.now());',
        replace:
          'const order = await ctx.db.orders.findById(orderId).lean<Order>();\n' +
          '    const refund = order?.refunds.at(-1);\n' +
          '    const claim = order && refund ? { order, refund } : await claimRefund(ctx.db, orderId, ctx.clock.now());',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/refunds.test.ts',
      testNamePattern: 'twenty workers at once send a refund once',
    },
  },
];
