/** History, the emails that it owes, the hashes of an order, and previews of staff actions. */
import type { Mutant } from '../mutant.ts';

const emailOfType = { project: 'unit', file: 'tests/unit/email-of-type.test.ts' };
const previews = { project: 'component', file: 'tests/component/staff-previews.test.ts' };
const findings = { project: 'component', file: 'tests/component/audit-findings.test.ts' };
const limits = { project: 'component', file: 'tests/component/history-limits.test.ts' };

export const STAFF_ACTION_MUTANTS: readonly Mutant[] = [
  {
    id: 'email-of-type-dropped',
    what: 'money returned outside Paystack owes no email',
    edits: [
      {
        file: 'models/messaging/email-of-type.ts',
        find: "  refund_paid_elsewhere: 'refund_done',",
        replace: '  refund_paid_elsewhere: null,',
      },
    ],
    caughtBy: { ...emailOfType, testNamePattern: 'owes the email of its row' },
  },
  {
    id: 'extra-email-unfound',
    what: 'the audit accepts an email that no entry owes',
    edits: [
      {
        file: 'models/audit/emails.ts',
        find: '  if (EMAIL_OF_TYPE[entry.type] !== kind) return',
        replace: '  if (kind === undefined) return',
      },
    ],
    caughtBy: { ...emailOfType, testNamePattern: 'without its email, or with one more, is found by the audit' },
  },
  {
    id: 'email-data-unchecked',
    what: 'the audit accepts an email of another amount',
    edits: [
      {
        file: 'models/audit/emails.ts',
        find: 'if (!isDeepStrictEqual({ ...data }, { ...emailDataOf(entry) }))',
        replace: 'if (!isDeepStrictEqual(Object.keys(data).sort(), Object.keys(emailDataOf(entry)).sort()))',
      },
    ],
    caughtBy: { ...emailOfType, testNamePattern: 'with an email of another amount or refund is found by the audit' },
  },
  {
    id: 'refund-cause-swapped',
    what: 'a late payment is refunded as a duplicate',
    edits: [
      {
        file: 'models/payment/evaluate-charge.ts',
        find: "const cause = late ? 'late_payment' : 'duplicate_payment';",
        replace: "const cause = late ? 'duplicate_payment' : 'late_payment';",
      },
    ],
    caughtBy: {
      project: 'trouble',
      file: 'tests/trouble/lost-races.test.ts',
      testNamePattern: 'a charge that finds its order cancelled meanwhile goes back instead of paying it',
    },
  },
  {
    id: 'history-never-full',
    what: 'staff can fill a history until no money can move',
    edits: [
      {
        file: 'models/order/guards.ts',
        find: 'if (order.history.length >= MAX_REPEATED_HISTORY)',
        replace: 'if (order.history.length > 2 * MAX_REPEATED_HISTORY)',
      },
    ],
    caughtBy: { ...limits, testNamePattern: 'an email is not sent again once the history is nearly full' },
  },
  {
    id: 'history-type-open',
    what: 'MongoDB accepts a history entry of any type',
    edits: [
      {
        file: 'models/order/order-validator.ts',
        find: '            type: { enum: [...HISTORY_TYPES] },\n',
        replace: '',
      },
    ],
    caughtBy: { ...limits, testNamePattern: 'MongoDB refuses an entry of an unknown type or actor' },
  },
  {
    id: 'money-hash-without-items',
    what: 'the hash of the money leaves the items out',
    edits: [
      {
        file: 'models/order/snapshot/order-hashes.ts',
        find: 'return hashOf({ items, currency,',
        replace: 'return hashOf({ items: items.length, currency,',
      },
    ],
    caughtBy: { ...findings, testNamePattern: 'a snapshot that was changed' },
  },
  {
    id: 'money-hash-without-delivery',
    what: 'the hash of the money leaves the way of delivery out',
    edits: [
      {
        file: 'models/order/snapshot/order-hashes.ts',
        find: 'subtotal, shippingFee, delivery, total });',
        replace: 'subtotal, shippingFee, total });',
      },
    ],
    caughtBy: { ...findings, testNamePattern: 'a way of delivery' },
  },
  {
    id: 'person-hash-without-address',
    what: 'the hash of the person leaves the address out',
    edits: [
      {
        file: 'models/order/snapshot/order-hashes.ts',
        find: 'return hashOf({ contactSnapshot, shippingAddressSnapshot });',
        replace: 'return hashOf({ contactSnapshot, lines: Object.keys(shippingAddressSnapshot).length });',
      },
    ],
    caughtBy: { ...findings, testNamePattern: 'an address' },
  },
  {
    id: 'preview-writes',
    what: 'a preview makes the change that it shows',
    edits: [
      {
        file: 'server/trpc/staff-requests.ts',
        find: "import { getCommittedOrder } from '../../models/order/queries/find-order.ts';",
        replace:
          "import { getCommittedOrder } from '../../models/order/queries/find-order.ts';\nimport { changeOrder } from '../../models/order/change-order.ts';",
      },
      {
        file: 'server/trpc/staff-requests.ts',
        find: '  return previewOf(order, decide, await previewContext(app, now));',
        replace:
          '  const shown = previewOf(order, decide, await previewContext(app, now));\n  await changeOrder(app.db, order._id, decide, now).catch(() => undefined);\n  return shown;',
      },
    ],
    caughtBy: { ...previews, testNamePattern: 'is previewed without any write, allowed or not' },
  },
  {
    id: 'preview-without-delivery',
    what: 'the preview of a refund leaves out the delivery fee',
    edits: [
      {
        file: 'server/trpc/routers/admin-previews.ts',
        find: 'toRefundRequest(input, {',
        replace: 'toRefundRequest({ ...input, delivery: false }, {',
      },
    ],
    caughtBy: { ...previews, testNamePattern: 'leaves in the database is what its preview said' },
  },
  {
    id: 'preview-without-returned-units',
    what: 'a preview leaves out the units that a refund puts into stock',
    edits: [
      {
        file: 'models/staff-actions/preview.ts',
        find: '  return stock.map(',
        replace: "  return stock.filter(({ as }) => as !== 'return').map(",
      },
    ],
    caughtBy: { ...previews, testNamePattern: 'leaves in the database is what its preview said' },
  },
  {
    id: 'expect-ignored',
    what: 'an action takes place although its preview is outdated',
    edits: [
      {
        file: 'models/staff-actions/preview.ts',
        find: 'if (preview.digest !== expected.digest)',
        replace: 'if (preview.digest.length !== expected.digest.length)',
      },
    ],
    caughtBy: { ...previews, testNamePattern: 'with a digest of other effects changes nothing' },
  },
  {
    id: 'second-act-unseen',
    what: 'an action that was done before passes for its preview',
    edits: [
      {
        file: 'models/staff-actions/preview.ts',
        find: 'const decision = tryDecide(order, decide);\n    const preview',
        replace:
          "const decision = tryDecide(order, decide);\n    if ('why' in decision && decision.error === null) return null;\n    const preview",
      },
    ],
    caughtBy: { ...previews, testNamePattern: 'the second is refused with the new one' },
  },
  {
    id: 'action-allowed-unguarded',
    what: 'the view lists refused actions as allowed',
    edits: [
      {
        file: 'models/staff-actions/order-actions.ts',
        find: 'return { allowed: why === null, why };',
        replace: 'return { allowed: true, why: null };',
      },
    ],
    caughtBy: {
      project: 'property',
      file: 'tests/property/order-actions.test.ts',
      testNamePattern: 'an action is allowed exactly when it changes the order',
    },
  },
];
