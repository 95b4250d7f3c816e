/** How side-process.ts is adapted to trees whose files had other names: the imports, and what was called by other names. */

export interface Layout {
  /** A tree with this file has the layout. */
  has: string;
  /** Replacements in the text of side-process.ts, each of a text that occurs once. */
  replace: readonly (readonly [find: string, by: string])[];
}

export const OLDER_LAYOUTS: readonly Layout[] = [
  {
    has: 'models/charge.ts',
    replace: [
      ["import { openDatabase } from '../../../models/db/database.ts';\n", ''],
      [
        "import { migrate } from '../../../models/db/migrations/migrate.ts';",
        "import { migrate, openDatabase } from '../../../models/database.ts';",
      ],
      ["'../../../server/auth/auth.ts'", "'../../../server/auth.ts'"],
      ["'../../../server/config/config.ts'", "'../../../server/config.ts'"],
      ["'../../../server/context/system-ports.ts'", "'../../../server/context.ts'"],
      ["'../../../server/observability/logger.ts'", "'../../../server/logger.ts'"],
      [
        "import { startServer } from '../../../server/process/start.ts'",
        "import { startShop as startServer } from '../../../server/shop.ts'",
      ],
      [
        "import { assertConsistent } from '../round-database.ts'",
        "import { assertBooks as assertConsistent } from '../mongo-stage.ts'",
      ],
      ["auth.issue({ _id, role: 'customer' })", 'auth.issue(_id)'],
    ],
  },
];
