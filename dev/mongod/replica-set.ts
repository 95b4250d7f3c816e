/**
 * Makes one replica set of mongods that listen on this machine, or makes a kept set of one continue.
 * Called by embedded-mongo only, once after its processes have started.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type Db, MongoClient, MongoServerError } from 'mongodb';
import { StartError } from '../start/start-error.ts';

const READY_TIMEOUT_MS = 30_000;
/** Often, because start-up time is waited for. */
const POLL_MS = 20;

/** Elections within about a second instead of ten: tests of failover wait for them. */
const SETTINGS = { electionTimeoutMillis: 1_000, heartbeatIntervalMillis: 200, heartbeatTimeoutSecs: 2 };

/** Refusals of a mongod that is still loading its configuration. */
const LOADING = new Set(['NotYetInitialized', 'ConfigurationInProgress', 'InterruptedDueToReplStateChange']);

/** Member states of replSetGetStatus. */
const PRIMARY = 1;
const SECONDARY = 2;

/** What mongod keeps of its configuration, as far as it is read here. */
interface StoredConfig {
  _id: string;
  version: number;
  members: { _id: number; host: string }[];
}

/**
 * Initiates a fresh set, or lets a kept one of a single member continue under its present port. May be repeated.
 * Resolves once a primary takes writes and every member replicates. Throws StartError when that takes half a minute.
 */
export async function formReplicaSet(name: string, ports: number[]): Promise<void> {
  const hosts = ports.map((port) => `127.0.0.1:${port}`);
  const client = new MongoClient(`mongodb://${hosts[0]}/?directConnection=true`, { serverSelectionTimeoutMS: 5_000 });
  try {
    await configure(client, name, hosts);
    await untilReady(client.db('admin'));
  } finally {
    await client.close();
  }
}

async function configure(client: MongoClient, name: string, hosts: string[]): Promise<void> {
  const admin = client.db('admin');
  const members = hosts.map((host, index) => ({ _id: index, host }));
  // Read as a document, because replSetGetConfig is refused while mongod is still loading it.
  const stored = await client
    .db('local')
    .collection<StoredConfig>('system.replset')
    .findOne({}, { readPreference: 'nearest' });
  if (stored === null) {
    await admin.command({ replSetInitiate: { _id: name, members, settings: SETTINGS } });
  } else if (stored.members[0]?.host !== hosts[0]) {
    // The member does not find itself under its old address, so it cannot be primary and change that in the usual way.
    const config = { _id: stored._id, version: stored.version + 1, members, settings: SETTINGS };
    await onceLoaded(() => admin.command({ replSetReconfig: config, force: true }));
  }
}

/** Repeats a command that is refused only because mongod is still loading its configuration. */
async function onceLoaded(command: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      await command();
      return;
    } catch (error) {
      const loading = error instanceof MongoServerError && LOADING.has(String(error.codeName));
      if (!loading || performance.now() > deadline) throw error;
      await delay(POLL_MS);
    }
  }
}

/**
 * Also waits until every member replicates: until then a majority write would block, and killing the primary would end
 * the set.
 */
async function untilReady(admin: Db): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const hello = await admin.command({ hello: 1 });
    // Any member may have won; before there is a primary the status is not asked for, as it may not be loaded yet.
    const hasPrimary = hello.isWritablePrimary === true || typeof hello.primary === 'string';
    if (hasPrimary && (await everyMemberReplicates(admin))) return;
    await delay(POLL_MS);
  }
  throw new StartError(`The embedded MongoDB had no primary within ${READY_TIMEOUT_MS / 1000} s.`);
}

async function everyMemberReplicates(admin: Db): Promise<boolean> {
  const { members } = await admin.command({ replSetGetStatus: 1 });
  return Array.isArray(members) && members.every(({ state }) => state === PRIMARY || state === SECONDARY);
}
