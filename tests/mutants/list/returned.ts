/** Money that went back: each sum counts once, and a word of Paystack alone proves nothing. */
import type { Mutant } from '../mutant.ts';

const REVERSALS = { project: 'component', file: 'tests/component/reversals.test.ts' } as const;
const DISPUTES = { project: 'component', file: 'tests/component/disputes.test.ts' } as const;
const RETURNS = { project: 'unit', file: 'tests/unit/returned-money.test.ts' } as const;
const HISTORIES = { project: 'property', file: 'tests/property/returned-money.test.ts' } as const;

export const RETURNED_MUTANTS: readonly Mutant[] = [
  {
    id: 'reversed-believed',
    what: 'a charge that Paystack calls reversed counts as given back',
    edits: [
      {
        file: 'models/order/payment-status.ts',
        find: "  if (isAllReturned(money)) return 'refunded';",
        replace: "  if (isAllReturned(money) || charge.reversal !== undefined) return 'refunded';",
      },
    ],
    caughtBy: { ...REVERSALS, testNamePattern: 'what nothing explains is asked again after two minutes' },
  },
  {
    id: 'reversal-asked-once',
    what: 'a reversal without a reason is put before staff at the first look',
    edits: [
      {
        file: 'models/payment/reversal.ts',
        find: 'const isAgain = unexplainedAt !== undefined && now.getTime() >= unexplainedAt.getTime() + ASK_AGAIN_MS;',
        replace: 'const isAgain = true;',
      },
    ],
    caughtBy: { ...REVERSALS, testNamePattern: 'what nothing explains is asked again after two minutes' },
  },
  {
    id: 'elsewhere-explains',
    what: 'money that staff paid elsewhere explains a reversal',
    edits: [
      {
        file: 'models/payment/reversal.ts',
        find: '  const { byRefund, byDispute } = returnedMoney(order, attempt);\n  return byRefund + byDispute > 0 ||',
        replace:
          '  const { byRefund, byDispute, elsewhere } = returnedMoney(order, attempt);\n  return byRefund + byDispute + elsewhere > 0 ||',
      },
    ],
    caughtBy: { ...REVERSALS, testNamePattern: 'money that was paid elsewhere explains no reversal' },
  },
  {
    id: 'pending-settled-while-reversed',
    what: 'a pending order is settled although Paystack calls its charge reversed',
    edits: [
      {
        file: 'models/payment/evaluate-charge.ts',
        find: '  if (isReversal(report.status))\n',
        replace:
          "  if (isReversal(report.status) && order.status === 'pending')\n    return evaluateSuccess(order, attempt, reported);\n  if (isReversal(report.status))\n",
      },
    ],
    caughtBy: { ...REVERSALS, testNamePattern: 'a pending order whose charge is reversed is never settled meanwhile' },
  },
  {
    id: 'dispute-counted-twice',
    what: 'a refund that names a dispute is entered beside the dispute',
    edits: [
      {
        file: 'models/refund/listed-refunds.ts',
        find: '  return !hasFailed(report) && report.disputeId === null;',
        replace: '  return !hasFailed(report);',
      },
    ],
    caughtBy: { ...HISTORIES, testNamePattern: 'the money of a dispute that also comes as a refund counts once' },
  },
  {
    id: 'twin-uncounted',
    what: 'the second copy of a refund at Paystack does not count',
    edits: [
      {
        file: 'models/refund/listed-refunds.ts',
        find: ': refund.gatewayRefundId === gatewayRefundId,',
        replace: ': refund.gatewayRefundId === gatewayRefundId || merchantNote === noteOf(refund),',
      },
    ],
    caughtBy: { ...HISTORIES, testNamePattern: 'the twin of a part refund counts and is told' },
  },
  {
    id: 'older-dispute-wins',
    what: 'an older report about a dispute undoes a newer one',
    edits: [
      {
        file: 'models/dispute/record-dispute.ts',
        find: '  if (known !== null && isOlder(report, known)) return null;\n',
        replace: '',
      },
    ],
    caughtBy: { ...RETURNS, testNamePattern: 'the newest report of a dispute wins' },
  },
  {
    id: 'dispute-believed-from-webhook',
    what: 'a dispute that a webhook tells of is unknown until it was read',
    edits: [
      {
        file: 'jobs/payments/apply-webhook.ts',
        find: '  if (named !== null && reference !== null) await noteOpen(ctx, named, reference, dispute);\n',
        replace: '',
      },
    ],
    caughtBy: { ...DISPUTES, testNamePattern: 'while Paystack cannot answer, a dispute is open at once' },
  },
  {
    id: 'ship-under-dispute',
    what: 'an order is shipped while its dispute is open',
    edits: [
      {
        file: 'models/order/guards.ts',
        find: '  if (hasOpenDispute(order)) throw conflict(',
        replace: "  if (hasOpenDispute(order) && order.status === 'pending') throw conflict(",
      },
    ],
    caughtBy: { ...DISPUTES, testNamePattern: 'an open dispute blocks shipping, refunding and cancelling' },
  },
  {
    id: 'lost-dispute-keeps-the-order',
    what: 'an order whose whole charge a bank took stays confirmed',
    edits: [
      {
        file: 'models/dispute/record-dispute.ts',
        find: 'const ending = returned > 0 ? endAfterReturn(',
        replace: 'const ending = returned > Number.MAX_SAFE_INTEGER ? endAfterReturn(',
      },
    ],
    caughtBy: { ...DISPUTES, testNamePattern: 'a dispute that is lost is returned money' },
  },
  {
    id: 'paid-elsewhere-twice',
    what: 'a repeat of a recorded payment is recorded again',
    edits: [
      {
        file: 'models/refund/outside/record-paid-elsewhere.ts',
        find: '  if (findRepeat(order.history, key) !== null) return null;\n',
        replace: '',
      },
    ],
    caughtBy: { ...REVERSALS, testNamePattern: 'money that was paid elsewhere explains no reversal' },
  },
  {
    id: 'returned-beyond-held',
    what: 'staff may enter that more went back than Paystack holds',
    edits: [
      {
        file: 'models/payment/review/review-returned.ts',
        find: ' || returned > held) {',
        replace: ') {',
      },
    ],
    caughtBy: { ...REVERSALS, testNamePattern: 'what nothing explains is asked again after two minutes' },
  },
  {
    id: 'refund-not-reduced',
    what: 'a refund is sent whole although too little of the charge is left',
    edits: [
      {
        file: 'models/refund/mark-refund-sent.ts',
        find: "  if (left < refund.amount) return 'reduced';\n",
        replace: '',
      },
    ],
    caughtBy: { ...HISTORIES, testNamePattern: 'in random histories what is told is what was returned' },
  },
  {
    id: 'cash-promised-at-the-bank',
    what: 'money that staff paid outside Paystack is announced on the card',
    edits: [
      {
        file: 'server/email/order-email.ts',
        find: "by: isPaidElsewhere(order, data) ? 'elsewhere' : 'shop'",
        replace: "by: 'shop'",
      },
    ],
    caughtBy: { ...REVERSALS, testNamePattern: 'money that was paid elsewhere explains no reversal' },
  },
];
