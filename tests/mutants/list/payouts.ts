/** Reconcile's passes and payouts: nothing is called proved that the charges do not show, and no list is trusted alone. */
import type { Mutant } from '../mutant.ts';

const PAYOUTS = { project: 'component', file: 'tests/component/payouts.test.ts' } as const;
const RULES = { project: 'unit', file: 'tests/unit/payouts.test.ts' } as const;
const LOST = { project: 'trouble', file: 'tests/trouble/lost-returns.test.ts' } as const;
const CHARGES = { project: 'trouble', file: 'tests/trouble/reconcile.test.ts' } as const;

export const PAYOUT_MUTANTS: readonly Mutant[] = [
  {
    id: 'payout-proved-without-a-row',
    what: 'a payout is proved although a row of it is missing',
    edits: [
      {
        file: 'models/payout/compare-payout.ts',
        find: "...(total === null ? [] : differ('rows', total, sums.rows)),",
        replace: '',
      },
    ],
    caughtBy: { ...RULES, testNamePattern: 'a row of nothing is missing' },
  },
  {
    id: 'payout-of-unknown-rows-proved',
    what: 'a payout of an unknown number of charges is proved',
    edits: [
      {
        file: 'models/payout/compare-payout.ts',
        find: 'total === null ? [{ kind',
        replace: 'total === undefined ? [{ kind',
      },
    ],
    caughtBy: { ...RULES, testNamePattern: 'nobody says how many rows there are' },
  },
  {
    id: 'payout-net-unchecked',
    what: 'what reached the bank is not compared',
    edits: [
      {
        file: 'models/payout/compare-payout.ts',
        find: "    ...differ('net', gross - fees - deductions, net),\n",
        replace: '',
      },
    ],
    caughtBy: { ...RULES, testNamePattern: 'less reached the bank' },
  },
  {
    id: 'payout-read-once',
    what: 'a payout that differs is never read again',
    edits: [
      {
        file: 'models/payout/store-payout.ts',
        find: "known.state !== 'proved' ||",
        replace: "known.state === 'reading' ||",
      },
    ],
    caughtBy: { ...PAYOUTS, testNamePattern: 'is proved once they do' },
  },
  {
    id: 'paused-reader-stores',
    what: 'a worker that was paused stores charges into a newer reading of a payout',
    edits: [
      {
        file: 'models/payout/store-payout.ts',
        find: '      { _id: payoutId, readingBy },\n',
        replace: '      { _id: payoutId },\n',
      },
    ],
    caughtBy: { ...PAYOUTS, testNamePattern: 'a worker that was paused' },
  },
  {
    id: 'paused-reader-closes',
    what: 'a paused worker compares a payout in the midst of a newer reading',
    edits: [
      {
        file: 'models/payout/store-payout.ts',
        find: 'findOne({ _id: payoutId, readingBy }, { session })',
        replace: 'findOne({ _id: payoutId }, { session })',
      },
    ],
    caughtBy: { ...PAYOUTS, testNamePattern: 'a worker that was paused' },
  },
  {
    id: 'proved-payout-unaudited',
    what: 'the audit believes that a payout is proved',
    edits: [
      {
        file: 'models/audit/payouts/payouts.ts',
        find: "{ state: 'proved' }",
        replace: "{ state: 'audited' as never }",
      },
    ],
    caughtBy: { ...PAYOUTS, testNamePattern: 'the audit finds' },
  },
  {
    id: 'unpaid-flagged-early',
    what: 'a charge is flagged before three business days have passed',
    edits: [
      { file: 'models/shop-time.ts', find: 'if (weekday !== 0 && weekday !== 6) left -= 1;', replace: 'left -= 1;' },
    ],
    caughtBy: { ...RULES, testNamePattern: 'three business days ago' },
  },
  {
    id: 'unpaid-for-ever',
    what: 'a charge stays flagged although a payout has it',
    edits: [{ file: 'models/payout/flag-unpaid.ts', find: 'await unflagSettled(db);', replace: '[] as HeldCharge[];' }],
    caughtBy: { ...PAYOUTS, testNamePattern: 'is flagged once, until one does' },
  },
  {
    id: 'returned-charge-flagged',
    what: 'a charge that has gone back is missed in payouts',
    edits: [
      {
        file: 'models/payout/flag-unpaid.ts',
        find: 'returnedMoney(order, attempt).held : 0',
        replace: 'returnedMoney(order, attempt).captured : 0',
      },
    ],
    caughtBy: { ...RULES, testNamePattern: 'is expected in none when all of it has gone back' },
  },
  {
    id: 'old-charge-not-awaited',
    what: 'the money of an old order that no payout holds is not counted',
    edits: [
      {
        file: 'models/payout/flag-unpaid.ts',
        find: '  for (const charge of stillFlagged) if (String(charge.orderId) < String(first)) addTo(awaited, charge);\n',
        replace: '',
      },
    ],
    caughtBy: { ...PAYOUTS, testNamePattern: 'money that is captured and in no payout yet' },
  },
  {
    id: 'paid-out-still-awaited',
    what: 'money that has reached the bank counts as not paid out',
    edits: [
      {
        file: 'models/payout/flag-unpaid.ts',
        find: 'return charges.filter(({ _id }) => !paid.has(_id));',
        replace: 'return charges.filter(() => paid.size >= 0);',
      },
    ],
    caughtBy: { ...PAYOUTS, testNamePattern: 'money that is captured and in no payout yet' },
  },
  {
    id: 'csv-formula',
    what: 'a cell of a CSV is a formula',
    edits: [{ file: 'models/contract/typed/csv.ts', find: 'FORMULA.test(text) ||', replace: 'FORMULA.test("") ||' }],
    caughtBy: { ...PAYOUTS, testNamePattern: 'its formula is no formula in the CSV' },
  },
  {
    id: 'csv-for-all-staff',
    what: 'every member of staff downloads payouts',
    edits: [
      {
        file: 'server/rest/payouts.ts',
        find: "assertStaffCall(contextOf(req), 'viewPayouts')",
        replace: "assertStaffCall(contextOf(req), 'viewOrders')",
      },
    ],
    caughtBy: { ...PAYOUTS, testNamePattern: 'only managers and owners see payouts' },
  },
  {
    id: 'balance-waits-six-hours',
    what: 'a payout does not bring forward the refunds that wait for the balance',
    edits: [{ file: 'jobs/reconcile/payouts-pass.ts', find: '  if (isNews) await hurryRefunds(ctx);\n', replace: '' }],
    caughtBy: { ...PAYOUTS, testNamePattern: 'is tried again after the next payout' },
  },
  {
    id: 'unread-row-forgotten',
    what: 'the checkpoint moves past a row that could not be read',
    edits: [{ file: 'models/reconcile/unread-rows.ts', find: 'moves: left.length === 0', replace: 'moves: true' }],
    caughtBy: { ...RULES, testNamePattern: 'keeps the checkpoint for seven passes' },
  },
  {
    id: 'set-aside-without-end',
    what: 'any number of rows is set aside',
    edits: [
      {
        file: 'models/reconcile/unread-rows.ts',
        find: 'passes >= MAX_UNREAD_PASSES && !isFull',
        replace: 'passes >= MAX_UNREAD_PASSES',
      },
    ],
    caughtBy: { ...RULES, testNamePattern: 'a hundred are set aside already' },
  },
  {
    id: 'set-aside-untried',
    what: 'a row that was set aside is never tried again',
    edits: [
      {
        file: 'jobs/reconcile/run-pass.ts',
        find: 'before.setAside.filter((row) => !rows.hasSeen(row.id))',
        replace: 'before.setAside.filter((row) => rows.hasSeen(row.id))',
      },
    ],
    caughtBy: { ...CHARGES, testNamePattern: 'is set aside at the eighth pass' },
  },
  {
    id: 'disputes-unlisted',
    what: 'a dispute without a webhook is never found',
    edits: [
      {
        file: 'jobs/reconcile/disputes-pass.ts',
        find: "return isKnown(found.order, listed) ? 'known' : read",
        replace: "return found !== null ? 'known' : read",
      },
    ],
    caughtBy: { ...LOST, testNamePattern: 'is known within the hour, and its end too' },
  },
  {
    id: 'reopened-dispute-known',
    what: 'a dispute that was opened again counts as known',
    edits: [
      {
        file: 'jobs/reconcile/disputes-pass.ts',
        find: 'return known.state === toDisputeState(listed) && listed.updatedAt <= known.gatewayUpdatedAt;',
        replace: 'return true;',
      },
    ],
    caughtBy: { ...LOST, testNamePattern: 'is known within the hour, and its end too' },
  },
  {
    id: 'dashboard-refund-unlisted',
    what: 'a refund made at the dashboard without a webhook is never found',
    edits: [
      {
        file: 'jobs/reconcile/refunds-pass.ts',
        find: '!isEffective(refund) || isRecorded(found.order, refund)',
        replace: 'found.order !== null',
      },
    ],
    caughtBy: { ...LOST, testNamePattern: 'a refund made at the dashboard' },
  },
  {
    id: 'reversed-unlisted',
    what: 'reversals are not listed',
    edits: [{ file: 'jobs/reconcile/charges-pass.ts', find: "['success', 'reversed']", replace: "['success']" }],
    caughtBy: { ...LOST, testNamePattern: 'a reversal that nothing explains' },
  },
  {
    id: 'daily-by-status',
    what: 'the daily pass lists successful charges alone',
    edits: [{ file: 'jobs/reconcile/charges-pass.ts', find: "['any']", replace: "['success']" }],
    caughtBy: { ...LOST, testNamePattern: 'a charge in none of the lists by status' },
  },
  {
    id: 'one-list-for-all',
    what: 'a list that fails ends the other passes',
    edits: [
      {
        file: 'jobs/reconcile/reconcile.ts',
        find: "passes[name].ended === 'no_answers' ||",
        replace: "passes[name].ended === 'no_list' ||",
      },
    ],
    caughtBy: { ...LOST, testNamePattern: 'a list that fails keeps its own checkpoint back' },
  },
];
