/** Refunds by lines: goods and money that part, keys, several refunds of one charge, waits. */
import type { Mutant } from '../mutant.ts';

const histories = {
  project: 'property',
  file: 'tests/property/refund-histories.test.ts',
  testNamePattern: 'after any history the goods are accounted for',
};
const rest = {
  project: 'unit',
  file: 'tests/unit/withdrawn-units.test.ts',
  testNamePattern: 'the rest of an order is what was neither withdrawn',
};
const lines = { project: 'component', file: 'tests/component/refund-lines.test.ts' };
const refunds = { project: 'component', file: 'tests/component/refunds.test.ts' };
const disputes = { project: 'component', file: 'tests/component/disputes.test.ts' };
const proposal = { project: 'unit', file: 'tests/unit/refund-proposal.test.ts' };

export const REFUND_MUTANTS: readonly Mutant[] = [
  {
    id: 'rest-restocked-twice',
    what: 'an order that ends restocks units that a refund has restocked before',
    edits: [
      {
        file: 'models/refund/goods/withdrawn-units.ts',
        find: 'const quantity = ordered - unshipped - shipped;',
        replace: 'const quantity = ordered - shipped;',
      },
    ],
    caughtBy: rest,
  },
  {
    id: 'shipped-units-restocked',
    what: 'an order that ends restocks units that were shipped',
    edits: [
      {
        file: 'models/refund/goods/withdrawn-units.ts',
        find: 'const quantity = ordered - unshipped - shipped;',
        replace: 'const quantity = ordered - unshipped;',
      },
    ],
    caughtBy: rest,
  },
  {
    id: 'keep-rest-ignored',
    what: 'the rest goes into stock although staff asked to keep it out',
    edits: [
      {
        file: 'models/refund/outside/end-after-return.ts',
        find: ' && !keepsRest(order)',
        replace: '',
      },
    ],
    caughtBy: { ...refunds, testNamePattern: 'of ten units are on the shelf once all is refunded' },
  },
  {
    id: 'lines-without-stock',
    what: 'the units of a refund never reach the stock',
    edits: [
      {
        file: 'models/refund/request-refund.ts',
        find: 'const stock = returnedToStock(order, refund);',
        replace: 'const stock = returnedToStock(order, { ...refund, lines: [] });',
      },
    ],
    caughtBy: histories,
  },
  {
    id: 'lines-repeated',
    what: 'a refund in place of a failed one takes the units again',
    edits: [
      {
        file: 'models/refund/request-refund.ts',
        find: '    ...(lines.length === 0 ? {} : { lines: [...lines] }),\n',
        replace:
          '    ...(lines.length === 0 && !failed?.lines ? {} : { lines: [...lines, ...(failed?.lines ?? [])] }),\n',
      },
    ],
    caughtBy: { ...lines, testNamePattern: 'a failed refund of restocked units: the goods stay withdrawn' },
  },
  {
    id: 'delivery-refunded-twice',
    what: 'the delivery fee goes back with every refund',
    edits: [
      {
        file: 'models/refund/request-refund.ts',
        find: "  if (delivery && isDeliveryRefunded(order)) throw conflict(order, 'its delivery fee went back before');\n",
        replace: '',
      },
    ],
    caughtBy: { ...lines, testNamePattern: 'units that are not there are refused in words' },
  },
  {
    id: 'more-units-than-ordered',
    what: 'a refund withdraws units that were shipped',
    edits: [
      {
        file: 'models/refund/goods/withdrawn-units.ts',
        find: 'if (line.unshipped > found.toShip)',
        replace: 'if (line.unshipped > found.ordered)',
      },
    ],
    caughtBy: histories,
  },
  {
    id: 'given-back-without-shipping',
    what: 'units come back that were never shipped',
    edits: [
      {
        file: 'models/refund/goods/withdrawn-units.ts',
        find: 'const withCustomer = found.shipped - found.givenBack;\n    if',
        replace: 'const withCustomer = found.ordered;\n    if',
      },
    ],
    caughtBy: histories,
  },
  {
    id: 'refund-key-ignored',
    what: 'the same refund pressed again is a second one',
    edits: [
      {
        file: 'models/staff-actions/keyed.ts',
        find: '    if (findRepeat(order.history, key) !== null) return null;\n',
        replace: '',
      },
    ],
    caughtBy: { ...refunds, testNamePattern: 'a refund pressed three times at once with one key is one refund' },
  },
  {
    id: 'key-without-input',
    what: 'a key used for another refund is taken for a repeat',
    edits: [
      {
        file: 'models/action-key.ts',
        find: '  if (!hasSameInput(earlier.key, key))\n',
        replace: '  if (!hasSameInput(earlier.key, key) && earlier === undefined)\n',
      },
    ],
    caughtBy: { ...refunds, testNamePattern: 'a refund pressed three times at once with one key is one refund' },
  },
  {
    id: 'adjustment-repeated',
    what: 'the same adjustment of stock twice counts twice',
    edits: [
      {
        file: 'models/catalogue/edit-catalogue.ts',
        find: '(await findAdjusted(db, adjustment)) ?? ',
        replace: '',
      },
      {
        file: 'models/catalogue/stock-movement.ts',
        find: '  return { _id: adjustMovementId(key), reason',
        replace: '  return { _id: adjustMovementId({ id: String(Math.random()) }), reason',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/admin-catalog.test.ts',
      testNamePattern: 'the same adjustment sent twice, or twenty times at once, counts once',
    },
  },
  {
    id: 'refund-sum-unbounded',
    what: 'open refunds do not count against what is left of the charge',
    edits: [
      {
        file: 'models/refund/request-refund.ts',
        find: 'if (amount < 1 || amount > left) {',
        replace: 'if (amount < 1 || amount > (charge.amount ?? 0)) {',
      },
    ],
    caughtBy: histories,
  },
  {
    id: 'refunds-sent-side-by-side',
    what: 'two refunds of a charge are sent at once',
    edits: [
      {
        file: 'models/order/money/open-refunds.ts',
        find: 'isRefundOpen(refund.state) && (!isInFlight(refund) || turns.get(refund.reference) === refund)',
        replace: 'isRefundOpen(refund.state)',
      },
    ],
    caughtBy: { ...proposal, testNamePattern: 'of those that Paystack has not accepted, the oldest is worked on' },
  },
  {
    id: 'last-unit-for-less',
    what: 'the last unit and the delivery go back for less than what is left',
    edits: [
      {
        file: 'models/refund/request-refund.ts',
        find: 'if (proposal.isAll && amount < left)',
        replace: 'if (amount > left)',
      },
    ],
    caughtBy: { ...lines, testNamePattern: 'with the last unit and the delivery, all that is left goes back' },
  },
  {
    id: 'last-unit-with-the-delivery',
    what: 'the last unit takes the delivery fee with it unasked',
    edits: [
      {
        file: 'models/contract/staff/refund-proposal.ts',
        find: 'takesUnits && leavesNoUnit && leavesNoDelivery',
        replace: 'takesUnits && leavesNoUnit',
      },
    ],
    caughtBy: { ...proposal, testNamePattern: 'every unit, the delivery kept' },
  },
  {
    id: 'nothing-left-of-the-order',
    what: 'a refund takes every unit of an order that was never shipped',
    edits: [
      { file: 'models/refund/goods/withdrawn-units.ts', find: '  assertLeavesAnOrder(order, lines);\n', replace: '' },
    ],
    caughtBy: { ...lines, testNamePattern: 'refund of the last unit with the delivery kept' },
  },
  {
    id: 'part-shipped-cancelled',
    what: 'an order of which a part was shipped is cancelled',
    edits: [
      {
        file: 'models/fulfilment/cancel-order.ts',
        find: '({ shipped }) => shipped > 0',
        replace: '({ shipped }) => shipped < 0',
      },
    ],
    caughtBy: { ...lines, testNamePattern: 'an order of which a part was shipped is not cancelled' },
  },
  {
    id: 'balance-counted',
    what: 'a refund beyond the balance at Paystack counts as refused',
    edits: [
      {
        file: 'jobs/process-refunds.ts',
        find: 'counts: false, waitMs: BALANCE_WAIT_MS',
        replace: 'counts: true, waitMs: BALANCE_WAIT_MS',
      },
    ],
    caughtBy: { ...refunds, testNamePattern: 'a refund beyond the balance at Paystack waits six hours' },
  },
  {
    id: 'balance-told-each-time',
    what: 'staff are told of the low balance at each try',
    edits: [
      {
        file: 'jobs/payments/after-change.ts',
        find: ' && before.balanceLowSince === undefined',
        replace: '',
      },
    ],
    caughtBy: { ...refunds, testNamePattern: 'a refund beyond the balance at Paystack waits six hours' },
  },
  {
    id: 'second-refund-counted',
    what: 'a refund refused while another is pending counts as refused',
    edits: [
      {
        file: 'jobs/process-refunds.ts',
        find: 'if (definite && hasOtherAtPaystack(order, refund))',
        replace: 'if (definite && hasOtherAtPaystack(order, refund) && refund.attempts < 0)',
      },
    ],
    caughtBy: { ...refunds, testNamePattern: 'a second refund that Paystack refuses while the first is pending waits' },
  },
  {
    id: 'account-of-any-refund',
    what: 'a bank account is sent for a refund that needs none',
    edits: [
      {
        file: 'models/refund/refund-account.ts',
        find: "if (state !== 'needs_attention' || gatewayRefundId === undefined)",
        replace: 'if (state.length < 0 || gatewayRefundId === undefined)',
      },
    ],
    caughtBy: { ...lines, testNamePattern: 'a refund that needs a bank account goes on once staff send one' },
  },
  {
    id: 'standing-order-offered-back',
    what: 'the email of a part refund offers the items for the cart again',
    edits: [
      {
        file: 'server/email/templates/refund-wording.ts',
        find: "return order === 'ended' && !hasShipped",
        replace: 'return !hasShipped',
      },
    ],
    caughtBy: { ...lines, testNamePattern: 'a part refund of an order that stands says what still comes' },
  },
  {
    id: 'refund-beside-unknown-dispute',
    what: 'a refund is sent without a look at the disputes of its charge',
    edits: [
      {
        file: 'jobs/payments/read-returns.ts',
        find: 'for (const id of ids) await applyDisputeReport',
        replace: 'for (const id of [] as string[]) await applyDisputeReport',
      },
    ],
    caughtBy: { ...disputes, testNamePattern: 'a refund reads the disputes of its charge before it is sent' },
  },
  {
    id: 'account-beside-dispute',
    what: 'a bank account is sent for a refund whose charge is disputed',
    edits: [
      {
        file: 'models/refund/refund-account.ts',
        find: 'if (isDisputed(order, refund.reference))',
        replace: 'if (isDisputed(order, refund.refundId))',
      },
    ],
    caughtBy: { ...lines, testNamePattern: 'no bank account is sent for a refund whose charge is disputed' },
  },
  {
    id: 'account-beside-lost-dispute',
    what: 'a bank account is sent for a refund whose money a bank has taken',
    edits: [
      {
        file: 'models/refund/refund-account.ts',
        find: 'if (leftForRefund(order, refund) < refund.amount)',
        replace: 'if (leftForRefund(order, refund) < 0)',
      },
    ],
    caughtBy: { ...lines, testNamePattern: 'no bank account is sent for a refund whose charge is disputed' },
  },
];
