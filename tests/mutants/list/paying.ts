/** Faults of paying: reminders, the payment page, and bank transfers. */
import type { Mutant } from '../mutant.ts';

const channels = { project: 'component', file: 'tests/component/paystack-sandbox-channels.test.ts' } as const;
const reminder = { project: 'component', file: 'tests/component/ways-to-pay.test.ts' } as const;

export const PAYING_MUTANTS: readonly Mutant[] = [
  {
    id: 'reminded-while-paying',
    what: 'a customer is reminded while Paystack processes the payment',
    edits: [
      {
        file: 'jobs/verify-pending.ts',
        find: "if (remind && answers.every((answer) => answer === 'closed'))",
        replace: 'if (remind)',
      },
    ],
    caughtBy: { ...reminder, testNamePattern: 'waits while Paystack processes a payment' },
  },
  {
    id: 'reminded-for-ever',
    what: 'an unpaid order is reminded of with each verification',
    edits: [
      {
        file: 'models/messaging/payment-reminder.ts',
        find: " || history.some(({ type }) => type === 'payment_reminder_sent')",
        replace: '',
      },
    ],
    caughtBy: { ...reminder, testNamePattern: 'leaves once, an hour after' },
  },
  {
    id: 'reminder-sent-late',
    what: 'a reminder leaves although the order was paid meanwhile',
    edits: [
      {
        file: 'jobs/send-emails.ts',
        find: 'if (order && isReminderPast(email, order, ctx.clock.now())) {',
        replace: 'if (order === null) {',
      },
    ],
    caughtBy: { ...reminder, testNamePattern: 'is withdrawn' },
  },
  {
    id: 'transfer-unseen',
    what: 'a bank transfer that Paystack did not accept leaves no trace',
    edits: [
      {
        file: 'server/paystack/webhook-event.ts',
        find: "if (event === 'bank.transfer.rejected') {",
        replace: "if (event === 'bank.transfer.none') {",
      },
    ],
    caughtBy: { ...reminder, testNamePattern: 'is shown to the customer and to staff' },
  },
  {
    id: 'transfer-shown-twice',
    what: 'a repeated event shows the bank transfer once more',
    edits: [
      {
        file: 'models/transfer/rejected-transfer.ts',
        find: 'if (isKnown || order.history.length',
        replace: 'if (order.history.length',
      },
    ],
    caughtBy: { ...reminder, testNamePattern: 'is shown once, however often' },
  },
  {
    id: 'transfer-given-up',
    what: 'a rejected transfer is dropped when Paystack does not answer at once',
    edits: [
      {
        file: 'jobs/payments/find-reference.ts',
        find: "isGatewayError(error, 'unknown_reference')",
        replace: 'isGatewayError(error)',
      },
    ],
    caughtBy: { ...reminder, testNamePattern: 'waits in the inbox until Paystack says' },
  },
  {
    id: 'channels-ignored',
    what: 'PAYMENT_CHANNELS does not reach Paystack',
    edits: [
      {
        file: 'server/paystack/service.ts',
        find: '...(channels.length === 0 ? {} : { channels: [...channels] }),',
        replace: '...(channels.length === 0 ? {} : {}),',
      },
    ],
    caughtBy: { ...reminder, testNamePattern: 'PAYMENT_CHANNELS limits' },
  },
  {
    id: 'phone-unknown',
    what: 'a payment that waits for a phone alerts as an unknown state',
    edits: [
      {
        file: 'jobs/payments/verify-payment.ts',
        find: ", 'pay_offline'])",
        replace: '])',
      },
    ],
    caughtBy: { ...reminder, testNamePattern: 'a payment that waits for a phone' },
  },
  {
    id: 'hint-unsaid',
    what: 'no hint says that a hold is shorter than a transfer lives',
    edits: [
      {
        file: 'server/process/start.ts',
        find: 'for (const hint of startHints(config)) ctx.log.warn(hint);',
        replace: 'startHints(config);',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/stock-hold.test.ts',
      testNamePattern: 'a hold that is shorter than a bank transfer lives',
    },
  },
  {
    id: 'sandbox-takes-any-amount',
    what: 'the sandbox takes a transfer of another amount as the payment',
    edits: [
      {
        file: 'dev/paystack-sandbox/src/simulator/channel-simulator.ts',
        find: "waiting.channel === 'bank_transfer' && sent !== transaction.requestedAmount",
        replace: "waiting.channel === 'bank_transfer' && sent < 0",
      },
    ],
    caughtBy: { ...channels, testNamePattern: 'of another amount is announced' },
  },
  {
    id: 'sandbox-account-for-ever',
    what: 'the account of a transfer never expires in the sandbox',
    edits: [
      {
        file: 'dev/paystack-sandbox/src/simulator/channel-simulator.ts',
        find: 'if (transaction.waiting !== waiting) return;',
        replace: 'if (transaction.waiting !== null) return;',
      },
    ],
    caughtBy: { ...channels, testNamePattern: 'has an account until its time is over' },
  },
  {
    id: 'popup-everywhere',
    what: 'every page may load the scripts of Paystack',
    edits: [
      {
        file: 'server/http/app.ts',
        find: 'paystackPopup ? POPUP_SOURCES : NO_SOURCES',
        replace: 'paystackPopup ? POPUP_SOURCES : POPUP_SOURCES',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/edges.test.ts',
      testNamePattern: 'a strict policy for pages',
    },
  },
  {
    id: 'popup-without-page',
    what: 'a pop-up that does not open leaves the shopper without a way to pay',
    edits: [
      {
        file: 'client-sdk/src/pay-in-popup.ts',
        find: '    page.location.assign(payment.authorizationUrl);\n',
        replace: '',
      },
    ],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/pay-in-popup.test.ts',
      testNamePattern: 'leads to the payment page',
    },
  },
];
