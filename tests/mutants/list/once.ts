/** Effects that must happen once or never: leases, late events, reused results, durable writes, cancellations. */
import type { Mutant } from '../mutant.ts';

const sweep = { project: 'trouble', file: 'tests/trouble/sweep-rescue.test.ts' };
const duplicates = { project: 'component', file: 'tests/component/refund-duplicates.test.ts' };
const emails = { project: 'trouble', file: 'tests/trouble/email-trouble.test.ts' };
const guards = { project: 'component', file: 'tests/component/database-guards.test.ts' };
const leases = { project: 'component', file: 'tests/component/lease.test.ts' };
const regression = (name: string) => ({ project: 'regression', file: `tests/regression/${name}.test.ts` });

export const ONCE_MUTANTS: readonly Mutant[] = [
  {
    id: 'lease-ignored',
    what: 'a worker settles although another one holds the lease',
    edits: [
      { file: 'models/db/lease.ts', find: 'return lease?.holder === holder;', replace: 'return lease !== null;' },
    ],
    caughtBy: { ...leases, testNamePattern: 'a run that finds the lease held leaves the orders to its holder' },
  },
  {
    id: 'lease-of-others-freed',
    what: 'a worker can release the lease of another holder',
    edits: [
      {
        file: 'models/db/lease.ts',
        find: 'deleteOne({ _id: name, holder },',
        replace: 'deleteOne({ _id: name, holder: { $ne: `not ${holder}` } },',
      },
    ],
    caughtBy: { ...leases, testNamePattern: 'is given back by its holder alone' },
  },
  {
    id: 'hurried-past-a-claim',
    what: 'a refund webhook makes a claimed refund due at once',
    edits: [
      {
        file: 'models/refund/refund-queue.ts',
        find: 'waiting.filter(({ gatewayRefundId }) => gatewayRefundId !== undefined)',
        replace: 'waiting.filter(({ refundId }) => refundId !== undefined)',
      },
    ],
    caughtBy: {
      project: 'trouble',
      file: 'tests/trouble/lost-races.test.ts',
      testNamePattern: 'an event about a refund does not bring it forward while a worker is sending it',
    },
  },
  {
    id: 'claim-not-checked',
    what: 'a worker that was paused sends a refund that another already sent',
    edits: [
      {
        file: 'models/refund/mark-refund-sent.ts',
        find: 'if (!refund || !stillClaimed || !workableRefunds(order).includes(refund)) return null;',
        replace:
          'if (!refund || (!stillClaimed && refund.attempts < 0) || !workableRefunds(order).includes(refund)) return null;',
      },
    ],
    caughtBy: {
      ...duplicates,
      testNamePattern: 'a worker paused between listing and sending does not send once its claim was lost',
    },
  },
  {
    id: 'answer-of-another-reference',
    what: 'a reply of Paystack about another reference is accepted',
    edits: [
      {
        file: 'server/paystack/service.ts',
        find: 'if (charge.reference === reference) return charge;',
        replace: 'if (charge.reference !== null) return charge;',
      },
    ],
    caughtBy: {
      ...regression('webhooks'),
      testNamePattern: 'an answer about another reference pays neither order',
    },
  },
  {
    id: 'old-answer-for-news',
    what: 'a webhook uses a verification result from before it arrived',
    edits: [
      {
        file: 'jobs/payments/verify-payment.ts',
        find: "new Set(['webhook', 'reconcile'])",
        replace: "new Set(['reconcile'])",
      },
    ],
    caughtBy: {
      ...regression('webhooks'),
      testNamePattern: 'money that arrives right after a verification without result is refunded',
    },
  },
  {
    id: 'failure-reused',
    what: 'calls after a failed single-flight call get its old error',
    edits: [
      {
        file: 'jobs/concurrency/single-flight.ts',
        find: 'answer.then(answered, end);',
        replace: 'answer.then(answered, answered);',
      },
    ],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/single-flight.test.ts',
      testNamePattern: 'a failure rejects the callers that waited for it, and no later ones',
    },
  },
  {
    id: 'answer-reused-for-ever',
    what: 'a result is reused after its TTL',
    edits: [
      { file: 'jobs/concurrency/single-flight.ts', find: 'ageMs >= 0 && ageMs < this.#ttlMs', replace: 'ageMs >= 0' },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/health.test.ts',
      testNamePattern: 'read the backlog once',
    },
  },
  {
    id: 'wake-up-absorbed',
    what: 'a running job absorbs a wake-up that arrives at its end',
    edits: [
      {
        file: 'jobs/agenda/wake-ups.ts',
        find: 'job.unique({ lockedAt: null, nextRunAt: { $ne: null } }, { insertOnly: true });',
        replace:
          'job.unique({ $or: [{ lockedAt: { $ne: null } }, { nextRunAt: { $ne: null } }] }, { insertOnly: true });',
      },
    ],
    caughtBy: {
      project: 'trouble',
      file: 'tests/trouble/lost-jobs.test.ts',
      testNamePattern: 'a job that is running absorbs no wake-up',
    },
  },
  {
    id: 'one-step-ends-the-sweep',
    what: 'a failed step of the sweep prevents the other steps',
    edits: [
      {
        file: 'jobs/sweep.ts',
        find: "'a step of the sweep failed; the next round tries again');\n",
        replace: "'a step of the sweep failed; the next round tries again');\n      throw err;\n",
      },
    ],
    caughtBy: { ...sweep, testNamePattern: 'a step of the sweep that fails keeps no other from its work' },
  },
  {
    id: 'slow-down-unheard',
    what: 'the sweep keeps calling Paystack after a 429 reply',
    edits: [
      {
        file: 'jobs/verify-pending.ts',
        find: "if (isGatewayError(error, 'rate_limited')) return 'rate_limited';",
        replace: "if (isGatewayError(error, 'rate_limited')) return 'unanswered';",
      },
    ],
    caughtBy: { ...sweep, testNamePattern: 'a 429 ends the round of verifications' },
  },
  {
    id: 'bad-address-tried-for-ever',
    what: 'an email to a permanently rejected address is retried',
    edits: [
      {
        file: 'models/messaging/email-outbox.ts',
        find: 'refusal.permanent || email.attempts >= MAX_EMAIL_ATTEMPTS',
        replace: 'email.attempts >= MAX_EMAIL_ATTEMPTS',
      },
    ],
    caughtBy: { ...emails, testNamePattern: 'an address that SendGrid refuses for good is parked at once' },
  },
  {
    id: 'customer-cancels-sold',
    what: 'a customer can cancel a confirmed order',
    edits: [
      {
        file: 'models/fulfilment/cancel-order.ts',
        find: "!(byStaff && order.status === 'confirmed')",
        replace: "order.status !== 'confirmed'",
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/order-lifecycle.test.ts',
      testNamePattern: 'steps that the table does not know are refused and change nothing',
    },
  },
  {
    id: 'cancel-of-others',
    what: 'every user can cancel an order by its id',
    edits: [
      {
        file: 'server/trpc/routers/orders.ts',
        find: '      await getOrderOfUser(app.db, orderId, user._id);\n',
        replace: '',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/owner-only.test.ts',
      testNamePattern: 'gives another customer, and staff, the same reply as for an order that does not exist',
    },
  },
  {
    id: 'expired-is-payable',
    what: 'an expired order opens a payment page',
    edits: [
      {
        file: 'models/checkout/payable.ts',
        find: "  if (order.expiresAt <= now) return 'the time to pay it has run out; a new checkout is needed';\n",
        replace: '',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/paying-again.test.ts',
      testNamePattern: 'an order whose time is up takes no payment, although no sweep has come by',
    },
  },
  {
    id: 'archived-is-sold',
    what: 'an archived product can be checked out',
    edits: [
      {
        file: 'models/catalogue/availability.ts',
        find: ' && !variant.archivedAt && !product.archivedAt',
        replace: '',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/checkout.test.ts',
      testNamePattern: 'more than there is, or what is no longer sold, is refused line by line',
    },
  },
  {
    id: 'writes-unacknowledged',
    what: 'writes do not wait for a journalled majority',
    edits: [
      {
        file: 'models/db/connection.ts',
        find: "    writeConcern: { w: 'majority', journal: true },\n    retryWrites: true,",
        replace: '    writeConcern: { w: 1 },\n    retryWrites: true,',
      },
    ],
    caughtBy: { ...guards, testNamePattern: 'every write waits for a journalled majority' },
  },
  {
    id: 'commits-unacknowledged',
    what: 'transactions use w: 1 and read data that a failover can roll back',
    edits: [
      {
        file: 'models/db/transaction.ts',
        find: "    readConcern: { level: 'snapshot' },\n    writeConcern: { w: 'majority', journal: true },",
        replace: "    readConcern: { level: 'local' },\n    writeConcern: { w: 1 },",
      },
    ],
    caughtBy: { ...guards, testNamePattern: 'a transaction reads a snapshot and commits to a journalled majority' },
  },
  {
    id: 'own-order-not-known',
    what: 'after a lost reply, a checkout waits for another process',
    edits: [
      {
        file: 'models/checkout/place-order.ts',
        find: 'created: order.code === code',
        replace: 'created: code === undefined',
      },
    ],
    caughtBy: {
      project: 'trouble',
      file: 'tests/trouble/database-trouble.test.ts',
      testNamePattern: 'the same call returns the payment page of the one order',
    },
  },
];
