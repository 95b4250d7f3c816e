/** Money: wrong amounts, charges accepted by mistake, wrong refunds, changes without history. */
import type { Mutant } from '../mutant.ts';

const review = { project: 'component', file: 'tests/component/money-in-review.test.ts' };
const refunds = { project: 'component', file: 'tests/component/refunds.test.ts' };
const orderWrite = { project: 'unit', file: 'tests/unit/order-write.test.ts' };
const back = { project: 'trouble', file: 'tests/trouble/money-that-cannot-buy.test.ts' };

export const MONEY_MUTANTS: readonly Mutant[] = [
  {
    id: 'currency-unchecked',
    what: 'a charge in any currency pays the order',
    edits: [
      {
        file: 'models/payment/evaluate-charge.ts',
        find: "  if (report.currency !== order.currency) return 'other_currency';\n",
        replace: '',
      },
    ],
    caughtBy: { ...review, testNamePattern: 'another currency was captured' },
  },
  {
    id: 'test-money-accepted',
    what: 'a charge of Paystack’s other domain pays the order',
    edits: [
      {
        file: 'models/payment/evaluate-charge.ts',
        find: "  if (report.domain !== domain) return 'other_domain';\n",
        replace: '',
      },
    ],
    caughtBy: { ...review, testNamePattern: 'the charge is of the other domain' },
  },
  {
    id: 'amount-compared-backwards',
    what: 'an overpaid charge needs review, an underpaid one is accepted',
    edits: [
      {
        file: 'models/payment/evaluate-charge.ts',
        find: 'report.amount < order.total',
        replace: 'report.amount > order.total',
      },
    ],
    caughtBy: { ...review, testNamePattern: 'fees that the customer bears are no disagreement' },
  },
  {
    id: 'refund-of-the-total',
    what: 'a cancellation refunds the total instead of the captured amount',
    edits: [
      {
        file: 'models/fulfilment/cancel-order.ts',
        find: 'const { left: owed } = returnedMoney(order, charge);',
        replace: 'const { left: owed } = returnedMoney(order, { ...charge, amount: order.total });',
      },
    ],
    caughtBy: { ...review, testNamePattern: 'fees that the customer bears are no disagreement' },
  },
  {
    id: 'refund-over-captured',
    what: 'staff can refund more than is left of the charge',
    edits: [{ file: 'models/refund/request-refund.ts', find: 'amount < 1 || amount > left', replace: 'amount < 1' }],
    caughtBy: {
      ...refunds,
      testNamePattern: 'partial refunds one after the other add up to the whole, and never to more',
    },
  },
  {
    id: 'refund-in-order-currency',
    what: 'a refund has the currency of the order, not of the charge',
    edits: [
      {
        file: 'jobs/process-refunds.ts',
        find: 'currency: currencyOfCharge(order, refund.reference) }',
        replace: 'currency: order.currency }',
      },
    ],
    caughtBy: {
      project: 'regression',
      file: 'tests/regression/refunds.test.ts',
      testNamePattern: 'money in another currency is refused as payment',
    },
  },
  {
    id: 'second-charge-pays',
    what: 'a duplicate payment pays the order again and is not refunded',
    edits: [
      {
        file: 'models/payment/evaluate-charge.ts',
        find: "  if (order.status === 'pending' && order.paidReference === undefined)\n",
        replace: "  if (order.status === 'pending')\n",
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/paying-again.test.ts',
      testNamePattern:
        'a failed attempt that succeeds after all still buys, and the other page, paid too, is given back',
    },
  },
  {
    id: 'late-money-kept',
    what: 'a payment of a cancelled order is not refunded',
    edits: [
      {
        file: 'models/payment/evaluate-charge.ts',
        find: 'set: { payments, refunds: withRefund(order, charged, refund) },',
        replace: 'set: { payments },',
      },
    ],
    caughtBy: { ...back, testNamePattern: 'a payment after cancellation is refunded' },
  },
  {
    id: 'cancelled-still-settles',
    what: 'a cancelled order stays in the settlement’s queue',
    edits: [
      {
        file: 'models/fulfilment/cancel-order.ts',
        find: '      settlement: { attempts: order.settlement.attempts },\n',
        replace: '',
      },
    ],
    caughtBy: { ...back, testNamePattern: 'cancelling a paid order that is not settled yet gives the money back' },
  },
  {
    id: 'money-by-float',
    what: 'entered amounts are multiplied as floating-point numbers',
    edits: [
      {
        file: 'models/money.ts',
        find: "return Number(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`);",
        replace: 'return Number(major) * 100;',
      },
    ],
    caughtBy: { project: 'unit', file: 'tests/unit/money.test.ts', testNamePattern: 'without a float in between' },
  },
  {
    id: 'times-hundred-twice',
    what: 'amounts to Paystack are multiplied by 100 twice',
    edits: [
      {
        file: 'server/paystack/service.ts',
        find: 'amount: total.amount,\n    currency: total.currency,',
        replace: 'amount: total.amount * 100,\n    currency: total.currency,',
      },
    ],
    caughtBy: {
      project: 'contract',
      file: 'tests/contract/paystack-contract.test.ts',
      testNamePattern: 'what initialize sends is the amount in subunits',
    },
  },
  {
    id: 'version-stands-still',
    what: 'an update does not increment the order’s version',
    edits: [
      {
        file: 'models/order/order-write.ts',
        find: '      $inc: { version: 1 },\n      ...(entry',
        replace: '      ...(entry',
      },
    ],
    caughtBy: { ...orderWrite, testNamePattern: 'raises it by one' },
  },
  {
    id: 'history-missing',
    what: 'changes of status and payments write no history',
    edits: [
      {
        file: 'models/order/order-write.ts',
        find: '...(entry === null ? {} : { $push: { history: entry } }),',
        replace: '',
      },
    ],
    caughtBy: { ...orderWrite, testNamePattern: 'has an entry from the old state to the new one' },
  },
  {
    id: 'any-transition',
    what: 'an order can change from any status to any other',
    edits: [
      {
        file: 'models/order/order-write.ts',
        find: "check('the order', before.status, after.status, canOrderGo(before.status, after.status));",
        replace: "check('the order', before.status, after.status, canOrderGo(before.status, after.status) || true);",
      },
    ],
    caughtBy: { ...orderWrite, testNamePattern: 'the order cannot go there' },
  },
  {
    id: 'dispute-of-nothing',
    what: 'a dispute does not record the charge that it is about',
    edits: [
      {
        file: 'jobs/payments/apply-webhook.ts',
        find: 'const isNews = findAttempt(after, charge)?.gatewayId === undefined;',
        replace: 'const isNews = false;',
      },
    ],
    caughtBy: {
      project: 'regression',
      file: 'tests/regression/disputes.test.ts',
      testNamePattern: 'records its charge',
    },
  },
  {
    id: 'half-a-subunit',
    what: 'mongod accepts an order whose total is no whole number of subunits',
    edits: [
      {
        file: 'models/order/order-validator.ts',
        find: "{ bsonType: ['int', 'long', 'double'], minimum, multipleOf: 1 }",
        replace: "{ bsonType: ['int', 'long', 'double'], minimum }",
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/database-guards.test.ts',
      testNamePattern: 'a fraction of a subunit',
    },
  },
];
