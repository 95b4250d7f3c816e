/**
 * A MongoDB replica set of our own: kept in a folder (a restart continues, also after kill -9 and on another port) or
 * ephemeral, of one member or three. Always a replica set, because transactions and change streams need one.
 * Called by start, demo and the tests; production never imports it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Db, MongoClient, MongoServerError } from 'mongodb';
import { findMongod } from './mongod-binary.ts';
import { findFreePort, type MongodOptions, type MongodProcess, PortTakenError, startMongod } from './mongod-process.ts';
import { StartError } from './start-error.ts';

export interface EmbeddedMongoOptions {
  /** A folder that is kept; 'ephemeral' is a temporary one, removed on stop. */
  dbPath: string | 'ephemeral';
  /** Of the first member; without it a free one. */
  port?: number;
  /** Three members are for tests of failover, and ephemeral only. */
  members?: 1 | 3;
  log?: (line: string) => void;
}

export interface EmbeddedMongo {
  /** Without a database name; names the replica set. */
  uri: string;
  members: EmbeddedMember[];
  /** Ends every process and removes an ephemeral folder. May be repeated. */
  stop(): Promise<void>;
}

export interface EmbeddedMember {
  readonly port: number;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** Resolves once the signal has ended the process; for SIGSTOP and SIGCONT at once. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts the member again on the same port and folder, after kill. Resolves once it listens. */
  restart(): Promise<void>;
}

const REPLICA_SET = 'orders';
const READY_TIMEOUT_MS = 30_000;
const POLL_MS = 20;
const FREE_PORT_ATTEMPTS = 5;
/** A kept database is given this long to close; it usually takes well under a second. */
const CLOSE_TIMEOUT_MS = 8_000;

/** Elections within about a second instead of ten: tests of failover wait for them. */
const SETTINGS = { electionTimeoutMillis: 1_000, heartbeatIntervalMillis: 200, heartbeatTimeoutSecs: 2 };

const LOADING = new Set(['NotYetInitialized', 'ConfigurationInProgress', 'InterruptedDueToReplStateChange']);

/** What mongod keeps of its configuration, as far as it is read here. */
interface StoredConfig {
  _id: string;
  version: number;
  members: { _id: number; host: string }[];
}

/**
 * Resolves once a primary takes writes: about a second. Throws StartError when there is no mongod, the port is taken or
 * the folder is in use; then nothing is left running.
 */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const { dbPath, members: count = 1, log = () => undefined } = options;
  if (count > 1 && dbPath !== 'ephemeral') throw new Error('three members are ephemeral only');
  const binary = (await findMongod(log)).path;
  // All are waited for, also when one fails: a member that is still starting could not be stopped.
  const started = await Promise.allSettled(
    Array.from({ length: count }, (_, index) => startMember(binary, dbPath, index === 0 ? options.port : undefined)),
  );
  const members = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const stop = () => Promise.all(members.map((member) => member.stop())).then(() => undefined);
  try {
    for (const each of started) if (each.status === 'rejected') throw each.reason;
    await formReplicaSet(members.map((member) => member.port));
  } catch (error) {
    await stop();
    throw error;
  }
  const hosts = members.map((member) => `127.0.0.1:${member.port}`).join(',');
  return { uri: `mongodb://${hosts}/?replicaSet=${REPLICA_SET}`, members, stop };
}

async function startMember(binary: string, dbPath: string, port: number | undefined): Promise<Member> {
  const ephemeral = dbPath === 'ephemeral';
  const folder = ephemeral ? await mkdtemp(join(tmpdir(), 'orders-mongo-')) : dbPath;
  for (let attempt = 1; ; attempt++) {
    const options = {
      binary,
      dbPath: folder,
      port: port ?? (await findFreePort()),
      replicaSet: REPLICA_SET,
      ephemeral,
    };
    const member = new Member(options);
    try {
      await member.restart();
      return member;
    } catch (error) {
      // A port that was free may be gone when mongod asks for it.
      if (error instanceof PortTakenError && port === undefined && attempt < FREE_PORT_ATTEMPTS) continue;
      await member.stop();
      throw error;
    }
  }
}

class Member implements EmbeddedMember {
  readonly #options: MongodOptions;
  #process: MongodProcess | null = null;

  constructor(options: MongodOptions) {
    this.#options = options;
  }

  get port(): number {
    return this.#options.port;
  }

  get pid(): number {
    if (!this.#process) throw new Error('this member was never started');
    return this.#process.pid;
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    this.#process?.kill(signal);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await this.#process?.exited;
  }

  async restart(): Promise<void> {
    this.#process = await startMongod(this.#options);
  }

  async stop(): Promise<void> {
    const { ephemeral, dbPath } = this.#options;
    if (ephemeral) {
      await this.kill('SIGKILL');
      await rm(dbPath, { recursive: true, force: true });
      return;
    }
    const impatient = setTimeout(() => this.#process?.kill('SIGKILL'), CLOSE_TIMEOUT_MS);
    await this.kill('SIGTERM');
    clearTimeout(impatient);
  }
}

/** Initiates a fresh set, or makes a kept one of a single member continue under its present port. Waits for a primary. */
async function formReplicaSet(ports: number[]): Promise<void> {
  const hosts = ports.map((port) => `127.0.0.1:${port}`);
  const client = new MongoClient(`mongodb://${hosts[0]}/?directConnection=true`, { serverSelectionTimeoutMS: 5_000 });
  try {
    await configure(client, hosts);
    await untilPrimary(client.db('admin'));
  } finally {
    await client.close();
  }
}

async function configure(client: MongoClient, hosts: string[]): Promise<void> {
  const admin = client.db('admin');
  const members = hosts.map((host, index) => ({ _id: index, host }));
  // Read as a document, because replSetGetConfig is refused while mongod is still loading it.
  const stored = await client
    .db('local')
    .collection<StoredConfig>('system.replset')
    .findOne({}, { readPreference: 'nearest' });
  if (stored === null) {
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members, settings: SETTINGS } });
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

async function untilPrimary(admin: Db): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const hello = await admin.command({ hello: 1 });
    // Any member of the set may have won; a primary that others name takes writes too.
    if (hello.isWritablePrimary === true || typeof hello.primary === 'string') return;
    await delay(POLL_MS);
  }
  throw new StartError(`The embedded MongoDB had no primary within ${READY_TIMEOUT_MS / 1000} s.`);
}
