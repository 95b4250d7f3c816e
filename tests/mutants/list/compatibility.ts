/** Releases side by side: orders of a higher shape, unknown kinds, keys of actions. */
import type { Mutant } from '../mutant.ts';

const newer = { project: 'trouble', file: 'tests/trouble/newer-shape.test.ts' };
const migrations = { project: 'trouble', file: 'tests/trouble/migrations.test.ts' };
const unknown = { project: 'component', file: 'tests/component/unknown-kinds.test.ts' };
const keys = { project: 'unit', file: 'tests/unit/action-key.test.ts' };

export const COMPATIBILITY_MUTANTS: readonly Mutant[] = [
  {
    id: 'newer-order-changed',
    what: 'an action changes an order of a higher shape than the process knows',
    edits: [{ file: 'models/order/change-order.ts', find: '  assertKnownShape(order);\n', replace: '' }],
    caughtBy: { ...newer, testNamePattern: 'every action of staff and customer on an order of a higher shape' },
  },
  {
    id: 'newer-order-settled',
    what: 'the settlement takes orders of a higher shape',
    edits: [{ file: 'models/settlement/settlement-queue.ts', find: '    ...KNOWN_SHAPE,\n', replace: '' }],
    caughtBy: { ...newer, testNamePattern: 'the settlement leaves a paid order of a higher shape' },
  },
  {
    id: 'newer-order-counts-failure',
    what: 'a failure is counted on an order of a higher shape',
    edits: [
      {
        file: 'models/order/stuck/own-failures.ts',
        find: 'order && hasKnownShape(order) ? count(',
        replace: 'order ? count(',
      },
    ],
    caughtBy: { ...newer, testNamePattern: 'the settlement leaves a paid order of a higher shape' },
  },
  {
    id: 'newer-order-verified',
    what: 'an order of a higher shape stands in the way of due verifications',
    edits: [{ file: 'models/payment/verify-queue.ts', find: ', ...KNOWN_SHAPE }', replace: ' }' }],
    caughtBy: { ...newer, testNamePattern: 'the queues of due work leave out orders of a higher shape' },
  },
  {
    id: 'newer-order-refunded',
    what: 'an order of a higher shape stands in the way of due refunds',
    edits: [{ file: 'models/refund/refund-queue.ts', find: ', ...KNOWN_SHAPE }', replace: ' }' }],
    caughtBy: { ...newer, testNamePattern: 'the queues of due work leave out orders of a higher shape' },
  },
  {
    id: 'newer-order-emailed',
    what: 'an email is rendered from an order of a higher shape',
    edits: [{ file: 'jobs/send-emails.ts', find: 'if (order && !hasKnownShape(order)) {', replace: 'if (false) {' }],
    caughtBy: { ...newer, testNamePattern: 'a refund and an email of an order of a higher shape wait' },
  },
  {
    id: 'newer-order-parks-webhook',
    what: 'webhooks of orders of a higher shape are parked as failures of their own',
    edits: [{ file: 'jobs/payments/apply-webhook.ts', find: ' && !(error instanceof NewerShapeError)', replace: '' }],
    caughtBy: { ...newer, testNamePattern: 'an unpaid order of a higher shape is neither verified nor expired' },
  },
  {
    id: 'newer-order-reconciled-away',
    what: 'reconcile completes although it left a charge to a newer process',
    edits: [
      {
        file: 'jobs/reconcile/charges-pass.ts',
        find: "  if (!hasKnownShape(order)) return 'left';",
        replace: "  if (!hasKnownShape(order)) return 'known';",
      },
    ],
    caughtBy: { ...newer, testNamePattern: 'keeps reconcile from completing its pass' },
  },
  {
    id: 'newer-order-audited',
    what: 'the audit applies its rules to orders of a higher shape',
    edits: [{ file: 'models/audit/scan-orders.ts', find: '.filter(({ order }) => hasKnownShape(order))', replace: '' }],
    caughtBy: { ...newer, testNamePattern: 'the audit counts orders of a higher shape' },
  },
  {
    id: 'account-email-audited-as-orders',
    what: 'the audit takes emails to accounts and staff for emails without an order',
    edits: [
      { file: 'models/messaging/outbox-id.ts', find: "END_OF_ORDER_IDS = 'g'", replace: "END_OF_ORDER_IDS = 'z'" },
    ],
    caughtBy: {
      project: 'trouble',
      file: 'tests/trouble/audit-owed-work.test.ts',
      testNamePattern: 'emails to accounts and to staff belong to no order, and are no finding',
    },
  },
  {
    id: 'reused-key-answered',
    what: 'a key with other input answers with what the first action did',
    edits: [
      {
        file: 'models/action-key.ts',
        find: 'return a !== undefined && Buffer.compare(a.input.value(), b.input.value()) === 0;',
        replace: 'return a !== undefined && b.id === a.id;',
      },
    ],
    caughtBy: { ...keys, testNamePattern: 'a repeat finds its record' },
  },
  {
    id: 'digest-by-order-of-keys',
    what: 'equal input in another order of keys has another digest',
    edits: [{ file: 'models/canonical-json.ts', find: '      .sort(([a], [b]) => (a < b ? -1 : 1))\n', replace: '' }],
    caughtBy: { ...keys, testNamePattern: 'the digest has 16 bytes' },
  },
  {
    id: 'digest-of-undefined',
    what: 'an undefined field and an absent one have different digests',
    edits: [
      {
        file: 'models/canonical-json.ts',
        find: '      .filter(([, part]) => part !== undefined)\n      .sort(([a], [b]) => (a < b ? -1 : 1))\n      .map(([key, part]) => [key, canonical(part)])',
        replace:
          '      .sort(([a], [b]) => (a < b ? -1 : 1))\n      .map(([key, part]) => [key, canonical(part ?? null)])',
      },
    ],
    caughtBy: { ...keys, testNamePattern: 'the digest has 16 bytes' },
  },
  {
    id: 'migration-lease-ignored',
    what: 'a migration runs although another process has its lease',
    edits: [
      {
        file: 'models/db/migrations/run-migrations.ts',
        find: 'const takeOurLease = () => takeLease(db, LEASE, holder, leaseMs);',
        replace: 'const takeOurLease = async () => leaseMs > 0;',
      },
    ],
    caughtBy: { ...migrations, testNamePattern: 'the lease of another process is waited for' },
  },
  {
    id: 'migration-touches-newer-order',
    what: 'a migration changes orders of a higher shape',
    edits: [
      {
        file: 'models/db/migrations/2026-11-28-touch-orders.ts',
        find: ', ...KNOWN_SHAPE }',
        replace: ' }',
      },
    ],
    caughtBy: { ...migrations, testNamePattern: 'a migration leaves orders of a higher shape alone' },
  },
  {
    id: 'start-before-migrations',
    what: 'a process starts before the migrations have finished',
    edits: [{ file: 'server/context/create-context.ts', find: '  await assertMigrationsFinished(db);\n', replace: '' }],
    caughtBy: {
      project: 'component',
      file: 'tests/component/health.test.ts',
      testNamePattern: 'a process refuses to start before the migrations have finished',
    },
  },
  {
    id: 'other-line-accepted',
    what: 'data from before 1.0.0 are read as those of this line',
    edits: [
      {
        file: 'models/db/migrations/schema-version.ts',
        find: 'stored !== null && stored.line !== RELEASE_LINE',
        replace: 'stored?.line === null',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/migrate.test.ts',
      testNamePattern: 'are refused by start and by migrate in a sentence',
    },
  },
  {
    id: 'unknown-email-claimed',
    what: 'a worker claims emails of kinds that it does not know',
    edits: [{ file: 'models/messaging/email-outbox.ts', find: ', kind: { $in: KNOWN_KINDS } };', replace: ' };' }],
    caughtBy: { ...unknown, testNamePattern: 'an email of an unknown kind is not claimed' },
  },
  {
    id: 'unknown-webhook-applied',
    what: 'the sweep applies webhooks of kinds that it does not know',
    edits: [
      {
        file: 'models/messaging/webhook-inbox.ts',
        find: 'find({ dueAt: { $lte: now }, ...IS_KNOWN }',
        replace: 'find({ dueAt: { $lte: now } }',
      },
    ],
    caughtBy: { ...unknown, testNamePattern: 'a webhook of an unknown kind stays in the inbox' },
  },
  {
    id: 'unknown-webhook-marked',
    what: 'a webhook of an unknown kind is marked as applied when it comes again',
    edits: [
      {
        file: 'models/messaging/webhook-inbox.ts',
        find: 'filter: { _id: id, ...IS_KNOWN }',
        replace: 'filter: { _id: id }',
      },
    ],
    caughtBy: { ...unknown, testNamePattern: 'a webhook of an unknown kind stays in the inbox' },
  },
];
