import { setTimeout as delay } from 'node:timers/promises';
import { type Db, MongoClient, MongoServerError } from 'mongodb';
import { StartError } from '../start/start-error.ts';

const READY_TIMEOUT_MS = 30_000;
/** Short, because the user waits for the start. */
const POLL_MS = 20;

/** An election takes about one second instead of ten, which failover tests wait for. */
const SETTINGS = { electionTimeoutMillis: 1_000, heartbeatIntervalMillis: 200, heartbeatTimeoutSecs: 2 };

/** Error codes of a mongod that is still loading its configuration. */
const LOADING = new Set(['NotYetInitialized', 'ConfigurationInProgress', 'InterruptedDueToReplStateChange']);

/** Member states of replSetGetStatus. */
const PRIMARY = 1;
const SECONDARY = 2;

/** The fields of mongod's stored configuration that are read here. */
interface StoredConfig {
  _id: string;
  version: number;
  /** false after a stop while writes did not wait for the journal. */
  writeConcernMajorityJournalDefault?: boolean;
  members: { _id: number; host: string }[];
}

/**
 * Initiates a new set, or reconfigures a stored set of one member to its current port; its writes wait for the journal. May be repeated. Resolves once the
 * primary accepts writes and every member replicates; throws StartError after 30 s.
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
  // mongod refuses replSetGetConfig while it loads the configuration, so this reads the document.
  const stored = await client
    .db('local')
    .collection<StoredConfig>('system.replset')
    .findOne({}, { readPreference: 'nearest' });
  if (stored === null) {
    await admin.command({ replSetInitiate: { _id: name, members, settings: SETTINGS } });
  } else if (stored.members[0]?.host !== hosts[0] || stored.writeConcernMajorityJournalDefault === false) {
    // Under its old address the member is not in the set, so it cannot become primary: the change must be forced.
    const config = { _id: stored._id, version: stored.version + 1, members, settings: SETTINGS };
    await onceLoaded(() => admin.command({ replSetReconfig: config, force: true }));
  }
}

/** Retries a command while mongod refuses it because its configuration is still loading. */
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

/** Also waits until every member replicates; before, a majority write would block and a failover would find no secondary. */
async function untilReady(admin: Db): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const hello = await admin.command({ hello: 1 });
    // Any member may be primary. Before there is one, replSetGetStatus may still be refused.
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
