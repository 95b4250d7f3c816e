import type { Mutant } from '../mutant.ts';

const IMPORTS = { project: 'component', file: 'tests/component/product-import.test.ts' } as const;

export const IMPORT_MUTANTS: readonly Mutant[] = [
  {
    id: 'csv-not-reversible',
    what: 'a text that begins like a formula made harmless comes in as another',
    edits: [{ file: 'models/contract/typed/csv.ts', find: ' || DEFUSED.test(text)', replace: '' }],
    caughtBy: { project: 'unit', file: 'tests/unit/desk-csv.test.ts', testNamePattern: 'a formula is kept' },
  },
  {
    id: 'import-with-faults',
    what: 'a product is imported although one of its rows has a fault',
    edits: [
      {
        file: 'models/catalogue/import/import-products.ts',
        find: "plan.change === 'fault' || plan.change === 'same'",
        replace: "plan.change === 'same'",
      },
    ],
    caughtBy: { ...IMPORTS, testNamePattern: 'a product with a fault in one row changes in none' },
  },
  {
    id: 'import-stock-again',
    what: 'the same file sets the stock again after sales',
    edits: [
      {
        file: 'models/catalogue/import/plan-import.ts',
        find: '  if (stored.stockedRows.has(row.row)) return;\n',
        replace: '  stored.stockedRows.has(row.row);\n',
      },
    ],
    caughtBy: { ...IMPORTS, testNamePattern: 'leaves nothing to do for the same file' },
  },
  {
    id: 'import-stock-unasked',
    what: 'an import sets the stock without `withStock`',
    edits: [
      {
        file: 'models/catalogue/import/plan-import.ts',
        find: '!rules.withStock || row.stock === undefined',
        replace: 'row.stock === undefined',
      },
    ],
    caughtBy: { ...IMPORTS, testNamePattern: 'stock is left alone unless it is asked for' },
  },
  {
    id: 'import-unseen',
    what: 'an import changes a product otherwise than its preview said',
    edits: [
      {
        file: 'models/catalogue/import/import-products.ts',
        find: '(expected.get(plan.product) ?? plan.digest) !== plan.digest',
        replace: "expected.get(plan.product) === ''",
      },
    ],
    caughtBy: { ...IMPORTS, testNamePattern: 'a product that changed after the check' },
  },
  {
    id: 'product-without-its-variants',
    what: 'a product is made although one of its variants cannot be',
    edits: [
      {
        file: 'models/catalogue/edit-catalogue.ts',
        find: '      await db.products.create([product], { session });\n      for',
        replace: '      await db.products.create([product]);\n      for',
      },
    ],
    caughtBy: { ...IMPORTS, testNamePattern: 'a product is made with its variants, or nothing' },
  },
];
