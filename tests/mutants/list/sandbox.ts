/** The sandbox answers as Paystack does, because tests of everything else believe it. */
import type { Mutant } from '../mutant.ts';

const API = { project: 'component', file: 'tests/component/paystack-sandbox-api.test.ts' } as const;
const PUBLISHED = { project: 'contract', file: 'tests/contract/published-replies.test.ts' } as const;
const SRC = 'dev/paystack-sandbox/src';

const DISPUTES = { project: 'component', file: 'tests/component/paystack-sandbox-disputes.test.ts' } as const;
const SETTLEMENTS = { project: 'component', file: 'tests/component/paystack-sandbox-settlements.test.ts' } as const;

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
        find: '      due.clockMoved();\n',
        replace: '',
      },
    ],
    caughtBy: { ...API, testNamePattern: 'takes refunds along, each state in its turn' },
  },
  {
    id: 'sandbox-key-welcome',
    what: 'the host of uploaded files accepts a request with the secret key',
    edits: [
      {
        file: `${SRC}/uploads/object-store.ts`,
        find: 'if (authorized) return storeError(',
        replace: "if (authorized && fileName === '') return storeError(",
      },
    ],
    caughtBy: { ...DISPUTES, testNamePattern: 'is refused with an Authorization header' },
  },
  {
    id: 'sandbox-file-unsent',
    what: 'the sandbox takes an answer with a file that nobody has uploaded',
    edits: [
      {
        file: `${SRC}/ledger/dispute-answers.ts`,
        find: '  if (file?.uploaded) return;',
        replace: "  if (file !== undefined || fileName !== '') return;",
      },
    ],
    caughtBy: { ...DISPUTES, testNamePattern: 'needs all that Paystack requires' },
  },
  {
    id: 'sandbox-deadline-forgotten',
    what: 'a dispute at the sandbox stays open after its deadline',
    edits: [
      {
        file: `${SRC}/simulator/dispute-simulator.ts`,
        find: "      this.resolve(dispute.id, 'auto-accepted', { by: 'paystack', at });\n",
        replace: "      if (at.getTime() < 0) this.resolve(dispute.id, 'auto-accepted', { by: 'paystack', at });\n",
      },
    ],
    caughtBy: { ...DISPUTES, testNamePattern: 'a dispute without an answer is accepted at its deadline' },
  },
  {
    id: 'sandbox-answered-twice',
    what: 'a dispute at the sandbox is answered again after its end',
    edits: [
      {
        file: `${SRC}/ledger/dispute-answers.ts`,
        find: '  if (awaitsAnswer(dispute)) return;',
        replace: '  if (awaitsAnswer(dispute) || dispute.resolution !== null) return;',
      },
    ],
    caughtBy: { ...DISPUTES, testNamePattern: 'that accepts a part ends the dispute' },
  },
  {
    id: 'sandbox-decline-announced',
    what: 'a declined dispute at the sandbox ends before the bank has decided',
    edits: [
      {
        file: `${SRC}/simulator/dispute-simulator.ts`,
        find: "} else if (this.options.switches().declineAnnounced === 'at-once') {",
        replace: '} else if (this.options.switches().declineAnnounced !== null) {',
      },
    ],
    caughtBy: { ...DISPUTES, testNamePattern: 'that declines a fraud claim' },
  },
  {
    id: 'sandbox-deducted-twice',
    what: 'each settlement of the sandbox deducts all refunds anew',
    edits: [
      {
        file: `${SRC}/ledger/settlements.ts`,
        find: 'sumOf(settled.map(({ deductions }) => deductions ?? 0))',
        replace: 'sumOf(settled.map(() => 0))',
      },
    ],
    caughtBy: { ...SETTLEMENTS, testNamePattern: 'are deducted once' },
  },
  {
    id: 'sandbox-weekend-payout',
    what: 'the sandbox settles on Saturdays and Sundays too',
    edits: [
      {
        file: `${SRC}/ledger/settlements.ts`,
        find: '  return day !== 0 && day !== 6;',
        replace: '  return day !== 7;',
      },
    ],
    caughtBy: { ...SETTLEMENTS, testNamePattern: 'is made in the night of each business day' },
  },
  {
    id: 'sandbox-settled-twice',
    what: 'the sandbox pays a charge out in each settlement',
    edits: [
      {
        file: `${SRC}/ledger/settlements.ts`,
        find: '  for (const charge of settled) charge.settlementId = settlement.id;',
        replace: '  for (const charge of settled) charge.settlementId ??= null;',
      },
    ],
    caughtBy: { ...SETTLEMENTS, testNamePattern: 'is made in the night of each business day' },
  },
];
