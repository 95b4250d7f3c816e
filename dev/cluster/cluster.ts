/** The processes of docker-compose.yml on one machine, for failover by hand, rolling restarts and chaos tests. */
import { join } from 'node:path';
import type { Clock } from '../../jobs/ports.ts';
import { openDatabase } from '../../models/db/database.ts';
import { migrate } from '../../models/db/migrations/migrate.ts';
import { type Mailbox, startMailbox } from '../mailbox/mailbox.ts';
import { type EmbeddedMongo, startEmbeddedMongo } from '../mongod/embedded-mongo.ts';
import { type PaystackSandbox, startPaystackSandbox } from '../paystack-sandbox/src/index.ts';
import { makeSecrets } from '../start/secrets.ts';
import type { RoleSettings } from './role-entry.ts';
import { type RoleProcess, startRole } from './role-process.ts';
import { type RoundRobin, startRoundRobin } from './round-robin.ts';

export interface ClusterOptions {
  webs?: number;
  workers?: number;
  /** 0 takes a free port. */
  port?: number;
  /** Three by default. */
  members?: 1 | 3;
  /** One log file per process goes there; without a folder, logs are discarded. */
  logFolder?: string;
  /** Additional variables of server/config/config.ts. */
  env?: Record<string, string>;
  /** Another entry point of the same program, with settings of its own. */
  entry?: { file: string; settings: Record<string, unknown> };
  /** Migrates before the first process starts, for entry points that only assert the schema. */
  prepare?: boolean;
  /** The clock of the sandbox and the mailbox. */
  clock?: Clock;
}

export interface Cluster {
  url: string;
  mongo: EmbeddedMongo;
  sandbox: PaystackSandbox;
  mailbox: Mailbox;
  settings: RoleSettings;
  /** The processes that were started, including killed ones until `replace`. */
  roles(kind?: 'web' | 'worker'): RoleProcess[];
  /** Starts a process of the same kind, waits until it is ready, then stops the old one if it still runs. */
  replace(
    role: RoleProcess,
    options?: { how?: NodeJS.Signals; settings?: Record<string, unknown> },
  ): Promise<RoleProcess>;
  stop(): Promise<void>;
}

const DB_NAME = 'orders';

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { webs = 2, workers = 2, members = 3, port = 0 } = options;
  const secrets = makeSecrets();
  const clockOption = options.clock === undefined ? {} : { clock: options.clock };
  const [mongo, sandbox, mailbox, front] = await Promise.all([
    startEmbeddedMongo({ dbPath: 'ephemeral', members }),
    startPaystackSandbox({
      secretKey: options.env?.PAYSTACK_SECRET_KEY ?? secrets.paystackSecretKey,
      refundStepMs: 500,
      ...clockOption,
    }),
    startMailbox(clockOption),
    startRoundRobin(port),
  ]);
  sandbox.setWebhookUrl(`${front.url}/webhooks/paystack`);
  const settings = settingsOf({ secrets, front, sandbox, mailbox, mongodbUri: mongo.uri, env: options.env ?? {} });
  if (options.prepare) {
    const db = await openDatabase(mongo.uri, { dbName: DB_NAME });
    await migrate(db);
    await db.connection.close();
  }
  const running: { kind: 'web' | 'worker'; role: RoleProcess }[] = [];
  let started = 0;
  const start = async (kind: 'web' | 'worker', extra: Record<string, unknown> = {}): Promise<RoleProcess> => {
    started += 1;
    const name = `${kind}-${started}`;
    const role = await startRole({
      name,
      settings: {
        ...settings,
        ...options.entry?.settings,
        ...extra,
        env: { ...settings.env, ROLES: kind },
        appName: name,
      },
      ...(options.entry === undefined ? {} : { entry: options.entry.file }),
      ...(options.logFolder === undefined ? {} : { logFile: join(options.logFolder, `${name}.log`) }),
    });
    running.push({ kind, role });
    return role;
  };
  const updateTargets = () =>
    front.setTargets(running.flatMap(({ role: { url, opsUrl } }) => (url === null ? [] : { url, opsUrl })));
  const remove = (role: RoleProcess) => {
    const index = running.findIndex((other) => other.role === role);
    return index === -1 ? undefined : running.splice(index, 1)[0];
  };
  const cluster: Cluster = {
    url: front.url,
    mongo,
    sandbox,
    mailbox,
    settings,
    roles: (kind) => running.filter((entry) => kind === undefined || entry.kind === kind).map(({ role }) => role),
    async replace(role, { how = 'SIGTERM', settings: extra = {} } = {}) {
      const kind = running.find((other) => other.role === role)?.kind ?? 'worker';
      const successor = await start(kind, extra);
      await updateTargets();
      role.signal(how);
      await role.exited;
      remove(role);
      await updateTargets();
      return successor;
    },
    async stop() {
      for (const { role } of running) role.signal('SIGTERM');
      await Promise.all(running.map(({ role }) => role.exited));
      await Promise.all([front.close(), sandbox.close(), mailbox.close()]);
      await mongo.stop();
    },
  };
  // The first one starts alone, because it migrates.
  await start('web');
  await Promise.all([
    ...Array.from({ length: webs - 1 }, () => start('web')),
    ...Array.from({ length: workers }, () => start('worker')),
  ]);
  await updateTargets();
  return cluster;
}

interface Parts {
  secrets: { jwtSecret: string; paystackSecretKey: string };
  front: RoundRobin;
  sandbox: PaystackSandbox;
  mailbox: Mailbox;
  mongodbUri: string;
  env: Record<string, string>;
}

function settingsOf({ secrets, front, sandbox, mailbox, mongodbUri, env }: Parts): RoleSettings {
  return {
    env: {
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: '0',
      OPS_PORT: '0',
      DRAIN_SECONDS: '1',
      PUBLIC_URL: front.url,
      STOREFRONT_URL: front.url,
      MONGODB_URI: mongodbUri,
      PAYSTACK_SECRET_KEY: secrets.paystackSecretKey,
      SENDGRID_API_KEY: 'SG.mailbox',
      JWT_SECRET: secrets.jwtSecret,
      ...env,
    },
    paystackBaseUrl: sandbox.url,
    sendgridBaseUrl: mailbox.url,
    dbName: DB_NAME,
    appName: 'orders',
  };
}
