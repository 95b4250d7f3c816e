/** Settling by the batch: grouped statements, ledger rows with lines, and the fields that a batch reads. */
import type { Mutant } from '../mutant.ts';

const WRITES = 'models/settlement/settlement-writes.ts';
const grouped = { project: 'component', file: 'tests/component/grouped-takes.test.ts' };
const statements = { project: 'component', file: 'tests/component/settlement-statements.test.ts' };
const races = { project: 'trouble', file: 'tests/trouble/lost-races.test.ts' };
const groups = { project: 'property', file: 'tests/property/group-takes.test.ts' };

export const SETTLING_MUTANTS: readonly Mutant[] = [
  {
    id: 'group-without-gte',
    what: 'a group of variants gives up units that one of them does not have',
    edits: [{ file: WRITES, find: '        ...(fromStock > 0 ? { stock: { $gte: fromStock } } : {}),\n', replace: '' }],
    caughtBy: { ...grouped, testNamePattern: 'for one of a group aborts the whole take' },
  },
  {
    id: 'group-uncounted',
    what: 'a group of variants is not counted after its statement',
    edits: [
      {
        file: WRITES,
        find: "if (matchedCount !== takes.length) throw new SettlementCountError('variants', takes.length, matchedCount);",
        replace: "if (matchedCount === 0) throw new SettlementCountError('variants', takes.length, matchedCount);",
      },
    ],
    caughtBy: { ...grouped, testNamePattern: 'a variant that is missing aborts the whole take' },
  },
  {
    id: 'groups-unsorted',
    what: 'groups of variants are written from the largest id down',
    edits: [
      {
        file: 'models/settlement/group-takes.ts',
        find: 'return [...groups.values()];',
        replace: 'return [...groups.values()].reverse();',
      },
    ],
    caughtBy: { ...groups, testNamePattern: 'the groups follow the order of their smallest id' },
  },
  {
    id: 'group-mixes-reserved',
    what: 'units from stock and from a reservation share a group',
    edits: [
      {
        file: 'models/settlement/group-takes.ts',
        find: 'const key = `${fromStock} ${fromReserved}`;',
        replace: 'const key = `${fromStock + fromReserved}`;',
      },
    ],
    caughtBy: { ...groups, testNamePattern: 'the groups take the same units of the same variants' },
  },
  {
    id: 'ledger-row-doubled',
    what: 'a sale is recorded by two rows of the ledger',
    edits: [
      {
        file: WRITES,
        find: "purchases.map(({ _id, items }) => orderMovement('sale', _id, items, 'system', now)),",
        replace:
          "purchases.flatMap(({ _id, items }) => {\n      const row = orderMovement('sale', _id, items, 'system', now);\n      return [row, { ...row, _id: `${row._id}:2` }];\n    }),",
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/audit.test.ts',
      testNamePattern: 'a database written by the models alone has no violation',
    },
  },
  {
    id: 'sale-lines-unread',
    what: 'the audit accepts a sale row with other units than the order',
    edits: [
      {
        file: 'models/audit/stock.ts',
        find: '.map(({ variantId, delta }) => `${variantId} ${delta}`)',
        replace: '.map(({ variantId }) => `${variantId}`)',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/audit-findings.test.ts',
      testNamePattern: 'a sale row with other lines than the order',
    },
  },
  {
    id: 'ended-order-made-due',
    what: 'a webhook makes an order due for verification that was cancelled',
    edits: [
      {
        file: 'models/payment/verify-queue.ts',
        find: "      if (order.status !== 'pending' || order.paymentStatus !== 'unpaid') return null;\n",
        replace: '',
      },
    ],
    caughtBy: { ...races, testNamePattern: 'stays out of that queue' },
  },
  {
    id: 'reads-ahead-what-settles',
    what: 'the orders of a batch are read once more for the next one',
    edits: [
      {
        file: 'models/settlement/drain-settlements.ts',
        find: 'const except = [...failedAlone, ...orders.map(({ _id }) => _id)];',
        replace: 'const except = [...failedAlone];',
      },
    ],
    caughtBy: { ...races, testNamePattern: 'read ahead of its batch' },
  },
  {
    id: 'read-ahead-trusted',
    what: 'an order that changed after it was read ahead halves the batches',
    edits: [
      {
        file: 'models/settlement/batch-failure.ts',
        find: 'if (readAhead && error instanceof SettlementCountError) return',
        replace: 'if (!readAhead && error instanceof SettlementCountError) return',
      },
    ],
    caughtBy: { ...races, testNamePattern: 'read ahead of its batch' },
  },
  {
    id: 'batch-reads-too-little',
    what: 'a batch does not read when the refunds of its orders are due',
    edits: [{ file: 'models/settlement/settle-batch.ts', find: '  refundDueAt: 1,\n', replace: '' }],
    caughtBy: { ...statements, testNamePattern: 'derives its writes from' },
  },
  {
    id: 'variants-not-counted',
    what: 'the limit of a batch’s writes leaves out the variants',
    edits: [
      {
        file: 'models/settlement/write-limit.ts',
        find: 'return ownWrites + variants.size > MAX_WRITES;',
        replace: 'return ownWrites > MAX_WRITES;',
      },
    ],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/write-limit.test.ts',
      testNamePattern: 'counts each variant once',
    },
  },
  {
    id: 'statement-per-order',
    what: 'derived fields that stay are written, so that orders share no statement',
    edits: [
      {
        file: 'models/order/order-write.ts',
        find: 'const moved = fields.filter((field) => stored[field]?.valueOf() !== derived[field]?.valueOf());',
        replace: 'const moved = fields;',
      },
    ],
    caughtBy: { ...statements, testNamePattern: 'has a statement per number of units, per version' },
  },
];
