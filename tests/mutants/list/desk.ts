/** The desk of staff: its lists, figures, catalogue, people and files. */
import type { Mutant } from '../mutant.ts';

const lists = { project: 'component', file: 'tests/component/staff-lists.test.ts' };
const several = { project: 'component', file: 'tests/component/search-several.test.ts' };

export const DESK_MUTANTS: readonly Mutant[] = [
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
];
