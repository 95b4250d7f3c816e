/** Injects the planned faults into a cluster. */
import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import type { Cluster } from '../../../dev/cluster/cluster.ts';
import type { RoleProcess } from '../../../dev/cluster/role-process.ts';
import { SeededRandom } from '../../../dev/history/seeded-random.ts';
import type { EmbeddedMember } from '../../../dev/mongod/embedded-mongo.ts';
import type { Database } from '../../../models/db/database.ts';
import type { FaultKind, PlannedFault } from './plan.ts';

const HOUR_MS = 3_600_000;
/** A fault that affected no process is repeated, each time longer by REPEAT_MS. */
const REPEAT_MS = 2_000;
const MOST_REPEATS = 6;
const TRANSIENT_CODES = [112, 251, 189, 11_600, 11_602, 91];

export interface Nemesis {
  /** Resolves after the last fault. */
  run(plan: readonly PlannedFault[]): Promise<void>;
  /** Faults that took effect, by kind. */
  counts: Map<FaultKind, number>;
  /** Ends all faults: no process is down, slow or paused afterwards. */
  heal(): Promise<void>;
  /** Descriptions of the faults that failed or had no effect. */
  misses: string[];
  /** When another member may have become primary, in ms since 1970. */
  elections: readonly Period[];
}

export interface Period {
  from: number;
  to: number;
}

const ELECTING: ReadonlySet<FaultKind> = new Set(['step-down', 'kill-primary', 'kill-secondary', 'pause-primary']);

export function createNemesis(cluster: Cluster, db: Database): Nemesis {
  const counts = new Map<FaultKind, number>();
  const misses: string[] = [];
  const elections: Period[] = [];
  const inject = async (fault: PlannedFault) => {
    const from = Date.now();
    try {
      const met = await FAULTS[fault.kind](cluster, db, fault);
      if (met) counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1);
      else misses.push(`${fault.kind}: for ${Math.round(fault.lastsMs)} ms no process was affected`);
    } catch (error) {
      misses.push(`${fault.kind}: ${String(error).slice(0, 150)}`);
    } finally {
      if (ELECTING.has(fault.kind)) elections.push({ from, to: Date.now() });
    }
  };
  return {
    counts,
    misses,
    elections,
    async run(plan) {
      const beganAt = performance.now();
      const running = new Map<string, Promise<void>>();
      for (const fault of plan) {
        await delay(Math.max(0, beganAt + fault.atMs - performance.now()));
        const group = groupOf(fault.kind);
        // A fault that lasts longer than planned, such as a slow start, delays only its own group.
        running.set(
          group,
          (running.get(group) ?? Promise.resolve()).then(() => inject(fault)),
        );
      }
      await Promise.all(running.values());
      await repeatMissed(plan, counts, inject);
    },
    async heal() {
      cluster.sandbox.clearScript();
      cluster.sandbox.clearWebhookRules();
      cluster.mailbox.clearScript();
      await cluster.sandbox.releaseWebhooks();
      for (const member of cluster.mongo.members) await setFailPoint(member, null).catch(() => undefined);
      for (const role of cluster.roles()) role.signal('SIGCONT');
    },
  };
}

/** Repeats each kind of fault that had no effect, for longer, while the load continues. */
async function repeatMissed(
  plan: readonly PlannedFault[],
  counts: ReadonlyMap<FaultKind, number>,
  inject: (fault: PlannedFault) => Promise<void>,
): Promise<void> {
  for (const fault of new Map(plan.map((one) => [one.kind, one])).values()) {
    for (let time = 1; time <= MOST_REPEATS && !counts.has(fault.kind); time += 1)
      await inject({ ...fault, lastsMs: Math.max(fault.lastsMs, time * REPEAT_MS) });
  }
}

function groupOf(kind: FaultKind): string {
  if (kind in MONGO) return 'mongo';
  return kind in PROCESSES ? 'processes' : 'outside';
}

/** Resolves with false if the fault had no effect, as far as that is known. */
type Inject = (cluster: Cluster, db: Database, fault: PlannedFault) => Promise<boolean>;

async function withMember<T>({ port }: EmbeddedMember, act: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 2_000,
  });
  try {
    return await act(client);
  } finally {
    await client.close();
  }
}

