/** The sandbox answers as Paystack does, because tests of everything else believe it. */
import type { Mutant } from '../mutant.ts';

const API = { project: 'component', file: 'tests/component/paystack-sandbox-api.test.ts' } as const;
const PUBLISHED = { project: 'contract', file: 'tests/contract/published-replies.test.ts' } as const;
const SRC = 'dev/paystack-sandbox/src';

export const SANDBOX_MUTANTS: readonly Mutant[] = [
  {
    id: 'sandbox-unlabelled-body',
    what: 'the sandbox reads JSON only where the content type says so',
    edits: [
      {
        file: `${SRC}/api/read-body.ts`,
        find: "  if (!isJson && !text.startsWith('{')) return readForm(text);",
        replace: '  if (!isJson) return readForm(text);',
      },
    ],
    caughtBy: { ...API, testNamePattern: 'JSON without a content type' },
  },
  {
    id: 'sandbox-filter-ignored',
    what: 'the sandbox lists the transactions of every customer',
    edits: [
      {
        file: `${SRC}/api/transaction-filters.ts`,
        find: '  return customer === String(id) || customer === code;',
        replace: '  return customer === String(id) || customer === code || customer !== undefined;',
      },
    ],
    caughtBy: { ...API, testNamePattern: 'is filtered by status, amount, channel, customer' },
  },
  {
    id: 'sandbox-uncaptured-totals',
    what: 'the totals of the sandbox count what nobody has paid',
    edits: [
      {
        file: `${SRC}/api/transaction-reports.ts`,
        find: 'matching(call).filter(isCaptured);',
        replace: 'matching(call).filter((one) => isCaptured(one) || one.amount > 0);',
      },
    ],
    caughtBy: { ...API, testNamePattern: 'totals are those of the captured charges' },
  },
  {
    id: 'sandbox-incomplete-account',
    what: 'the sandbox refunds to an account of which the bank is missing',
    edits: [
      {
        file: `${SRC}/ledger/refunds.ts`,
        find: "for (const name of ['currency', 'account_number', 'bank_id']) {",
        replace: "for (const name of ['currency', 'account_number']) {",
      },
    ],
    caughtBy: { ...PUBLISHED, testNamePattern: 'that need attention go on with complete details' },
  },
  {
    id: 'sandbox-silent-note',
    what: 'a refund of the sandbox without a note has none',
    edits: [
      {
        file: `${SRC}/views/refund-view.ts`,
        find: 'customer_note: refund.customerNote ??',
        replace: 'customer_note: refund.customerNote &&',
      },
    ],
    caughtBy: { ...PUBLISHED, testNamePattern: 'have a note that Paystack writes where none was sent' },
  },
  {
    id: 'sandbox-clock-alone',
    what: 'moving the clock of the sandbox leaves refunds where they are',
    edits: [
      {
        file: `${SRC}/control/controls.ts`,
        find: '      simulator.clockMoved();\n',
        replace: '',
      },
    ],
    caughtBy: { ...API, testNamePattern: 'takes refunds along, each state in its turn' },
  },
];
