/** Faults of paying: reminders, the payment page, and bank transfers. */
import type { Mutant } from '../mutant.ts';

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
