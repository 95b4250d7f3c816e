/** Batched commands: the answer of another caller, a lost guard in a bulk, a wake-up that ends with its run. */
import type { Mutant } from '../mutant.ts';

const guarded = { project: 'component', file: 'tests/component/guarded-updates.test.ts' };

export const BATCHING_MUTANTS: readonly Mutant[] = [
  {
    id: 'window-for-a-lone-caller',
    what: 'a lone caller waits for others who do not come',
    edits: [{ file: 'models/db/batching/batch-loader.ts', find: '(lastSize > 1 ?', replace: '(lastSize > 0 ?' }],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/batch-loader.test.ts',
      testNamePattern: 'after a lone load it is sent at once',
    },
  },
  {
    id: 'no-window',
    what: 'busy callers send a command each',
    edits: [{ file: 'models/db/batching/batch-loader.ts', find: '(lastSize > 1 ?', replace: '(lastSize > 1_000 ?' }],
    caughtBy: {
      project: 'unit',
      file: 'tests/unit/batch-loader.test.ts',
      testNamePattern: 'the next collects for some milliseconds',
    },
  },
  {
    id: 'bulk-without-guard',
    what: 'the updates of a bulk are written whatever the version is',
    edits: [
      {
        file: 'models/db/batching/guarded-updates.ts',
        find: 'filter: { _id, [field]: guard }',
        replace: 'filter: { _id }',
      },
    ],
    caughtBy: { ...guarded, testNamePattern: 'of many writes of one version, exactly one holds' },
  },
  {
    id: 'bulk-lost-guard-held',
    what: 'a lost guard in a bulk counts as written',
    edits: [
      {
        file: 'models/db/batching/guarded-updates.ts',
        find: 'return isLostGuard(failure) && !unmoved.has(index) ? false : failure;',
        replace: 'return isLostGuard(failure) && !unmoved.has(index) ? true : failure;',
      },
    ],
    caughtBy: { ...guarded, testNamePattern: 'of many writes of one version, exactly one holds' },
  },
  {
    id: 'bulk-refusal-is-lost-race',
    what: 'a document that the validator refuses counts as a lost race',
    edits: [
      {
        file: 'models/db/batching/guarded-updates.ts',
        find: 'return isLostGuard(failure) && !unmoved.has(index) ? false : failure;',
        replace: 'return isLostGuard(failure) ? false : failure;',
      },
    ],
    caughtBy: { ...guarded, testNamePattern: 'a lost guard and a refused document are told apart' },
  },
  {
    id: 'bulk-fails-together',
    what: 'one failed update fails all the calls that share its command',
    edits: [
      {
        file: 'models/db/batching/write-failures.ts',
        find: '    if (failed.length === 0) throw error;\n',
        replace: '    throw error;\n',
      },
    ],
    caughtBy: { ...guarded, testNamePattern: 'a lost guard and a refused document are told apart' },
  },
  {
    id: 'cart-change-lost',
    what: 'a change of a cart overwrites the one that came first',
    edits: [
      {
        file: 'models/cart/write-cart.ts',
        find: 'if (outcome === false) lost.set(key, requests);\n    else for',
        replace: 'for',
      },
    ],
    caughtBy: { ...guarded, testNamePattern: 'a change that was decided on an older cart is decided anew' },
  },
  {
    id: 'settlement-keeps-cart-rev',
    what: 'the settlement leaves the revision of the carts that it empties',
    edits: [{ file: 'models/settlement/clear-carts.ts', find: '{ $inc: { rev: 1 } }', replace: '{}' }],
    caughtBy: { ...guarded, testNamePattern: 'a settlement between the reading of a cart and its change' },
  },
];
