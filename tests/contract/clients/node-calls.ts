/** Makes the calls of steps.ts with one library of Node, and prints their outcome. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { AMOUNT, type Calls, outcomeSchema, REFUNDED } from './steps.ts';

const environment = z
  .object({ CLIENT: z.string(), FOLDER: z.string(), BASE_URL: z.url(), SECRET_KEY: z.string(), REFERENCE: z.string() })
  .parse(process.env);
const { CLIENT, FOLDER, BASE_URL, SECRET_KEY, REFERENCE } = environment;
const fromFolder = createRequire(path.join(FOLDER, 'package.json'));

// biome-ignore lint/suspicious/noExplicitAny: the libraries are installed on demand, so their types are not known here
type Library = any;

const require = (): Library => fromFolder(CLIENT);

function paystackApi(): Calls {
  const paystack = require()(SECRET_KEY);
  paystack.endpoint = BASE_URL;
  return {
    initialize: (body) => paystack.transaction.initialize(body),
    verify: (reference) => paystack.transaction.verify({ reference }),
    fetch: (id) => paystack.transaction.get({ id }),
    list: () => paystack.transaction.list({ perPage: 10, status: 'success' }),
    refund: (transaction, amount) => paystack.refund.create({ transaction, amount }),
    refunds: ({ id }) => paystack.refund.list({ transaction: id }),
  };
}

async function alexasomba(): Promise<Calls> {
  const entry = path.join(FOLDER, 'node_modules', CLIENT, 'dist/index.js');
  const { createPaystackClient }: Library = await import(pathToFileURL(entry).href);
  const client = createPaystackClient({ secretKey: SECRET_KEY, baseUrl: BASE_URL });
  const data = async (call: Promise<{ data?: unknown; error?: unknown }>): Promise<unknown> => {
    const { data: body, error } = await call;
    if (error !== undefined) throw new Error(JSON.stringify(error));
    return body;
  };
  const query = (members: object) => ({ params: { query: members } });
  const at = (members: object) => ({ params: { path: members } });
  return {
    initialize: (body) => data(client.POST('/transaction/initialize', { body })),
    verify: (reference) => data(client.GET('/transaction/verify/{reference}', at({ reference }))),
    fetch: (id) => data(client.GET('/transaction/{id}', at({ id }))),
    list: () => data(client.GET('/transaction', query({ per_page: 10, status: 'success' }))),
    refund: (transaction, amount) => data(client.POST('/refund', { body: { transaction, amount } })),
    refunds: () => data(client.GET('/refund', query({ perPage: 10 }))),
  };
}

function paystackNode(): Calls {
  const Paystack = require();
  const paystack = new Paystack(SECRET_KEY, 'development');
  paystack.mergeNewOptions({ baseUrl: BASE_URL });
  const body = async (call: Promise<{ body: unknown }>): Promise<unknown> => (await call).body;
  return {
    initialize: (input) => body(paystack.initializeTransaction(input)),
    verify: (reference) => body(paystack.verifyTransaction({ reference })),
    fetch: (id) => body(paystack.getTransaction({ id: String(id) })),
    list: () => body(paystack.listTransaction({ perPage: 10, status: 'success' })),
    refund: (transaction, amount) => body(paystack.createRefund({ transaction, amount })),
    refunds: ({ reference }) => body(paystack.listRefund({ reference })),
  };
}

function paystackSdk(): Calls {
  const { fetch: send } = globalThis;
  globalThis.fetch = (input, init) => send(String(input).replace('https://api.paystack.co', BASE_URL), init);
  const Paystack = require();
  const paystack = new Paystack(SECRET_KEY);
  return {
    initialize: ({ amount, ...body }) => paystack.transaction.initialize({ ...body, amount: String(amount) }),
    verify: (reference) => paystack.transaction.verify(reference),
    fetch: (id) => paystack.transaction.fetch(id),
    list: () => paystack.transaction.list({ perPage: 10, status: 'success' }),
    refund: (transaction, amount) => paystack.refund.create({ transaction, amount }),
    refunds: ({ id }) => paystack.refund.list({ transaction: id }),
  };
}

const libraries: Record<string, () => Calls | Promise<Calls>> = {
  'paystack-api': paystackApi,
  '@alexasomba/paystack-node': alexasomba,
  'paystack-node': paystackNode,
  'paystack-sdk': paystackSdk,
};

const open = libraries[CLIENT];
if (open === undefined) throw new Error(`no calls are written for ${CLIENT}`);
const calls = await open();
const dataOf = async (reply: Promise<unknown>): Promise<unknown> =>
  z.object({ status: z.literal(true), data: z.unknown() }).parse(await reply).data;
const { shape } = outcomeSchema;

const body = { email: 'clients@example.com', amount: AMOUNT, currency: 'NGN', reference: REFERENCE };
const initialized = shape.initialized.parse(await dataOf(calls.initialize(body)));
await fetch(`${BASE_URL}/__sandbox/pay`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ reference: REFERENCE }),
});
const verified = z.looseObject({ id: z.number() }).parse(await dataOf(calls.verify(REFERENCE)));
const fetched = await dataOf(calls.fetch(verified.id));
const listed = await dataOf(calls.list());
const refund = await dataOf(calls.refund(REFERENCE, REFUNDED));
const refunds = await dataOf(calls.refunds({ id: verified.id, reference: REFERENCE }));
console.log(JSON.stringify(outcomeSchema.parse({ initialized, verified, fetched, listed, refund, refunds })));
