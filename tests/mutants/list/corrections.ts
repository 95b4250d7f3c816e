/** Corrections, notes, emails sent once more, links to pay, and staff's lists of work. */
import type { Mutant } from '../mutant.ts';

const corrections = { project: 'component', file: 'tests/component/corrections.test.ts' };
const lifecycle = { project: 'component', file: 'tests/component/order-lifecycle.test.ts' };
const staffLists = { project: 'component', file: 'tests/component/staff-lists.test.ts' };

export const CORRECTION_MUTANTS: readonly Mutant[] = [
  {
    id: 'history-holds-values',
    what: 'the history of a correction holds the new values',
    edits: [
      {
        file: 'models/corrections/correct-contact.ts',
        find: "event: { type: 'contact_corrected', data: { fields } },",
        replace: "event: { type: 'contact_corrected', data: { fields: fields.map((one) => after[one]) as never } },",
      },
    ],
    caughtBy: { ...corrections, testNamePattern: 'is corrected in any state' },
  },
  {
    id: 'parked-not-requeued',
    what: 'a new email leaves the emails that could not be sent as they are',
    edits: [
      {
        file: 'models/corrections/correct-contact.ts',
        find: "    ...(email === contact.email ? {} : { requeue: 'parked' }),\n",
        replace: '',
      },
    ],
    caughtBy: { ...corrections, testNamePattern: 'is corrected in any state' },
  },
  {
    id: 'sent-requeued-too',
    what: 'a new email sends all emails of the order again',
    edits: [
      {
        file: 'models/messaging/email-outbox.ts',
        find: "? { _id: outboxIdsOfOrder(orderId), state: 'parked' as const }",
        replace: '? { _id: outboxIdsOfOrder(orderId) }',
      },
    ],
    caughtBy: { ...corrections, testNamePattern: 'leaves emails alone that were sent' },
  },
  {
    id: 'search-by-snapshot',
    what: 'staff find a corrected order by the values of its checkout',
    edits: [
      {
        file: 'models/search/order-tokens.ts',
        find: 'const [contact, address] = [contactOf(order), addressOf(order)];',
        replace: 'const [contact, address] = [order.contactSnapshot, order.shippingAddressSnapshot];',
      },
    ],
    caughtBy: { ...corrections, testNamePattern: 'are found by staff’s search' },
  },
  {
    id: 'address-after-shipping',
    what: 'an address is corrected after everything was shipped',
    edits: [
      {
        file: 'models/corrections/correct-address.ts',
        find: '  assertSomethingToShip(order);\n',
        replace: '',
      },
    ],
    caughtBy: { ...corrections, testNamePattern: 'is corrected until the goods have left' },
  },
  {
    id: 'corrected-order-unpayable',
    what: 'an order whose address was corrected cannot be paid from its page',
    edits: [
      {
        file: 'models/checkout/find-by-checkout-key.ts',
        find: 'hashOf(asPlaced(order, input))',
        replace: 'hashOf(input.sent)',
      },
    ],
    caughtBy: { ...corrections, testNamePattern: 'is the customer’s too, who can still pay the order' },
  },
  {
    id: 'corrections-kept',
    what: 'the earlier values stay although they were emptied',
    edits: [
      {
        file: 'models/corrections/empty-corrections.ts',
        find: 'set: { corrections: undefined },',
        replace: 'set: {},',
      },
    ],
    caughtBy: { ...corrections, testNamePattern: 'its earlier values are emptied' },
  },
  {
    id: 'note-key-ignored',
    what: 'a repeated note is added twice',
    edits: [
      {
        file: 'models/corrections/notes.ts',
        find: '  if (findRepeat(notes, key) !== null) return null;\n',
        replace: '',
      },
    ],
    caughtBy: { ...corrections, testNamePattern: 'is added once for its key' },
  },
  {
    id: 'notes-unbounded',
    what: 'an order takes any number of notes',
    edits: [
      {
        file: 'models/corrections/notes.ts',
        find: 'if (notes.length >= MAX_NOTES)',
        replace: 'if (notes.length >= 10 * MAX_NOTES)',
      },
    ],
    caughtBy: { ...corrections, testNamePattern: 'is refused beyond thirty' },
  },
  {
    id: 'tag-written-as-typed',
    what: 'a tag finds its orders only in the writing of its first day',
    edits: [
      {
        file: 'models/search/order-tokens.ts',
        find: "export const tagToken = (tag: string) => token('tag', foldText(tag));",
        replace: "export const tagToken = (tag: string) => token('tag', tag);",
      },
    ],
    caughtBy: { ...corrections, testNamePattern: 'tags are cleaned, replaced as a whole, and find the order' },
  },
  {
    id: 'resend-key-ignored',
    what: 'a repeated press on Resend is refused, or sends another copy',
    edits: [
      {
        file: 'models/messaging/resend-email.ts',
        find: 'const decide = keyed(key, (order) => decideResend(order, { email, ...by }));',
        replace: 'const decide = (order: Order) => ({ ...decideResend(order, { email, ...by }), key });',
      },
    ],
    caughtBy: { ...lifecycle, testNamePattern: 'a resent email is the same email under the same key' },
  },
  {
    id: 'resend-while-queued',
    what: 'an email that waits to be sent is queued once more',
    edits: [
      {
        file: 'models/messaging/resend-email.ts',
        find: "  if (email.state === 'queued') throw conflict(order, 'this email already waits to be sent');\n",
        replace: '',
      },
      {
        file: 'models/messaging/email-outbox.ts',
        find: "state: { $in: ['sent', 'parked'] satisfies EmailState[] } };",
        replace: "state: { $in: ['sent', 'parked', 'queued'] satisfies EmailState[] } };",
      },
    ],
    caughtBy: { ...lifecycle, testNamePattern: 'a resent email is the same email under the same key' },
  },
  {
    id: 'resent-email-looks-old',
    what: 'an old email that is sent once more counts as waiting since its day',
    edits: [
      {
        file: 'models/backlog.ts',
        find: "oldestOf({ $max: ['$createdAt', '$requeuedAt'] })",
        replace: "oldestOf('$createdAt')",
      },
    ],
    caughtBy: { ...corrections, testNamePattern: 'an old email that is sent once more counts as waiting from then' },
  },
  {
    id: 'payment-link-unguarded',
    what: 'the link to pay is mailed although there is nothing to pay',
    edits: [
      {
        file: 'models/messaging/send-payment-link.ts',
        find: '  assertPayable(order, now);\n',
        replace: '',
      },
    ],
    caughtBy: { ...corrections, testNamePattern: 'is mailed once for a key, while there is something to pay' },
  },
  {
    id: 'payment-link-key-ignored',
    what: 'a repeated press mails the link to pay twice',
    edits: [
      {
        file: 'models/messaging/send-payment-link.ts',
        find: 'const decide = keyed(key, (order) => decidePaymentLink(order, request));',
        replace: 'const decide = (order: Order) => ({ ...decidePaymentLink(order, request), key });',
      },
    ],
    caughtBy: { ...corrections, testNamePattern: 'is mailed once for a key, while there is something to pay' },
  },
  {
    id: 'to-ship-newest-first',
    what: 'the list of what to ship begins with the newest order',
    edits: [
      {
        file: 'models/order/queries/list-orders.ts',
        find: 'sort: { _id: oldestFirst ? 1 : -1 }',
        replace: 'sort: { _id: -1 }',
      },
    ],
    caughtBy: { ...staffLists, testNamePattern: 'what to ship is listed from the oldest' },
  },
  {
    id: 'disputes-by-age',
    what: 'open disputes are listed by their orders, not by deadline',
    edits: [
      {
        file: 'models/order/queries/list-disputed.ts',
        find: 'sort: { disputeAnswerBy: 1, _id: 1 },',
        replace: 'sort: { _id: 1 },',
      },
    ],
    caughtBy: { ...staffLists, testNamePattern: 'open disputes are listed by their deadline' },
  },
  {
    id: 'ended-dispute-listed',
    what: 'a dispute that has ended stays in the list',
    edits: [
      {
        file: 'models/dispute/open-disputes.ts',
        find: 'disputes.filter(needsAnswer).map(',
        replace: 'disputes.map(',
      },
    ],
    caughtBy: { ...staffLists, testNamePattern: 'open disputes are listed by their deadline' },
  },
];
