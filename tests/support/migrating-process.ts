/**
 * A process that runs the migrations of a database and kills itself. Arguments: the URI, the database's name, and when:
 * - in: in the first batch that it begins, before its commit
 * - after: after the first commit
 * - never
 */
import { openDatabase } from '../../models/db/database.ts';
import type { BatchWork, Migration, MigrationProgress } from '../../models/db/migrations/migration.ts';
import type { MigrationPosition } from '../../models/db/migrations/migration-document.ts';
import { MIGRATIONS } from '../../models/db/migrations/migrations.ts';
import { runMigrations } from '../../models/db/migrations/run-migrations.ts';

const [, , uri = '', dbName = '', where = 'never'] = process.argv;

const die = () => process.kill(process.pid, 'SIGKILL');

function killing(progress: MigrationProgress): MigrationProgress {
  let first: string | undefined;
  return {
    forEachBatch: <P extends MigrationPosition>(work: BatchWork<P>) =>
      progress.forEachBatch<P>(async (after, session) => {
        // A repeated batch begins where it began before.
        first ??= String(after);
        if (where === 'after' && String(after) !== first) die();
        const end = await work(after, session);
        if (where === 'in') die();
        return end;
      }),
  };
}

const migrations: Migration[] = MIGRATIONS.map((migration) => ({
  ...migration,
  up: (db, progress) => migration.up(db, killing(progress)),
}));

const db = await openDatabase(uri, { dbName });
// Short, so that the next process need not wait half a minute for a killed one's lease.
const finished = await runMigrations(db, { migrations, leaseMs: 4_000 });
process.send?.({ finished });
await db.connection.close();
