/**
 * Ten thousand almost valid requests to the tRPC router, the OpenAPI routes and the webhook endpoint, from anonymous clients,
 * a customer and staff (I12, I15).
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { z } from 'zod';
import { allProcedures, type ProcedureEntry } from '../../dev/docs/procedures.ts';
import { sign } from '../../server/paystack/signature.ts';
import { openApiDocument } from '../../server/rest/openapi.ts';
import { bodies } from '../support/fuzz/from-schema.ts';
import { createSender, type RawRequest, type Sender } from '../support/fuzz/send.ts';
import { buy, expectAllConsistent, type Shop, startTestShop } from '../support/shopping.ts';
import { PAYSTACK_KEY, type SignedIn } from '../support/test-app.ts';

const REQUESTS = 10_000;
/** Fixed, so that a failure can be repeated. */
const SEED = 20_261_123;
const AT_ONCE = 16;

let shop: Shop;
let customer: SignedIn;
/** Ids of other people's documents, which the customer must not reach. */
let ids: string[];
let references: string[];
let sender: Sender;
beforeAll(async () => {
  shop = await startTestShop();
  sender = createSender(shop.url, AT_ONCE);
  const [first, second] = [await buy(shop), await buy(shop)];
  customer = await shop.signUp();
  ids = [first.orderId, second.orderId, first.shopper.id];
  references = [first.txRef, second.txRef];
});
afterAll(async () => {
  sender.close();
  await shop.stop();
});

const who = () => fc.constantFrom<'nobody' | 'customer' | 'staff'>('nobody', 'customer', 'staff');
const headersOf = (caller: 'nobody' | 'customer' | 'staff'): Record<string, string> => ({
  'content-type': 'application/json',
  accept: 'application/json',
  ...(caller === 'nobody' ? {} : { authorization: `Bearer ${(caller === 'staff' ? shop.staff : customer).token}` }),
});

const NO_INPUT = z.toJSONSchema(z.strictObject({ unexpected: z.string().optional() }));

function procedureRequests({ path, type, inputs }: ProcedureEntry): fc.Arbitrary<RawRequest> {
  const [input] = inputs;
  const schema = input ? z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) : NO_INPUT;
  return fc.tuple(who(), fc.boolean()).chain(([caller, batched]) => {
    // Staff may change existing documents, so their requests get random ids.
    const generated = bodies(schema, caller === 'staff' ? [] : ids);
    return generated.map((body): RawRequest => {
      const headers = headersOf(caller);
      if (type === 'mutation') return { method: 'POST', url: `/trpc/${path}`, headers, body };
      const query =
        batched && type === 'query' ? `batch=1&input=${encodePart(`{"0":${body}}`)}` : `input=${encodePart(body)}`;
      return { method: 'GET', url: `/trpc/${path}?${query}`, headers };
    });
  });
}

const operation = z.looseObject({
  parameters: z.array(z.object({ name: z.string() })).optional(),
  requestBody: z.object({ content: z.object({ 'application/json': z.object({ schema: z.unknown() }) }) }).optional(),
});

/** The document's operations, with their parameters and bodies as the document describes them. */
function routeRequests(): fc.Arbitrary<RawRequest>[] {
  const { paths } = openApiDocument('http://shop.example');
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      const { parameters = [], requestBody } = operation.parse(described);
      const texts = fc.oneof(fc.constantFrom(...ids, ...references), fc.string({ unit: 'binary' }), fc.string());
      const address = fc
        .tuple(...parameters.map(() => texts))
        .map((values) =>
          parameters.reduce(
            (built, { name }, index) => built.replace(`{${name}}`, encodePart(values[index] ?? '')),
            path,
          ),
        );
      const body = requestBody ? bodies(requestBody.content['application/json'].schema, ids) : fc.constant(null);
      return fc.tuple(who(), address, body).map(
        ([caller, url, text]): RawRequest => ({
          method: method.toUpperCase(),
          url,
          headers: headersOf(caller),
          ...(text === null ? {} : { body: text }),
        }),
      );
    }),
  );
}

/** encodeURIComponent throws on a lone surrogate. */
function encodePart(text: string): string {
  try {
    return encodeURIComponent(text) || '%20';
  } catch {
    return '%ED%A0%80';
  }
}

/** With valid signatures, because the endpoint ignores the body of an unsigned request. */
function webhookRequests(): fc.Arbitrary<RawRequest> {
  const event = z.strictObject({
    event: z.enum(['charge.success', 'refund.processed', 'charge.dispute.create', 'invented']),
    data: z.strictObject({
      reference: z.string().optional(),
      amount: z.int().optional(),
      status: z.string().optional(),
    }),
  });
  return bodies(z.toJSONSchema(event), []).map((body) => ({
    method: 'POST',
    url: '/webhooks/paystack',
    headers: { 'x-paystack-signature': sign(Buffer.from(body), PAYSTACK_KEY) },
    body,
  }));
}

async function dump({ db }: Shop): Promise<string> {
  const collections = [db.orders, db.emails, db.stockMovements, db.variants];
  const all = await Promise.all(collections.map((model) => model.collection.find({}).sort({ _id: 1 }).toArray()));
  return JSON.stringify(all);
}

test(`${REQUESTS} requests cause no 500, no dead process and no changed document`, async () => {
  const before = await dump(shop);
  // Every sign-in computes a slow password hash, so these get a smaller share.
  // A valid input of auth.signOut ends the session that the other requests need.
  const entries = allProcedures().filter(({ path }) => path !== 'auth.signOut');
  const procedures = entries.map((entry) => ({
    weight: entry.path === 'auth.login' || entry.path === 'auth.register' ? 1 : 4,
    arbitrary: procedureRequests(entry),
  }));
  const routes = routeRequests().map((arbitrary) => ({ weight: 8, arbitrary }));
  const any = fc.oneof(...procedures, ...routes, { weight: 8, arbitrary: webhookRequests() });
  const requests = fc.sample(any, { numRuns: REQUESTS, seed: SEED });
  const failures: string[] = [];
  const statuses = new Map<number, number>();
  const work = async () => {
    for (let request = requests.pop(); request !== undefined; request = requests.pop()) {
      const { status, text } = await sender.send(request);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 500 || /"INTERNAL"|\bat .+\.ts:/.test(text))
        failures.push(
          `${status} ${request.url.slice(0, 200)} ${String(request.body).slice(0, 300)} → ${text.slice(0, 300)}`,
        );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(failures).toEqual([]);
  // Enough requests must pass validation, or the test would show nothing.
  expect(statuses.get(200) ?? 0).toBeGreaterThan(REQUESTS / 50);
  expect(statuses.get(404) ?? 0).toBeGreaterThan(REQUESTS / 50);
  expect((await fetch(`${shop.opsUrl}/livez`)).status).toBe(200);
  expect(shop.logged.filter(({ msg }) => msg === 'request failed')).toEqual([]);
  expect(await dump(shop)).toBe(before);
  await expectAllConsistent(shop);
}, 600_000);