async function findPrimary({ mongo }: Cluster): Promise<EmbeddedMember> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    for (const member of mongo.members) {
      const hello = await withMember(member, (client) => client.db('admin').command({ hello: 1 })).catch(() => null);
      if (hello?.isWritablePrimary === true) return member;
    }
    await delay(100);
  }
  throw new Error('no primary was found');
}

/** Set on each member, so that the primary has it after an election too. null turns it off. Returns the number of hits. */
async function setFailPoint(member: EmbeddedMember, data: object | null): Promise<number> {
  const mode = data === null ? 'off' : 'alwaysOn';
  const reply = await withMember(member, (client) =>
    client.db('admin').command({ configureFailPoint: 'failCommand', mode, ...(data === null ? {} : { data }) }),
  );
  return Number(reply.count);
}

async function withFailPoint(cluster: Cluster, data: object, lastsMs: number): Promise<boolean> {
  const { members } = cluster.mongo;
  const before = await Promise.all(members.map((member) => setFailPoint(member, data)));
  await delay(lastsMs);
  const after = await Promise.all(members.map((member) => setFailPoint(member, null)));
  return after.some((hits, index) => hits !== before[index]);
}

/** The failpoint's appName limits it to a process under test and spares the connections of the run. */
function victimName(cluster: Cluster, die: number): string {
  const roles = cluster.roles();
  return roles[Math.floor(die * roles.length)]?.name ?? 'worker';
}

async function killMember(member: EmbeddedMember, lastsMs: number): Promise<boolean> {
  await member.kill('SIGKILL');
  await delay(lastsMs);
  await member.restart();
  return true;
}

const MONGO: Record<string, Inject> = {
  'step-down': async (cluster) => {
    const primary = await findPrimary(cluster);
    await withMember(primary, (client) =>
      client
        .db('admin')
        .command({ replSetStepDown: 5, force: true })
        .catch(() => null),
    );
    return true;
  },
  'kill-primary': async (cluster, _, { lastsMs }) => killMember(await findPrimary(cluster), lastsMs),
  'kill-secondary': async (cluster, _, { lastsMs }) => {
    const primary = await findPrimary(cluster);
    const secondary = cluster.mongo.members.find((member) => member !== primary);
    return secondary !== undefined && killMember(secondary, lastsMs);
  },
  'pause-primary': async (cluster, _, { lastsMs }) => {
    const primary = await findPrimary(cluster);
    await primary.kill('SIGSTOP');
    await delay(lastsMs);
    await primary.kill('SIGCONT');
    return true;
  },
  'transient-errors': (cluster, _, { lastsMs, dice }) => {
    const errorCode = TRANSIENT_CODES[Math.floor(dice.error * TRANSIENT_CODES.length)];
    const failCommands = dice.way < 0.5 ? ['commitTransaction'] : ['update', 'insert', 'findAndModify'];
    return withFailPoint(cluster, { failCommands, errorCode, appName: victimName(cluster, dice.victim) }, lastsMs / 2);
  },
  'cut-connections': (cluster, _, { lastsMs, dice }) =>
    withFailPoint(
      cluster,
      {
        failCommands: ['commitTransaction', 'update', 'find'],
        closeConnection: true,
        appName: victimName(cluster, dice.victim),
      },
      lastsMs / 2,
    ),
  'slow-commands': (cluster, _, { lastsMs }) =>
    withFailPoint(
      cluster,
      { failCommands: ['update', 'find', 'commitTransaction'], blockConnection: true, blockTimeMS: 300 },
      lastsMs,
    ),
};

function pickRole(cluster: Cluster, kind: 'web' | 'worker', die: number): RoleProcess {
  const roles = cluster.roles(kind);
  const role = roles[Math.floor(die * roles.length)];
  if (!role) throw new Error(`there is no ${kind}`);
  return role;
}

const kill =
  (kind: 'web' | 'worker'): Inject =>
  async (cluster, _, { lastsMs, dice }) => {
    const role = pickRole(cluster, kind, dice.victim);
    role.signal('SIGKILL');
    await delay(lastsMs / 2);
    await cluster.replace(role, { how: 'SIGKILL' });
    return true;
  };
