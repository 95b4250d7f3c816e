/**
 * `npm run staff`: who may use the staff pages and Agendash, and as what. The account must exist: people register, or sign in
 * once if tokens come from an outside issuer. A role applies from the account's next call. Each command may be repeated. Exits
 * 0, or 2 when it could not be done.
 */
import { changeRole } from '../../models/accounts/change-role.ts';
import { endAllSessions } from '../../models/accounts/end-sessions.ts';
import { findStaff } from '../../models/accounts/find-user.ts';
import { type Role, STAFF_ROLES, type StaffRole } from '../../models/contract/permissions.ts';
import { toEmailAddress } from '../../models/contract/typed/email-address.ts';
import { type Database, openDatabase } from '../../models/db/database.ts';
import { readEnv } from '../config/config.ts';
import { createDatabaseClock } from '../context/database-clock.ts';
import { toCommandConfig } from './command-config.ts';

const ROLES_IN_WORDS = `${STAFF_ROLES.slice(0, -1).join(', ')} or ${STAFF_ROLES.at(-1)}`;
const USAGE = `Say what to do:
  npm run staff -- list
  npm run staff -- add EMAIL --role ROLE     gives a registered account a role: ${ROLES_IN_WORDS}
  npm run staff -- role EMAIL ROLE           changes it
  npm run staff -- remove EMAIL              makes the account a customer's again
  npm run staff -- end-sessions EMAIL        signs the account out everywhere`;

/** `now` is of the database's clock, by which sessions begin. */
type Command = (db: Database, now: Date) => Promise<string>;

/** Throws with the usage for arguments that are no command. */
function readCommand([action, address, ...rest]: readonly string[]): Command {
  if (action === 'list' && address === undefined) return list;
  const email = address === undefined ? undefined : toEmailAddress(address);
  const role = roleIn(action, rest);
  if (email === undefined || email === '' || role === undefined) throw new Error(USAGE);
  return role === null ? (db, now) => endSessions(db, email, now) : (db) => giveRole(db, email, role);
}

/** Null for the command that gives none. */
function roleIn(action: string | undefined, rest: readonly string[]): Role | null | undefined {
  const [first, second, ...more] = rest;
  if (action === 'add' && first === '--role' && more.length === 0) return staffRole(second);
  if (action === 'role' && second === undefined) return staffRole(first);
  if (first !== undefined) return undefined;
  if (action === 'remove') return 'customer';
  return action === 'end-sessions' ? null : undefined;
}

function staffRole(word: string | undefined): StaffRole | undefined {
  const role = STAFF_ROLES.find((one) => one === word);
  if (role === undefined && word !== undefined) throw new Error(`“${word}” is no role: it is ${ROLES_IN_WORDS}.`);
  return role;
}

async function list(db: Database): Promise<string> {
  const staff = await findStaff(db);
  if (staff.length === 0) return 'Nobody has a role. `npm run staff -- add EMAIL --role owner` gives the first.';
  return staff.map(({ role, email, name }) => `${role.padEnd(8)} ${email}  ${name}`).join('\n');
}

async function giveRole(db: Database, email: string, role: Role): Promise<string> {
  const { outcome } = await changeRole(db, { email }, role);
  if (outcome === 'no_account') throw noAccount(email);
  if (outcome === 'last_owner')
    throw new Error(`${email} is the only owner: first give another account that role, then repeat this.`);
  return outcome === 'unchanged' ? `${email} was ${named(role)} already.` : `${email} is ${named(role)} from now on.`;
}

async function endSessions(db: Database, email: string, now: Date): Promise<string> {
  if (!(await endAllSessions(db, { email }, now))) throw noAccount(email);
  return `${email} is signed out everywhere, and may sign in again.`;
}

function named(role: Role): string {
  if (role === 'support') return 'in support';
  return role === 'owner' ? 'an owner' : `a ${role}`;
}

function noAccount(email: string): Error {
  return new Error(`No account has the address ${email}: it must register first.`);
}

async function run(args: readonly string[]): Promise<void> {
  const command = readCommand(args);
  const { mongodbUri } = toCommandConfig(readEnv(), ['MONGODB_URI']);
  const db = await openDatabase(mongodbUri, { appName: 'orders-staff' });
  try {
    const clock = await createDatabaseClock(db.connection);
    console.log(await command(db, clock.now()));
    clock.stop();
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
