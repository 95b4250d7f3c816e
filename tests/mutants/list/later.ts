/** Background work: claims, retries, verifications, the sweep, reconciliation and deadlines. */
import type { Mutant } from '../mutant.ts';

const sweep = { project: 'trouble', file: 'tests/trouble/sweep-rescue.test.ts' };
const reconcile = { project: 'trouble', file: 'tests/trouble/reconcile.test.ts' };
const gateway = { project: 'unit', file: 'tests/unit/paystack-service.test.ts' };
const mailer = { project: 'unit', file: 'tests/unit/mailer.test.ts' };
const repeats = { project: 'trouble', file: 'tests/trouble/repeats.test.ts' };
const settlement = { project: 'trouble', file: 'tests/trouble/crowded-settlement.test.ts' };

const tenSenders = {
  project: 'trouble',
  file: 'tests/trouble/email-trouble.test.ts',
  testNamePattern: 'ten senders at once send each email once',
} as const;

export const LATER_MUTANTS: readonly Mutant[] = [
  {
    id: 'earlier-copy-forgotten',
    what: 'staff cannot see that an email bounced before it was sent again',
    edits: [{ file: 'models/messaging/email-outbox.ts', find: '{ $gt: [LAST_SENT_AT, null] }', replace: 'false' }],
    caughtBy: {
      project: 'component',
      file: 'tests/component/undelivered-emails.test.ts',
      testNamePattern: 'a corrected address sends it again',
    },
  },
  {
    id: 'email-key-without-seq',
    what: 'two emails of one kind about one order have the same key',
    edits: [
      {
        file: 'models/messaging/outbox-id.ts',
        find: 'return `${orderId}:${kind}:${seq}`;',
        replace: 'return `${orderId}:${kind}:${Math.min(seq, 1)}`;',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/refunds.test.ts',
      testNamePattern: 'partial refunds one after the other add up to the whole, and never to more',
    },
  },
  {
    id: 'email-unclaimed',
    what: 'senders do not claim the email that they send',
    edits: [
      {
        file: 'models/messaging/email-outbox.ts',
        find: 'const claim = claimOf(claimant, now);',
        replace: 'const claim = { claimedBy: claimant };',
      },
    ],
    caughtBy: tenSenders,
  },
  {
    id: 'any-2xx-accepts-an-email',
    what: 'any 2xx reply of the mail provider counts as an accepted email',
    edits: [
      {
        file: 'server/email/mailer.ts',
        find: 'if (statusCode === 202 && (messageId !== null || emptyReplySchema.safeParse(response).success)) return messageId;',
        replace: 'if (statusCode < 300) return messageId;',
      },
    ],
    caughtBy: {
      project: 'trouble',
      file: 'tests/trouble/email-trouble.test.ts',
      testNamePattern: 'the email is sent again later, once',
    },
  },
  {
    id: 'empty-2xx-accepts-an-email',
    what: 'any 2xx reply without a body counts as an accepted email',
    edits: [{ file: 'server/email/mailer.ts', find: 'statusCode === 202 && (', replace: 'statusCode < 300 && (' }],
    caughtBy: { ...mailer, testNamePattern: 'in time, and shows neither key nor address', witness: '204' },
  },
  {
    id: 'connection-for-each-email',
    what: 'each email opens a connection of its own',
    edits: [
      {
        file: 'server/email/keep-alive-exchange.ts',
        find: 'keepAlive: true',
        replace: 'keepAlive: false',
      },
    ],
    caughtBy: { ...mailer, testNamePattern: 'emails one after the other share a connection' },
  },
  {
    id: 'any-202-accepts-an-email',
    what: 'a 202 reply with an unknown body counts as an accepted email',
    edits: [
      {
        file: 'server/email/mailer.ts',
        find: '(messageId !== null || emptyReplySchema.safeParse(response).success)',
        replace: '(messageId !== null || emptyReplySchema !== undefined)',
      },
    ],
    caughtBy: { ...mailer, testNamePattern: 'in time, and shows neither key nor address', witness: '202 in HTML' },
  },
  {
    id: 'answer-of-another-refund',
    what: 'a reply of Paystack about another refund is accepted',
    edits: [
      {
        file: 'server/paystack/calls/bank-calls.ts',
        find: 'if (refund.gatewayRefundId === gatewayRefundId) return refund;',
        replace: 'if (refund.gatewayRefundId !== null) return refund;',
      },
    ],
    caughtBy: { ...gateway, testNamePattern: 'a refund is accepted only with the requested id' },
  },
  {
    id: 'refund-of-another-charge',
    what: 'a refund of another charge at Paystack is taken for ours',
    edits: [
      {
        file: 'server/paystack/calls/refund-calls.ts',
        find: 'if (reference === null || reference === chargeReference) return',
        replace: 'if (reference === null || reference !== null) return',
      },
    ],
    caughtBy: { ...gateway, testNamePattern: 'a refund is accepted only with the requested id' },
  },
  {
    id: 'email-of-another-sender',
    what: 'a sender sends emails that another claimed after its read',
    edits: [
      {
        file: 'models/messaging/email-outbox.ts',
        find: 'if (modifiedCount === due.length)',
        replace: 'if (modifiedCount <= due.length)',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/email-claims.test.ts',
      testNamePattern: 'six concurrent senders claim each email once',
    },
  },
  {
    id: 'answer-of-another-asker',
    what: 'every key of a batch lookup gets the first order of the batch',
    edits: [
      {
        file: 'models/order/queries/find-order.ts',
        find: 'orders.get(String(id)) ?? null',
        replace: '[...orders.values()][0] ?? orders.get(String(id)) ?? null',
      },
    ],
    caughtBy: tenSenders,
  },
  {
    id: 'initialize-unclaimed',
    what: 'concurrent checkouts with one key each call Paystack',
    edits: [
      {
        file: 'models/checkout/payment-attempt.ts',
        find: "if (changed) return { step: 'call', order, attempt };",
        replace: "if (changed || isClaimed(attempt, claimant.clock())) return { step: 'call', order, attempt };",
      },
    ],
    caughtBy: { ...repeats, testNamePattern: 'one checkoutKey twenty times at once makes one order with one page' },
  },
  {
    id: 'everybody-asks',
    what: 'concurrent returns from Paystack each verify the payment',
    edits: [
      {
        file: 'jobs/payments/verify-payment.ts',
        find: ': ctx.verifications.get(reference, call);',
        replace: ': call();',
      },
    ],
    caughtBy: { ...repeats, testNamePattern: 'a hundred concurrent returns from Paystack verify once' },
  },
  {
    id: 'no-answer-is-a-no',
    what: 'an order expires although its verification got no reply',
    edits: [
      {
        file: 'jobs/verify-pending.ts',
        find: "if (expired && !answers.includes('unanswered'))",
        replace: 'if (expired)',
      },
    ],
    caughtBy: { ...sweep, testNamePattern: 'an order does not expire while Paystack gives no answer' },
  },
  {
    id: 'expired-unasked',
    what: 'an order expires without a last verification at Paystack',
    edits: [
      {
        file: 'jobs/verify-pending.ts',
        find: "status !== 'failed' && (expired || remind || reference === order.txRef)",
        replace: "status !== 'failed' && !expired && reference === order.txRef",
      },
    ],
    caughtBy: { ...sweep, testNamePattern: 'an order is verified before it expires' },
  },
  {
    id: 'inbox-unswept',
    what: 'events that were stored but not applied are never retried',
    edits: [
      {
        file: 'jobs/sweep.ts',
        find: "  await step('webhooks', () => applyWaitingWebhooks(ctx, lowerAgeMs));\n",
        replace: '',
      },
    ],
    caughtBy: { ...sweep, testNamePattern: 'an event that was stored and not applied is applied by the sweep' },
  },
  {
    id: 'poison-tried-hot',
    what: 'a failed settlement is retried without back-off',
    edits: [
      {
        file: 'models/order/stuck/own-failures.ts',
        find: 'retryAt: afterBackOff(SETTLEMENT_BACK_OFF, attempts, at) };',
        replace: 'retryAt: afterBackOff(SETTLEMENT_BACK_OFF, -40, at) };',
      },
    ],
    caughtBy: { ...settlement, testNamePattern: 'one order that cannot be settled among 100' },
  },
  {
    id: 'poison-holds-others-up',
    what: 'a failed batch is retried at its full size',
    edits: [
      {
        file: 'models/settlement/batch-failure.ts',
        find: "return limit > 1 ? halved : { kind: 'own_failure', order: first };",
        replace:
          "if (limit === 1) return { kind: 'own_failure', order: first };\n" +
          "  return strikes > 2 ? { kind: 'stopped' } : { kind: 'retried', pace: { ...pace, strikes: strikes + 1 }, pauseFirst: false };",
      },
    ],
    caughtBy: { ...settlement, testNamePattern: 'one order that cannot be settled among 100' },
  },
  {
    id: 'no-look-back',
    what: 'reconciliation misses charges that started before the last run',
    edits: [
      {
        file: 'jobs/reconcile/charges-pass.ts',
        find: '(last ?? now).getTime() - LOOK_BACK_MS',
        replace: '(last ?? now).getTime()',
      },
    ],
    caughtBy: { ...reconcile, testNamePattern: 'a charge without a webhook is found and settled' },
  },
  {
    id: 'first-page-only',
    what: 'reconciliation reads only the first page of Paystack’s list',
    edits: [
      { file: 'jobs/reconcile/run-pass.ts', find: '    page = answer.nextPage;\n', replace: '    page = null;\n' },
    ],
    caughtBy: { ...reconcile, testNamePattern: 'every page of the list is read' },
  },
  {
    id: 'dispute-ignored',
    what: 'an order is shipped while a dispute is open',
    edits: [
      {
        file: 'models/fulfilment/create-shipment.ts',
        find: "  assertNoOpenDispute(order, 'answer it first');\n",
        replace: '',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/disputes.test.ts',
      testNamePattern: 'an open dispute blocks shipping, refunding and cancelling',
    },
  },
  {
    id: 'shipped-while-refunding',
    what: 'an order is shipped while its full refund is in progress',
    edits: [
      {
        file: 'models/fulfilment/create-shipment.ts',
        find: '  assertNotFullyRefunding(order);\n',
        replace: '',
      },
    ],
    caughtBy: {
      project: 'trouble',
      file: 'tests/trouble/lost-races.test.ts',
      testNamePattern: 'an order is not shipped after its full refund was requested',
    },
  },
  {
    id: 'refund-sent-twice-by-itself',
    what: 'a refund request without a reply is sent again at once',
    edits: [
      {
        file: 'server/paystack/calls/refund-calls.ts',
        find: 'await once((ms) => transport.createRefund(body, ms), deadlineMs)',
        replace: 'await repeatable((ms) => transport.createRefund(body, ms), deadlineMs)',
      },
    ],
    caughtBy: { ...gateway, testNamePattern: 'is sent once, whatever happens' },
  },
  {
    id: 'generic-call-without-deadline',
    what: 'a call by fetch to a hanging Paystack has no timeout',
    edits: [
      {
        file: 'server/paystack/calls/bounded-call.ts',
        find: 'setTimeout(() => deadline.abort(), Math.max(0, deadlineMs))',
        replace: 'setTimeout(() => deadline.abort(), 60 * deadlineMs)',
      },
    ],
    caughtBy: { ...gateway, testNamePattern: 'at its deadline a call by fetch lets go as well' },
  },
  {
    id: 'generic-call-follows-redirects',
    what: 'a call by fetch follows a redirect',
    edits: [
      { file: 'server/paystack/calls/bounded-call.ts', find: "redirect: 'manual'", replace: "redirect: 'follow'" },
    ],
    caughtBy: { ...gateway, testNamePattern: 'a redirect is not followed by fetch' },
  },
  {
    id: 'no-deadline',
    what: 'a call to a hanging Paystack has no timeout',
    edits: [
      {
        file: 'server/paystack/transport.ts',
        find: '    }, deadlineMs);\n    const reply',
        replace: '    }, deadlineMs * 20);\n    const reply',
      },
    ],
    caughtBy: { ...gateway, testNamePattern: 'retries and waits included, a call ends by its deadline' },
  },
];
