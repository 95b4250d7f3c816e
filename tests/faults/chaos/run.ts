/** One chaos run: a cluster under load with faults, then healing, waiting until the cluster is at rest, and the checks. */

import { setTimeout as delay } from 'node:timers/promises';
import { type Cluster, startCluster } from '../../../dev/cluster/cluster.ts';
import { SeededRandom } from '../../../dev/history/seeded-random.ts';
import type { Clock } from '../../../jobs/ports.ts';
import { createUser } from '../../../models/accounts/create-user.ts';
import { createProduct, createVariant } from '../../../models/catalogue/edit-catalogue.ts';
import { type Database, openDatabase } from '../../../models/db/database.ts';
import type { Order } from '../../../models/order/order-document.ts';
import { createAuth } from '../../../server/auth/auth.ts';
import { toConfig } from '../../../server/config/config.ts';
import { compileEntry } from '../../support/compile-entry.ts';
import { actAsBank, endDisputes } from './bank.ts';
import { ALL_TRANSITIONS, type CheckResult, check, countTransitions } from './checker.ts';
import { History } from './history.ts';
import { createNemesis, type Nemesis } from './nemesis.ts';
import { type RunContext, shop, work } from './people.ts';
import { planFaults } from './plan.ts';
import { untilAtRest } from './rest.ts';

export interface ChaosOptions {
  seed: number;
  minutes: number;
  logFolder?: string;
  say: (line: string) => void;
}

export interface ChaosResult extends CheckResult {
  history: History;
  faults: Nemesis['counts'];
  misses: string[];
  healMs: number;
}

const SHOPPERS = 8;
const STAFF = 2;
const VARIANTS = 8;
const FIRST_STOCK = 60;
/** Claims of two minutes end in twelve seconds, so that the run can wait for healing. */
const CLOCK_FACTOR = 10;
/** The lock, the sweep and the provider (I8), with reserve for a busy machine. */
const HEAL_WITHIN_MS = 180_000;
const PROGRESS_EVERY_MS = 5_000;
const LINGER_MS = 60_000;

export async function runChaos({ seed, minutes, logFolder, say }: ChaosOptions): Promise<ChaosResult> {
  const random = new SeededRandom(seed);
  const loadMs = minutes * 60_000;
  const timing = { since: Date.now(), factor: CLOCK_FACTOR };
  const clock: Clock = { now: () => new Date(timing.since + (Date.now() - timing.since) * timing.factor) };
  const entry = await compileEntry('tests/faults/chaos/role-entry.ts');
  const cluster = await startCluster({
    clock,
    entry: { file: entry, settings: { clock: timing, skewMs: 0 } },
    env: {
      CALLS_PER_MINUTE: '1000000',
      SHIPPING_FEE: 'NGN 1500',
      STAFF_SESSION_HOURS: '720',
      // Every other seed reserves stock; the reservations end within the run.
      STOCK_HOLD_MINUTES: seed % 2 === 0 ? '0' : '5',
    },
    ...(logFolder === undefined ? {} : { logFolder }),
    prepare: true,
  });
  const db = await openDatabase(cluster.settings.env.MONGODB_URI ?? '', { dbName: cluster.settings.dbName });
  try {
    const variantIds = await stockShelves(db, clock);
    const history = new History();
    let over = false;
    const context: RunContext = { url: cluster.url, sandbox: cluster.sandbox, history, variantIds, isOver: () => over };
    const tokens = await signIn(cluster, db, clock);
    const nemesis = createNemesis(cluster, db);
    const plan = planFaults(seed, loadMs);
    say(`${plan.length} faults are planned, ${SHOPPERS} shoppers and ${STAFF} staff are at work`);
    const progress = setInterval(() => say(progressLine(history, nemesis)), PROGRESS_EVERY_MS);
    const people = tokens.map(({ name, token, role }) =>
      (role === 'customer' ? shop : work)(context, name, token, new SeededRandom(random.integer(0, 2 ** 31))),
    );
    people.push(actAsBank(context, new SeededRandom(random.integer(0, 2 ** 31))));
    await nemesis.run(plan);
    // Without faults, a short or slow run continues until every status transition has occurred.
    await untilTransitions(db, LINGER_MS);
    over = true;
    await Promise.all(people);
    clearInterval(progress);
    await nemesis.heal();
    endDisputes(cluster.sandbox, random);
    cluster.sandbox.settle();
    await enqueueReconcile(db);
    const { tookMs, unrest } = await untilAtRest(db, cluster.sandbox, HEAL_WITHIN_MS);
    say(unrest.length === 0 ? `healed in ${Math.round(tookMs)} ms` : `not at rest: ${unrest.join(', ')}`);
    const result = await check({ history, elections: nemesis.elections }, cluster, db, clock);
    const violations = [...unrest.map((what) => `I8: after ${HEAL_WITHIN_MS} ms still ${what}`), ...result.violations];
    return { ...result, violations, history, faults: nemesis.counts, misses: nemesis.misses, healMs: tookMs };
  } finally {
    await db.connection.close();
    await cluster.stop();
  }
}

async function untilTransitions(db: Database, withinMs: number): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (performance.now() < giveUpAt) {
    const orders = await db.orders.find({}, { history: 1 }).lean<Pick<Order, 'history'>[]>();
    const seen = countTransitions(orders);
    if (ALL_TRANSITIONS.every((name) => seen.has(name))) return;
    await delay(1_000);
  }
}

function progressLine({ operations }: History, { counts }: Nemesis): string {
  const count = (outcome: string) => operations.filter((operation) => operation.outcome === outcome).length;
  const faults = [...counts.values()].reduce((sum, one) => sum + one, 0);
  return `${operations.length} operations: ${count('ok')} ok, ${count('fail')} refused, ${count('unknown')} unknown; ${faults} faults`;
}

async function stockShelves(db: Database, clock: Clock): Promise<string[]> {
  const now = clock.now();
  const product = await createProduct(
    db,
    { slug: 'chaos', title: 'Chaos', description: 'For chaos.', category: 'tests' },
    { actor: 'system', now },
  );
  const ids: string[] = [];
  for (let n = 1; n <= VARIANTS; n += 1) {
    const input = {
      productId: product._id,
      sku: `CHAOS-${n}`,
      title: `Size ${n}`,
      price: 500_000,
      currency: 'NGN',
      stock: FIRST_STOCK,
    } as const;
    ids.push(String((await createVariant(db, input, { actor: 'system', now }))._id));
  }
  return ids;
}

/** Creates accounts and tokens in the database, because the run does not test signing in. */
async function signIn(cluster: Cluster, db: Database, clock: Clock) {
  const auth = createAuth({ config: toConfig(cluster.settings.env), db, clock });
  const roles = [
    ...Array.from({ length: SHOPPERS }, () => 'customer' as const),
    ...Array.from({ length: STAFF }, () => 'owner' as const),
  ];
  return Promise.all(
    roles.map(async (role, index) => {
      const name = `${role}-${index}`;
      const user = await createUser(db, { email: `${name}@example.com`, name, role }, clock.now());
      return { name, role, token: (await auth.issue(user)).token };
    }),
  );
}

/** The run does not wait an hour for the next reconcilePaystack. */
async function enqueueReconcile(db: Database): Promise<void> {
  await db.connection.collection('agendaJobs').insertOne({
    name: 'reconcilePaystack',
    type: 'normal',
    priority: 0,
    nextRunAt: new Date(0),
    lockedAt: null,
    disabled: null,
    data: {},
  });
}