const pause =
  (kind: 'web' | 'worker'): Inject =>
  async (cluster, _, { lastsMs, dice }) => {
    const role = pickRole(cluster, kind, dice.victim);
    role.signal('SIGSTOP');
    await delay(lastsMs);
    role.signal('SIGCONT');
    return true;
  };
const restart =
  (kind: 'web' | 'worker'): Inject =>
  async (cluster, _, { dice }) => {
    await cluster.replace(pickRole(cluster, kind, dice.victim));
    return true;
  };

const PROCESSES: Record<string, Inject> = {
  'kill-web': kill('web'),
  'kill-worker': kill('worker'),
  'pause-web': pause('web'),
  'pause-worker': pause('worker'),
  'pause-past-lock': pause('worker'),
  'restart-web': restart('web'),
  'restart-worker': restart('worker'),
  'skew-clock': async (cluster, _, { dice }) => {
    const skewMs = dice.error < 0.5 ? HOUR_MS : -HOUR_MS;
    await cluster.replace(pickRole(cluster, dice.way < 0.5 ? 'web' : 'worker', dice.victim), {
      settings: { skewMs },
    });
    return true;
  },
};

/** Removes the scripted fault after its time. It had an effect if `countCalls` has increased. */
async function whileScripted(remove: () => void, lastsMs: number, countCalls: () => number): Promise<boolean> {
  const before = countCalls();
  await delay(lastsMs);
  remove();
  return countCalls() > before;
}

const webhooks =
  (mode: 'lose' | 'duplicate' | { delayMs: number }): Inject =>
  ({ sandbox }, _, { lastsMs }) => {
    sandbox.scriptWebhooks({ mode });
    return whileScripted(
      () => sandbox.clearWebhookRules(),
      lastsMs,
      () => sandbox.webhooks().length,
    );
  };
type PaystackFault = Parameters<Cluster['sandbox']['script']>[0]['fault'];
const paystack =
  (fault: PaystackFault, carriedOut: boolean): Inject =>
  ({ sandbox }, _, { lastsMs }) =>
    whileScripted(sandbox.script({ route: 'any', carriedOut, fault }), lastsMs, () => sandbox.requests().length);
type MailRule = Parameters<Cluster['mailbox']['script']>[0];
const mail =
  (rule: MailRule): Inject =>
  ({ mailbox }, _, { lastsMs }) =>
    whileScripted(mailbox.script(rule), lastsMs, () => mailbox.attempts().length);

const OUTSIDE: Record<string, Inject> = {
  'webhooks-lost': webhooks('lose'),
  'webhooks-twice': webhooks('duplicate'),
  'webhooks-late': webhooks({ delayMs: 1_500 }),
  'webhooks-reordered': async ({ sandbox }, _, { lastsMs, dice }) => {
    sandbox.scriptWebhooks({ mode: 'hold' });
    await delay(lastsMs);
    sandbox.clearWebhookRules();
    const random = new SeededRandom(Math.floor(dice.shuffle * 2 ** 32));
    return (await sandbox.releaseWebhooks({ order: 'shuffled', random: () => random.next() })).length > 1;
  },
  'paystack-errors': paystack({ kind: 'status', status: 500 }, false),
  'paystack-silent': paystack({ kind: 'hang' }, false),
  'paystack-carried-out-unanswered': paystack({ kind: 'drop' }, true),
  'paystack-nonsense': paystack({ kind: 'html' }, true),
  'paystack-rate-limit': paystack({ kind: 'status', status: 429, retryAfterSeconds: 1 }, false),
  'mail-errors': mail({ fault: { kind: 'status', status: 503 } }),
  'mail-accepted-unanswered': mail({ carriedOut: true, fault: { kind: 'drop' } }),
  'jobs-emptied': async (_, db, { dice }) => {
    const jobs = db.connection.collection('agendaJobs');
    if (dice.way < 0.5) await jobs.deleteMany({});
    else await jobs.drop();
    return true;
  },
};

const FAULTS: Record<FaultKind, Inject> = { ...MONGO, ...PROCESSES, ...OUTSIDE } as Record<FaultKind, Inject>;
