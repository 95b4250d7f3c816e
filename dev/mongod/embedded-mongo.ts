/** A local MongoDB. It is always a replica set, because transactions and change streams need one. */
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../start/ports.ts';
import { findMongod } from './mongod-binary.ts';
import { type MongodOptions, type MongodProcess, PortTakenError, startMongod } from './mongod-process.ts';
import { formReplicaSet } from './replica-set.ts';

export interface EmbeddedMongoOptions {
  /**
   * A folder that stays, also usable after kill -9 and under another port. Or a temporary folder, removed on stop: on the
   * disk ('ephemeral'), or in memory if there is enough ('in memory'). Memory is faster but distorts a benchmark.
   */
  dbPath: string | 'ephemeral' | 'in memory';
  /** The port of the first member; missing: a free one. */
  port?: number;
  /** Three members are for failover tests and need a temporary folder. */
  members?: 1 | 3;
  log?: (line: string) => void;
}

export interface EmbeddedMongo {
  /** Includes `replicaSet` and no database name. */
  uri: string;
  members: EmbeddedMember[];
  /** Stops every process and removes a temporary folder. May be repeated. */
  stop(): Promise<void>;
}

export interface EmbeddedMember {
  readonly port: number;
  /** The current process id, or the last one. */
  readonly pid: number;
  /** Resolves once the process has exited; for SIGSTOP and SIGCONT at once. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts the member again after `kill`, on the same port and folder. Resolves once it listens. */
  restart(): Promise<void>;
}

const REPLICA_SET = 'orders';
/** Exists on Linux only. The databases of a test run take about 1.5 GB. */
const MEMORY_FOLDER = '/dev/shm';
const LEAST_MEMORY_BYTES = 4 * 1024 ** 3;
const FREE_PORT_ATTEMPTS = 5;
/** Closing a database takes about a second. */
const CLOSE_TIMEOUT_MS = 8_000;

/**
 * Resolves once the primary accepts writes, after about a second. Throws StartError if no mongod is found, the port is taken
 * or the folder is in use; then nothing is left running.
 */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const { dbPath, port, members: count = 1, log = () => undefined } = options;
  const isKept = dbPath !== 'ephemeral' && dbPath !== 'in memory';
  if (count > 1 && isKept) throw new Error('three members are ephemeral only');
  const binary = (await findMongod(log)).path;
  const parent = dbPath === 'in memory' ? await memoryFolder() : tmpdir();
  const temporaryFolder = isKept ? null : await mkdtemp(join(parent, 'orders-mongo-'));
  const isRoomy = parent === MEMORY_FOLDER;
  const shared = { binary, replicaSet: REPLICA_SET, temporaryFolder, ...(isRoomy ? { cacheGb: 1 } : {}) };
  // allSettled, because a member that is still starting could not be stopped.
  const started = await Promise.allSettled(
    Array.from({ length: count }, (_, index) => {
      const folder = temporaryFolder === null ? dbPath : join(temporaryFolder, `member-${index}`);
      return startMember({ ...shared, dbPath: folder }, index === 0 ? port : undefined);
    }),
  );
  const members = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const stop = async () => {
    await Promise.all(members.map((member) => member.stop()));
    if (temporaryFolder !== null) await rm(temporaryFolder, { recursive: true, force: true });
  };
  try {
    for (const each of started) if (each.status === 'rejected') throw each.reason;
    await formReplicaSet(
      REPLICA_SET,
      members.map((member) => member.port),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  const hosts = members.map((member) => `127.0.0.1:${member.port}`).join(',');
  return { uri: `mongodb://${hosts}/?replicaSet=${REPLICA_SET}`, members, stop };
}

async function memoryFolder(): Promise<string> {
  const room = await statfs(MEMORY_FOLDER).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return room >= LEAST_MEMORY_BYTES ? MEMORY_FOLDER : tmpdir();
}

async function startMember(options: Omit<MongodOptions, 'port'>, port: number | undefined): Promise<Member> {
  for (let attempt = 1; ; attempt++) {
    const member = new Member({ ...options, port: port ?? (await findFreePort()) });
    try {
      await member.restart();
      return member;
    } catch (error) {
      // A free port may be taken before mongod binds it.
      const mayRetry = error instanceof PortTakenError && port === undefined && attempt < FREE_PORT_ATTEMPTS;
      if (!mayRetry) throw error;
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

  /** SIGTERM with a time limit; a temporary database is killed at once. */
  async stop(): Promise<void> {
    if (this.#options.temporaryFolder !== null) return this.kill('SIGKILL');
    const killTimer = setTimeout(() => this.#process?.kill('SIGKILL'), CLOSE_TIMEOUT_MS);
    await this.kill('SIGTERM');
    clearTimeout(killTimer);
  }
}
