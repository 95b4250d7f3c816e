/** The desk of staff: its lists, figures, catalogue, people and files. */
import type { Mutant } from '../mutant.ts';

const lists = { project: 'component', file: 'tests/component/staff-lists.test.ts' };
const products = { project: 'component', file: 'tests/component/desk-products.test.ts' };
const invitations = { project: 'component', file: 'tests/component/invitations.test.ts' };
const several = { project: 'component', file: 'tests/component/search-several.test.ts' };

const WAITING = 'server/trpc/views/desk/waiting-view.ts';
const ownSum = { project: 'unit', file: 'tests/unit/waits.test.ts', testNamePattern: 'with its own sum and time' };
const openMoney = { project: 'unit', file: 'tests/unit/waits.test.ts', testNamePattern: 'in the charge’s currency' };
const looks = { project: 'component', file: 'tests/component/shop-looks.test.ts' };
const jobs = { project: 'component', file: 'tests/component/staff-jobs.test.ts' };
const once = { project: 'component', file: 'tests/component/history-once.test.ts' };

export const DESK_MUTANTS: readonly Mutant[] = [
  {
    id: 'dispute-waits-with-the-total',
    what: 'a dispute of a part waits with the sum of the whole charge',
    edits: [
      {
        file: WAITING,
        find: 'const { amount = findAttempt(order, dispute.reference)?.amount ?? total } = dispute;',
        replace: 'const amount = findAttempt(order, dispute.reference)?.amount ?? total;',
      },
    ],
    caughtBy: ownSum,
  },
  {
    id: 'ended-dispute-waits',
    what: 'a dispute that has ended still waits for a person',
    edits: [
      {
        file: WAITING,
        find: 'disputes.filter(isOpenDispute).map(',
        replace: 'disputes.filter(() => isOpenDispute !== undefined).map(',
      },
    ],
    caughtBy: ownSum,
  },
  {
    id: 'settled-review-waits',
    what: 'money whose review was resolved still waits for a person',
    edits: [
      {
        file: WAITING,
        find: 'attempt.review !== undefined && isInReview(attempt)',
        replace: 'attempt.review !== undefined && isInReview !== undefined',
      },
    ],
    caughtBy: openMoney,
  },
  {
    id: 'failed-refund-waits-unseen',
    what: 'a failed refund that is still owed does not wait for a person',
    edits: [{ file: WAITING, find: ' || isFailureOwed(order, refund))', replace: ' || !isFailureOwed)' }],
    caughtBy: openMoney,
  },
  {
    id: 'wait-in-the-orders-currency',
    what: 'the sum of a charge in another currency waits in the order’s',
    edits: [
      {
        file: WAITING,
        find: 'of.reference === undefined ? order.currency : currencyOfCharge(order, of.reference)',
        replace: 'currencyOfCharge === undefined ? order.currency : order.currency',
      },
    ],
    caughtBy: openMoney,
  },
  {
    id: 'history-over-a-shop',
    what: 'a shop that has products but no accounts gets a history',
    edits: [
      { file: 'dev/history/add-history.ts', find: 'found.every((one) => one === null)', replace: 'found[0] === null' },
    ],
    caughtBy: { ...once, testNamePattern: 'with one product' },
  },
  {
    id: 'history-twice',
    what: 'each start plays the history once more',
    edits: [
      {
        file: 'dev/history/add-history.ts',
        find: 'return found.every((one) => one === null);',
        replace: 'return found.length > 0;',
      },
    ],
    caughtBy: { ...once, testNamePattern: 'with one user' },
  },
  {
    id: 'unreadable-colour',
    what: 'pages and emails use a colour that nobody can read on white',
    edits: [
      {
        file: 'models/settings/shop-colour.ts',
        find: 'contrastOf(shade.accent, ground) >= ENOUGH)',
        replace: 'contrastOf(shade.accent, ground) >= ENOUGH / 9)',
      },
    ],
    caughtBy: { ...looks, testNamePattern: 'a colour that could not be read as text' },
  },
  {
    id: 'settings-part-drops-others',
    what: 'a new name of the shop takes its policies away',
    edits: [
      {
        file: 'models/settings/change-shop-settings.ts',
        find: '    ...(policies === undefined ? {} : { policies }),\n',
        replace: '    ...(policies === undefined ? {} : {}),\n',
      },
    ],
    caughtBy: { ...looks, testNamePattern: 'each part keeps the others' },
  },
  {
    id: 'logo-for-a-day',
    what: 'the logo of the shop is deleted after a day',
    edits: [
      {
        file: 'models/pictures/store-picture.ts',
        find: "    { _id: pictureKey(pictureId, 'logo') },\n    { $unset: { expiresAt: 1 } },",
        replace: "    { _id: pictureKey(pictureId, 'logo') },\n    { $unset: { unusedSince: 1 } },",
      },
    ],
    caughtBy: { ...looks, testNamePattern: 'a logo is taken by its bytes' },
  },
  {
    id: 'failure-without-its-order',
    what: 'the failures of jobs name no order that waits for staff',
    edits: [
      {
        file: 'jobs/agenda/job-status.ts',
        find: 'return [...runs, ...orders].sort(',
        replace: 'return [...runs, ...orders.slice(orders.length)].sort(',
      },
    ],
    caughtBy: { ...jobs, testNamePattern: 'a failed run, and an order whose work waits' },
  },
  {
    id: 'work-newest-first',
    what: 'a list of work hides the oldest order behind the newest',
    edits: [
      {
        file: 'models/order/queries/search-orders.ts',
        find: 'const { oldestFirst = list !== undefined && WORK_LISTS.has(list) } = request;',
        replace: 'const { oldestFirst = false } = request;',
      },
    ],
    caughtBy: { ...lists, testNamePattern: 'each order is in one list' },
  },
  {
    id: 'filtered-list-forgets-its-tab',
    what: 'a filter shows orders of every list',
    edits: [
      {
        file: 'models/order/queries/search-orders.ts',
        find: '...(list === undefined ? [] : [listToken(list)]), ...(status',
        replace: '...(status',
      },
      {
        file: 'models/order/queries/search-orders.ts',
        find: 'const ofList = list === undefined ? {} : LIST_CONDITIONS[list];',
        replace: 'const ofList = {};',
      },
    ],
    caughtBy: { ...lists, testNamePattern: 'each order is in one list' },
  },
  {
    id: 'long-search-ends-silently',
    what: 'a list whose filters seldom meet ends before its last orders',
    edits: [
      {
        file: 'models/search/find-by-several.ts',
        find: '...(end === null ? {} : { searchedTo: end })',
        replace: '',
      },
    ],
    caughtBy: { ...several, testNamePattern: 'the oldest come first where that is asked for' },
  },
  {
    id: 'count-forgets-what-waits',
    what: 'a count of the shelf sells the units of orders that have not left',
    edits: [
      {
        file: 'models/catalogue/desk/count-stock.ts',
        find: 'const to = counted - variant.reserved - toShip;',
        replace: 'const to = counted - variant.reserved;',
      },
    ],
    caughtBy: { ...products, testNamePattern: 'the shelf is counted' },
  },
  {
    id: 'count-over-a-sale',
    what: 'a count replaces a stock that has changed since it was shown',
    edits: [
      {
        file: 'models/catalogue/desk/count-stock.ts',
        find: 'if (stock !== count.shown || (expect',
        replace: 'if ((expect',
      },
    ],
    caughtBy: { ...products, testNamePattern: 'the shelf is counted' },
  },
  {
    id: 'adjustment-without-its-preview',
    what: 'an adjustment is made although its effects are no longer those shown',
    edits: [
      {
        file: 'models/catalogue/edit-catalogue.ts',
        find: 'if (expect !== undefined) await assertAdjustment(',
        replace: 'if (expect === null) await assertAdjustment(',
      },
    ],
    caughtBy: { ...products, testNamePattern: 'a preview of an adjustment holds' },
  },
  {
    id: 'test-orders-in-figures',
    what: 'orders of the other domain are counted as sales',
    edits: [
      {
        file: 'models/figures/sales-of-day.ts',
        find: 'if (isOfOtherDomain(order, domain)) return;',
        replace: '',
      },
    ],
    caughtBy: { ...products, testNamePattern: 'today shows what waits' },
  },
  {
    id: 'archived-products-lost',
    what: 'staff find no archived product',
    edits: [
      {
        file: 'models/catalogue/desk/find-products.ts',
        find: 'return words.every((word) => own.some((one) => one.startsWith(word)));',
        replace: 'return words.length === 0 && own.length === 0;',
      },
    ],
    caughtBy: { ...products, testNamePattern: 'products are listed with their numbers' },
  },
  {
    id: 'invitation-works-twice',
    what: 'an invitation makes two people of one link',
    edits: [
      {
        file: 'models/accounts/invitations/invite.ts',
        find: 'return { endedAt: { $exists: false }, expiresAt: { $gt: now } };',
        replace: 'return { expiresAt: { $gt: now } };',
      },
    ],
    caughtBy: { ...invitations, testNamePattern: 'an invitation by email makes a member of staff' },
  },
  {
    id: 'removed-but-signed-in',
    what: 'somebody who is removed stays signed in',
    edits: [
      {
        file: 'models/accounts/remove-staff.ts',
        find: 'await endAllSessions(db, { email }, now);',
        replace: '',
      },
    ],
    caughtBy: { ...invitations, testNamePattern: 'somebody who is removed' },
  },
  {
    id: 'voided-parcel-rings',
    what: 'the desk rings for a new order when a parcel is voided',
    edits: [
      {
        file: 'server/live/change-feed.ts',
        find: "return status === 'confirmed' && reservation === 'committed';",
        replace: "return status === 'confirmed' || reservation === 'committed';",
      },
    ],
    caughtBy: {
      project: 'component',
      file: 'tests/component/staff-stream.test.ts',
      testNamePattern: 'the stream of staff tells of an order that was confirmed',
    },
  },
];
