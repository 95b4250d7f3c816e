/** Staff's search and lists: orders that are not found, misplaced or miscounted. */
import type { Mutant } from '../mutant.ts';

const tokens = { project: 'unit', file: 'tests/unit/search-tokens.test.ts' };
const search = { project: 'component', file: 'tests/component/staff-search.test.ts' };
const many = { project: 'trouble', file: 'tests/trouble/many-search-rows.test.ts' };
const several = { project: 'component', file: 'tests/component/search-several.test.ts' };
const dates = { project: 'component', file: 'tests/component/staff-order-dates.test.ts' };

export const SEARCH_MUTANTS: readonly Mutant[] = [
  {
    id: 'marks-not-folded',
    what: 'a name with marks is found only with its marks',
    edits: [
      {
        file: 'models/search/fold-text.ts',
        find: "return text.normalize('NFKD').replace(MARKS, '');",
        replace: "return text.normalize('NFC');",
      },
    ],
    caughtBy: { ...tokens, testNamePattern: 'an order is found', witness: 'by a name with and without marks' },
  },
  {
    id: 'code-beginnings-missing',
    what: 'an order is found by its whole code only',
    edits: [
      {
        file: 'models/search/order-tokens.ts',
        find: '.filter((length) => length >= CODE_BEGINNING.least || length === characters.length)',
        replace: '.filter((length) => length === characters.length)',
      },
    ],
    caughtBy: { ...tokens, testNamePattern: 'an order is found', witness: 'by the beginning of its code' },
  },
  {
    id: 'trunk-zero-kept',
    what: 'a national number with its leading zero does not find the stored E.164',
    edits: [
      {
        file: 'models/search/phone-digits.ts',
        find: "const digits = digitsOf(typed).replace(/^0+/, '');",
        replace: 'const digits = digitsOf(typed);',
      },
    ],
    caughtBy: { ...tokens, testNamePattern: 'numbers are found in any country' },
  },
  {
    id: 'any-word-is-enough',
    what: 'a search of several words finds orders with the first of them',
    edits: [
      {
        file: 'models/search/parse-search.ts',
        find: 'return [{ all: tokens }, ...beginning];',
        replace: 'return [{ all: tokens.slice(0, 1) }, ...beginning];',
      },
    ],
    caughtBy: { ...tokens, testNamePattern: 'an order is not found', witness: 'by words of which one does not agree' },
  },
  {
    id: 'oldest-orders-first',
    what: 'a search reads its orders oldest first',
    edits: [
      {
        file: 'models/search/find-by-search.ts',
        find: '{ $match: { t: { $in: [...tokens] }, ...idCondition(scope.ids) } },\n    inOrder(scope),',
        replace: '{ $match: { t: { $in: [...tokens] }, ...idCondition(scope.ids) } },\n    { $sort: { _id: 1 } },',
      },
    ],
    caughtBy: { ...many, testNamePattern: 'lists count up to a thousand orders and begin with the newest' },
  },
  {
    id: 'window-ends-the-search',
    what: 'orders with two frequent words are sought among the newest only',
    edits: [
      {
        file: 'models/search/find-by-several.ts',
        find: 'range = behind(range, end, scope);',
        replace: 'return { ids: found, complete: true };',
      },
    ],
    caughtBy: { ...several, testNamePattern: 'two frequent words that seldom meet' },
  },
  {
    id: 'words-of-different-orders',
    what: 'two frequent words find orders that have only one of them',
    edits: [
      {
        file: 'models/search/find-by-several.ts',
        find: 'sets.every((set) => set.has(id.toHexString()))',
        replace: 'sets.some((set) => set.size > 0)',
      },
    ],
    caughtBy: { ...several, testNamePattern: 'two frequent words that seldom meet' },
  },
  {
    id: 'count-uncapped',
    what: 'lists count all of their orders',
    edits: [
      {
        file: 'models/order/queries/search-orders.ts',
        find: 'countDocuments(filter, { limit: MAX_COUNT + 1, ...READ_MAJORITY, ...options })',
        replace: 'countDocuments(filter, { ...READ_MAJORITY, ...options })',
      },
    ],
    caughtBy: { ...many, testNamePattern: 'lists count up to a thousand orders and begin with the newest' },
  },
  {
    id: 'late-search-row-wins',
    what: 'a late writer replaces the search row of a newer version',
    edits: [
      {
        file: 'models/search/write-search.ts',
        find: 'filter: { _id, v: { $lte: v } }',
        replace: 'filter: { _id }',
      },
    ],
    caughtBy: { ...search, testNamePattern: 'a late writer never replaces the row of a newer version' },
  },
  {
    id: 'search-not-repaired',
    what: 'the sweep writes no search row that a dead process left out',
    edits: [
      {
        file: 'jobs/sweep.ts',
        find: "await step('search', () => repairSearch(ctx, lowerAgeMs));",
        replace: '',
      },
    ],
    caughtBy: { ...search, testNamePattern: 'a search row that a process left out' },
  },
  {
    id: 'outdated-search-row-kept',
    what: 'the sweep takes the search row of an older version for a good one',
    edits: [
      {
        file: 'models/search/repair-search.ts',
        find: 'version > (versions.get(String(_id)) ?? -1)',
        replace: '!versions.has(String(_id)) && version >= 0',
      },
    ],
    caughtBy: { ...search, testNamePattern: 'a search row that a process left out' },
  },
  {
    id: 'search-repair-stands-still',
    what: 'the sweep checks the search rows of the same orders every time',
    edits: [
      {
        file: 'jobs/search/repair-search.ts',
        find: 'await savePosition(db, CHECKPOINT, slice.last, now);',
        replace: 'await savePosition(db, CHECKPOINT, null, now);',
      },
    ],
    caughtBy: { ...many, testNamePattern: 'the sweep goes through all orders slice by slice' },
  },
  {
    id: 'settled-orders-not-indexed',
    what: 'the search row of a settled order keeps its old status',
    edits: [
      {
        file: 'jobs/payments/after-change.ts',
        find: '    search.add(order._id);\n',
        replace: '',
      },
    ],
    caughtBy: { ...search, testNamePattern: 'and by its status' },
  },
  {
    id: 'search-failure-unreported',
    what: 'search rows that could not be written are not counted',
    edits: [
      {
        file: 'jobs/search/search-indexer.ts',
        find: 'events.searchWriteFailed({ err, count: batch.length });',
        replace: 'void err;',
      },
    ],
    caughtBy: {
      project: 'trouble',
      file: 'tests/trouble/search-trouble.test.ts',
      testNamePattern: 'a search row that cannot be written delays nothing',
    },
  },
  {
    id: 'offset-ignored',
    what: 'an instant in a search is read without its offset',
    edits: [
      {
        file: 'server/trpc/routers/admin-orders.ts',
        find: "return text.includes('T') ? new Date(text)",
        replace: "return text.includes('T') ? new Date(text.replace(/(Z|[+-][0-9:]+)$/, 'Z'))",
      },
    ],
    caughtBy: { ...dates, testNamePattern: 'an instant may have any offset' },
  },
  {
    id: 'day-of-utc',
    what: 'a day in a search is a day of UTC, not of the shop',
    edits: [
      {
        file: 'server/trpc/routers/admin-orders.ts',
        find: 'edgeOf(text, shopTimeZone)',
        replace: "edgeOf(text, shopTimeZone && 'UTC')",
      },
    ],
    caughtBy: { ...dates, testNamePattern: 'a plain date means the whole day of the shop' },
  },
  {
    id: 'id-of-this-machines-clock',
    what: 'order ids are from the clock of the process, not of the database',
    edits: [
      {
        file: 'models/order/ids/order-id.ts',
        find: 'return new Types.ObjectId(second + new Types.ObjectId().toHexString().slice(8));',
        replace: 'return second === null ? new Types.ObjectId(second) : new Types.ObjectId();',
      },
    ],
    caughtBy: { ...dates, testNamePattern: 'an order is listed by the time of the database' },
  },
];
