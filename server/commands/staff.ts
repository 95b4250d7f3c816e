/**
 * `npm run staff -- add EMAIL` and `npm run staff -- remove EMAIL`: grants or revokes the staff pages and Agendash. The
 * account must exist: people register, or sign in once if tokens come from an outside issuer. The new role applies from
 * the account's next call. Exits 0, or 2 when it could not be done.
 */
import { setRole } from '../../models/accounts/set-role.ts';
import { openDatabase } from '../../models/db/database.ts';
import { readEnv } from '../config/config.ts';
import { toCommandConfig } from './command-config.ts';

const ROLE_AFTER = { add: 'staff', remove: 'customer' } as const;
const USAGE = 'Say who: `npm run staff -- add EMAIL`, or `remove EMAIL`.';

function isAction(word: string | undefined): word is keyof typeof ROLE_AFTER {
  return word !== undefined && word in ROLE_AFTER;
}

async function run([action, address, ...rest]: readonly string[]): Promise<void> {
  if (!isAction(action) || address === undefined || rest.length > 0) throw new Error(USAGE);
  const email = address.trim().toLowerCase();
  const { mongodbUri } = toCommandConfig(readEnv(), ['MONGODB_URI']);
  const db = await openDatabase(mongodbUri, { appName: 'orders-staff' });
  try {
    if (!(await setRole(db, email, ROLE_AFTER[action])))
      throw new Error(`No account has the address ${email}: it must register first.`);
    console.log(`${email} is ${ROLE_AFTER[action]} from now on.`);
  } finally {
    await db.connection.close();
  }
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
