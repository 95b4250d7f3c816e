/** Starts a side's shop over a fresh database of the shared mongod, with a sandbox and a mailbox of its own. */

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { MongoClient } from 'mongodb';
import * as z from 'zod';
import { startMailbox } from '../../../dev/mailbox/mailbox.ts';
import { startPaystackSandbox } from '../../../dev/paystack-sandbox/src/index.ts';
import { environment, PAYSTACK_KEY, SENDGRID_KEY } from '../http/bench-server.ts';
import { type Child, startCompiled } from '../http/child.ts';
import type { JourneyShop } from '../http/journeys.ts';
import type { MongoServer } from '../mongo-server.ts';

export interface AgainstSide extends JourneyShop {
  name: string;
  pids: readonly number[];
  /** The database, by the driver alone: its documents are the side's own. */
  client: MongoClient;
  dbName: string;
  /** New customers' tokens. */
  signUp(count: number): Promise<string[]>;
  /** Orders with a payment page and without a charge. */
  storeUnpaid(count: number): Promise<UnpaidOrder[]>;
  /** Throws on any violation that the side's own audit finds. */
  audit(): Promise<void>;
  stop(): Promise<void>;
}

const startedSchema = z.object({ variantIds: z.array(z.string()) });
const unpaidSchema = z.array(z.object({ id: z.string(), txRef: z.string(), total: z.number() }));
export type UnpaidOrder = z.infer<typeof unpaidSchema>[number];
const replySchema = z.object({ id: z.number(), answer: z.unknown().optional(), failed: z.string().optional() });

/** One process for each element of `roles` (values of ROLES), all from `file`. The first one serves. */
export async function startSide(
  mongo: MongoServer,
  { name, file, roles = ['web,worker'] }: { name: string; file: string; roles?: readonly string[] },
): Promise<AgainstSide> {
  const dbName = `bench_${randomBytes(6).toString('hex')}`;
  const [sandbox, mailbox, client] = await Promise.all([
    startPaystackSandbox({ secretKey: PAYSTACK_KEY }),
    startMailbox({ apiKey: SENDGRID_KEY }),
    MongoClient.connect(mongo.uri),
  ]);
  const own = { BENCH_DB_NAME: dbName, BENCH_PAYSTACK_URL: sandbox.url, BENCH_SENDGRID_URL: mailbox.url };
  const children: (Child & { message: unknown })[] = [];
  for (const [index, role] of roles.entries()) {
    const fill = { BENCH_FILL: index === 0 ? 'yes' : 'no' };
    children.push(await startCompiled(file, { ...environment(mongo.uri, role), ...own, ...fill }));
  }
  const [first] = children;
  if (first === undefined) throw new Error('A side has at least one process.');
  const call = createCalls(first);
  return {
    name,
    url: first.url,
    variantIds: startedSchema.parse(first.message).variantIds,
    pids: children.map(({ pid }) => pid),
    client,
    dbName,
    signUp: async (count) => z.array(z.string()).parse(await call('signUp', count)),
    storeUnpaid: async (count) => unpaidSchema.parse(await call('storeUnpaid', count)),
    audit: async () => {
      await call('audit', 0);
    },
    async stop() {
      await Promise.all(children.map((child) => child.stop()));
      await Promise.all([sandbox.close(), mailbox.close()]);
      await client.db(dbName).dropDatabase();
      await client.close();
    },
  };
}

/** One call at a time to the process, answered by a message. */
function createCalls({ process: child }: Child) {
  let id = 0;
  return async (call: string, count: number): Promise<unknown> => {
    id += 1;
    child.send({ id, call, count });
    const [message] = await once(child, 'message');
    const { answer, failed } = replySchema.parse(message);
    if (failed !== undefined) throw new Error(failed);
    return answer;
  };
}
