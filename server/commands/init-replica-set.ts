/**
 * Prepares the replica set of MONGODB_URI for authentication: initiates it, and creates an administrator and the program's
 * user with the least rights. It runs at each start of docker-compose.yml, so a repeated run is safe: it updates the
 * rights and the password of the program's user. Exits 0, or 2 when it could not be done.
 *
 * It must run where the first member is on localhost. A mongod without users lets only local connections initiate the set
 * and create the first user (MongoDB manual, Localhost Exception).
 */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Db, type Document, MongoClient, MongoServerError } from 'mongodb';
import { readEnv } from '../config/config.ts';
import { toCommandConfig } from './command-config.ts';

const USAGE = 'usage: init-replica-set --admin-password-file PATH';

const ADMIN = 'admin';
/** Rights to manage users, members and backups, but not to read the shop's documents. */
const ADMIN_ROLES = ['userAdminAnyDatabase', 'clusterAdmin', 'backup'];

/** In the database `admin`, because only its roles may have rights on the cluster. */
const PROGRAM_ROLE = 'ordersProgram';

/** No right to drop or rename anything, to bypass validators, or to see another database. */
function privilegesOn(db: string): Document[] {
  const documents = ['find', 'insert', 'update', 'remove', 'changeStream'];
  const migration = ['listCollections', 'listIndexes', 'createCollection', 'createIndex', 'collMod'];
  return [
    { resource: { db, collection: '' }, actions: [...documents, ...migration] },
    // The program warns at start when abandoned transactions would block others for longer than 5 s.
    { resource: { cluster: true }, actions: ['getParameter'] },
  ];
}

/** Server errors by code: MongoDB's own names, or the location of the check where it has none. */
const CODES = {
  unauthorized: 13,
  notWritablePrimary: 10_107,
  primarySteppedDown: 189,
  interruptedByStateChange: 11_602,
  authenticationFailed: 18,
  alreadyInitialized: 23,
  roleExists: 51_002,
  userExists: 51_003,
};

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 200;

interface Target {
  setName: string;
  hosts: readonly string[];
  /** The first member's port on localhost. */
  localPort: number;
  user: { name: string; password: string; db: string };
  db: string;
}

/** Throws an error whose message does not repeat the address, which holds a password. */
function readTarget(uri: string): Target {
  const { options } = new MongoClient(uri);
  const { hosts, replicaSet, credentials, dbName } = options;
  const port = hosts[0]?.port;
  if (!replicaSet || !credentials?.username || !credentials.password || port === undefined)
    throw new Error('MONGODB_URI must name hosts, replicaSet, a user and a password to prepare a replica set.');
  return {
    setName: replicaSet,
    hosts: hosts.map(String),
    localPort: port,
    user: { name: credentials.username, password: credentials.password, db: credentials.source },
    db: dbName,
  };
}

function hasCode(error: unknown, ...codes: readonly number[]): boolean {
  return error instanceof MongoServerError && codes.includes(Number(error.code));
}

function isElection(error: unknown): boolean {
  return hasCode(error, CODES.notWritablePrimary, CODES.primarySteppedDown, CODES.interruptedByStateChange);
}

/** Resolves once the set has a primary. */
async function initiate(local: Db, { setName, hosts }: Target): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const hello = await local.command({ hello: 1 });
    if (hello.primary) return;
    if (!hello.setName) {
      // The preferred primary is this member, because only here may the first user be created. Another one may still win
      // the first election, and hands over to this one some 10 s later.
      const members = hosts.map((host, index) => ({ _id: index, host, priority: index === 0 ? 2 : 1 }));
      await local.command({ replSetInitiate: { _id: setName, members } }).catch((error: unknown) => {
        // A member that has just restarted has not loaded its configuration yet.
        if (!hasCode(error, CODES.alreadyInitialized, CODES.unauthorized)) throw error;
      });
    }
    await delay(POLL_MS);
  }
  throw new Error(`The replica set has no primary after ${READY_TIMEOUT_MS / 1000} s.`);
}

/** Signs in as the administrator, and creates that user if there is no user yet. The caller closes the client. */
async function openAsAdmin(local: Db, target: Target, password: string): Promise<MongoClient> {
  const open = () =>
    new MongoClient(`mongodb://${target.hosts.join(',')}/?replicaSet=${encodeURIComponent(target.setName)}`, {
      auth: { username: ADMIN, password },
      appName: 'orders-init-replica-set',
    }).connect();
  try {
    return await open();
  } catch (error) {
    if (!hasCode(error, CODES.authenticationFailed)) throw error;
  }
  await local.command({ createUser: ADMIN, pwd: password, roles: ADMIN_ROLES }).catch((error: unknown) => {
    if (!hasCode(error, CODES.unauthorized)) throw error;
    throw new Error(`The replica set has users, and its user ${ADMIN} does not have the password of the file.`);
  });
  return open();
}

/** Creates the program's role and user, or updates the rights and the password of existing ones. */
async function ensureProgramUser(client: MongoClient, { user, db }: Target): Promise<void> {
  const role = { privileges: privilegesOn(db), roles: [] };
  const admin = client.db('admin');
  await admin.command({ createRole: PROGRAM_ROLE, ...role }).catch(async (error: unknown) => {
    if (!hasCode(error, CODES.roleExists)) throw error;
    await admin.command({ updateRole: PROGRAM_ROLE, ...role });
  });
  const account = { pwd: user.password, roles: [{ role: PROGRAM_ROLE, db: 'admin' }] };
  const home = client.db(user.db);
  await home.command({ createUser: user.name, ...account }).catch(async (error: unknown) => {
    if (!hasCode(error, CODES.userExists)) throw error;
    await home.command({ updateUser: user.name, ...account });
  });
}

function readPassword(path: string | undefined): string {
  if (path === undefined) throw new Error(USAGE);
  const password = readFileSync(path, 'utf8').trim();
  if (password === '') throw new Error(`The file ${path} is empty: it must hold the administrator's password.`);
  return password;
}

/** Creates or updates the users. Each step may be repeated, so it starts again when an election interrupts it. */
async function ensureUsers(local: Db, target: Target, password: string): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      const client = await openAsAdmin(local, target, password);
      try {
        return await ensureProgramUser(client, target);
      } finally {
        await client.close();
      }
    } catch (error) {
      if (!isElection(error) || performance.now() > deadline) throw error;
    }
    await delay(POLL_MS);
  }
}

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { 'admin-password-file': { type: 'string' } } });
  const password = readPassword(values['admin-password-file']);
  const target = readTarget(toCommandConfig(readEnv(), ['MONGODB_URI']).mongodbUri);
  const local = new MongoClient(`mongodb://127.0.0.1:${target.localPort}/?directConnection=true`);
  try {
    await initiate(local.db('admin'), target);
    await ensureUsers(local.db('admin'), target, password);
  } finally {
    await local.close();
  }
  console.log(`The replica set ${target.setName} is ready: ${target.hosts.length} members, user ${target.user.name}.`);
}

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
