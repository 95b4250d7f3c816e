/** Answers to disputes: sent once, in time, without the key, and never beside other money that goes back. */
import type { Mutant } from '../mutant.ts';

const ANSWERS = { project: 'component', file: 'tests/component/dispute-answers.test.ts' } as const;
const STEPS = { project: 'unit', file: 'tests/unit/answer-steps.test.ts' } as const;
const UPLOADS = { project: 'unit', file: 'tests/unit/paystack-upload.test.ts' } as const;

export const DISPUTE_MUTANTS: readonly Mutant[] = [
  {
    id: 'dispute-ends-before-payment',
    what: 'a dispute of no known sum ends before its payment is recorded',
    edits: [
      {
        file: 'models/dispute/record-dispute.ts',
        find: "charge.amount === undefined ? 'open' : toDisputeState(report)",
        replace: 'toDisputeState(report)',
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/disputes.test.ts',
      testNamePattern: 'that is lost before its payment is recorded',
    },
  },
  {
    id: 'answer-over-another',
    what: 'a second answer replaces the one that stands',
    edits: [
      {
        file: 'models/dispute/answer/give-answer.ts',
        find: '  if (dispute.answer?.sentAt !== undefined || isUnderWay(dispute.answer))\n',
        replace: '  if (dispute.answer?.sentAt !== undefined)\n',
      },
    ],
    caughtBy: { ...STEPS, testNamePattern: 'is refused ' },
  },
  {
    id: 'resolve-repeated-at-once',
    what: 'after a lost reply the answer is sent again at once',
    edits: [
      {
        file: 'models/dispute/answer/answer-steps.ts',
        find: 'if (waited < UNKNOWN_OUTCOME_WAIT_MS)',
        replace: 'if (waited < 0)',
      },
    ],
    caughtBy: { ...STEPS, testNamePattern: 'waits two minutes after resolve without a reply' },
  },
  {
    id: 'answer-without-fence',
    what: 'a worker whose claim is lost goes on with the answer',
    edits: [
      {
        file: 'models/dispute/answer/answer-steps.ts',
        find: "if (answer.dueAt?.getTime() !== claim.dueAt.getTime()) return { decision: 'claim_lost', change: null };",
        replace: '',
      },
    ],
    caughtBy: { ...STEPS, testNamePattern: 'is nobody’s whose claim is lost' },
  },
  {
    id: 'resolving-not-marked',
    what: 'the answer is sent without a mark that its outcome may be unknown',
    edits: [
      {
        file: 'models/dispute/answer/answer-steps.ts',
        find: "step === 'resolve' ? { ...begun, resolvingAt: now } : begun",
        replace: 'begun',
      },
    ],
    caughtBy: { ...STEPS, testNamePattern: 'freezes the answer, and marks resolve before it is sent' },
  },
  {
    id: 'deadline-unalerted',
    what: 'no email alerts staff of the last hour before a deadline',
    edits: [
      {
        file: 'models/dispute/answer/alerts.ts',
        find: 'ALERT_HOURS = [8, 4, 1] as const',
        replace: 'ALERT_HOURS = [8, 4] as const',
      },
    ],
    caughtBy: { ...ANSWERS, testNamePattern: 'staff are emailed 8, 4 and 1 hours before the deadline' },
  },
  {
    id: 'answered-not-alerted',
    what: 'an answer that is not at Paystack yet silences the alerts',
    edits: [
      {
        file: 'models/dispute/answer/alerts.ts',
        find: '  if (!needsAnswer(dispute) || answerBy === undefined) return null;',
        replace: '  if (!needsAnswer(dispute) || dispute.answer !== undefined || answerBy === undefined) return null;',
      },
    ],
    caughtBy: { ...ANSWERS, testNamePattern: 'staff are emailed 8, 4 and 1 hours before the deadline' },
  },
  {
    id: 'key-to-object-store',
    what: 'the secret key is sent to the object store',
    edits: [
      {
        file: 'server/paystack/calls/upload-file.ts',
        find: "headers: { 'Content-Type': contentType }",
        replace: "headers: { 'Content-Type': contentType, Authorization: 'Bearer sk_test' }",
      },
    ],
    caughtBy: { ...UPLOADS, testNamePattern: 'goes to the store without the key, as it is' },
  },
  {
    id: 'upload-anywhere',
    what: 'a file is sent to whatever host Paystack names',
    edits: [
      {
        file: 'server/paystack/calls/upload-file.ts',
        find: "protocol === 'https:' && port === '' && isStore",
        replace: "isStore || hostname !== ''",
      },
    ],
    caughtBy: { ...UPLOADS, testNamePattern: 'is not sent to ' },
  },
  {
    id: 'refund-beside-acceptance',
    what: 'an accepting answer gives back what open refunds give back as well',
    edits: [
      {
        file: 'models/dispute/answer/give-answer.ts',
        find: 'dispute.amount ?? captured, left - others',
        replace: 'dispute.amount ?? captured, captured - others',
      },
    ],
    caughtBy: { ...STEPS, testNamePattern: 'gives back at most what is left of the charge' },
  },
  {
    id: 'no-last-look',
    what: 'an accepting answer is sent although its money went back meanwhile',
    edits: [
      {
        file: 'models/dispute/answer/answer-steps.ts',
        find: 'if ((answer.refundAmount ?? 0) > mostToAccept(order, dispute))',
        replace: 'if ((answer.refundAmount ?? 0) < 0)',
      },
    ],
    caughtBy: { ...STEPS, testNamePattern: 'gives nothing back that went back since the answer was given' },
  },
  {
    id: 'answer-while-refund-is-sent',
    what: 'an answer is taken while a refund of the charge is being sent',
    edits: [
      {
        file: 'models/dispute/answer/give-answer.ts',
        find: '  if (isRefundBeingSent(order, dispute.reference, now))\n',
        replace: '  if (isRefundBeingSent(order, "", now))\n',
      },
    ],
    caughtBy: { ...STEPS, testNamePattern: 'is refused ' },
  },
  {
    id: 'sent-unseen',
    what: 'an answer counts as sent although the record does not show it',
    edits: [
      {
        file: 'models/dispute/answer/answer-state.ts',
        find: '  if (!showsAnswer(report, answer)) return { answer };\n',
        replace: '',
      },
    ],
    caughtBy: { ...STEPS, testNamePattern: 'shows a declining answer' },
  },
  {
    id: 'reopened-keeps-answer',
    what: 'a dispute that is opened again counts as answered',
    edits: [
      {
        file: 'models/dispute/answer/answer-state.ts',
        find: "  if (awaitsAnswer(report) && (answer.sentAt !== undefined || known.state !== 'open')) return {};\n",
        replace: '',
      },
    ],
    caughtBy: { ...STEPS, testNamePattern: 'of a dispute that awaits an answer again drops the earlier one' },
  },
  {
    id: 'support-accepts',
    what: 'support gives money back for a dispute',
    edits: [
      {
        file: 'server/trpc/routers/disputes/admin-disputes.ts',
        find: "  if (resolution === 'accept') assertMay(role, 'acceptDispute');\n",
        replace: '',
      },
    ],
    caughtBy: { ...ANSWERS, testNamePattern: 'support declines disputes' },
  },
  {
    id: 'file-by-its-name',
    what: 'any bytes are taken for a PDF',
    edits: [
      {
        file: 'models/dispute/answer/dispute-file.ts',
        find: '=== byte)) ?? null;',
        replace: "=== byte)) ?? 'application/pdf';",
      },
    ],
    caughtBy: { ...STEPS, testNamePattern: 'are of type ' },
  },
  {
    id: 'unbegun-answer-sent',
    what: 'an answer that was never begun is called sent as the dispute ends',
    edits: [
      {
        file: 'models/dispute/answer/answer-state.ts',
        find: '  if (!awaitsAnswer(report) && !mayHaveLeft(answer)) return {};\n',
        replace: '',
      },
    ],
    caughtBy: { ...ANSWERS, testNamePattern: 'an answer that was never begun is not called sent' },
  },
  {
    id: 'prepared-answer-sent',
    what: 'an answer of which only the evidence has left is called sent',
    edits: [
      {
        file: 'models/dispute/answer/answer-state.ts',
        find: 'resolvingAt !== undefined || refusedAt !== undefined',
        replace: 'refusedAt !== undefined || resolvingAt !== null',
      },
    ],
    caughtBy: { ...STEPS, testNamePattern: 'drops one whose answering call was never begun' },
  },
];
