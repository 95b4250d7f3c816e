/**
 * The hostile values of C8 and S1 in each field of each procedure's input, nested ones too, as the router lists them. A
 * clear error names the field, and no collection changes.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { appRouter } from '../../server/trpc/router.ts';
import { get, post, type RawReply } from '../support/raw-trpc.ts';
import { everything } from '../support/stocked-variant.ts';
import { type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
let staff: SignedIn;
let before: string;
beforeAll(async () => {
  app = await startTestApp();
  staff = await app.signUp({ role: 'owner' });
  before = await everything(app.db);
});
/** Of all calls together: after each of hundreds it would cost more than they do. */
afterAll(async () => expect(await everything(app.db)).toBe(before));
afterAll(() => app.stop());

interface Field {
  /** The path as the error names it, joined by dots. */
  path: string[];
  schema: JsonSchema;
  /** It may be left out. */
  optional: boolean;
}

const jsonSchema = z.looseObject({
  type: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.looseObject({ type: z.string().optional() }).optional(),
  maxLength: z.int().optional(),
});
type JsonSchema = z.infer<typeof jsonSchema>;

/** Every procedure that takes an input, with the fields of it. */
const PROCEDURES = Object.entries<unknown>(appRouter._def.procedures).flatMap(([name, procedure]) => {
  const { type, inputs } = z
    .object({ type: z.string(), inputs: z.array(z.instanceof(z.ZodType)) })
    .parse(typeof procedure === 'function' && '_def' in procedure ? procedure._def : null);
  const schemas = inputs.map((input) => jsonSchema.parse(z.toJSONSchema(input, { io: 'input' })));
  return schemas.length === 0 ? [] : [{ name, type, fields: schemas.flatMap((schema) => fieldsOf(schema, [])) }];
});

function fieldsOf({ properties = {}, required = [] }: JsonSchema, path: string[]): Field[] {
  return Object.entries(properties).flatMap(([key, value]) => {
    const schema = jsonSchema.parse(value);
    const field = { path: [...path, key], schema, optional: !required.includes(key) };
    return schema.properties === undefined ? [field] : [field, ...fieldsOf(schema, field.path)];
  });
}

/** As JSON text: NaN, 1e309 and __proto__ do not survive JSON.stringify. */
const NEVER = ['{"$ne":null}', '{"$gt":""}', '[1]', '["a"]', 'null'];
/** In a field that may be left out. */
const NOTHING = ['null', '""', '"\\u200b "'];
const NO_TEXT = [...NEVER, '1', 'true', '{}', `"${'x'.repeat(10_000)}"`];
const NO_NUMBER = [...NEVER, '1.5', '1e309', '-1e309', '9007199254740992', '1e21', '"1"', 'true', '{}'];
const NO_BOOLEAN = [...NEVER, '1', '"true"', '{}'];
const NO_OBJECT = ['null', '1', '"text"', '[]', 'true'];

function spoiltFor(field: Field): string[] {
  const spoilt = neverFor(field);
  return field.optional && !isNumber(field) ? spoilt.filter((json) => !NOTHING.includes(json)) : spoilt;
}

const isNumber = ({ schema }: Field): boolean => schema.type === 'integer' || schema.type === 'number';

function neverFor({ schema, path }: Field): string[] {
  switch (schema.type) {
    case 'object':
      return NO_OBJECT;
    case 'integer':
    case 'number':
      return NO_NUMBER;
    case 'boolean':
      return NO_BOOLEAN;
    case 'array':
      return schema.items?.type === 'string' ? NO_TEXT.filter((json) => json !== '["a"]') : NO_TEXT;
    // A password may hold any characters. Other texts hold no control characters.
    default:
      return [...noTextOf(schema), ...(/password$/i.test(path.at(-1) ?? '') ? [] : ['"a\\u0000b"'])];
  }
}

/** Few texts may be longer than NO_TEXT's; theirs is one longer than they may be. */
const noTextOf = ({ maxLength = 0 }: JsonSchema) =>
  maxLength < 10_000 ? NO_TEXT : [...NO_TEXT.filter((json) => json.length < 10_000), `"${'x'.repeat(maxLength + 1)}"`];

const nested = (path: string[], json: string): string =>
  path.reduceRight((inner, key) => `{${JSON.stringify(key)}:${inner}}`, json);

function call(name: string, type: string, input: string): Promise<RawReply> {
  const options = { token: staff.token };
  if (type === 'subscription') return subscribe(name, input);
  return type === 'mutation' ? post(app.url, name, input, options) : get(app.url, name, input, options);
}

/** A subscription sends its error as the last event of the stream. */
async function subscribe(name: string, input: string): Promise<RawReply> {
  const query = `input=${encodeURIComponent(input)}`;
  const { headers, body } = await fetch(`${app.url}/trpc/${name}?${query}`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${staff.token}` },
  }).then(async (reply) => ({ headers: reply.headers, body: await reply.text() }));
  const error = JSON.parse(/event: serialized-error\ndata: (.*)/.exec(body)?.[1] ?? body);
  return {
    status: error.data?.httpStatus ?? error.error.data.httpStatus,
    headers,
    body: error.error ? error : { error },
  };
}

/** How a validator's own sentences begin: people do not know its types. */
const VALIDATORS_OWN = /^(Invalid|Too (small|big)|Unrecognized|Expected)/;

/** The problem of the response to a bad input; null if there is none. */
function complaint({ status, body }: RawReply, path: string[], sent: string): string | null {
  const { code, details } = body?.error?.data ?? {};
  const paths: string[] = details?.issues?.map((issue: { path: string }) => issue.path) ?? [];
  // A list's issue may name the element.
  const isNamed = paths.some((named) => `${named}.`.startsWith(`${path.join('.')}.`));
  const messages: string[] = details?.issues?.map((issue: { message: string }) => issue.message) ?? [];
  const isWorded = !messages.some((message) => VALIDATORS_OWN.test(message));
  const clear = status === 400 && code === 'INVALID_INPUT' && isNamed && isWorded;
  return clear ? null : `${sent.slice(0, 80)} → ${status} ${code} ${paths.join(', ')} ${messages.join(', ')}`;
}

test('the router is read as it is: every noun is there, and most procedures take an input', () => {
  const nouns = new Set(PROCEDURES.map(({ name }) => name.split('.')[0]));
  expect(nouns).toEqual(new Set(['auth', 'account', 'catalog', 'cart', 'orders', 'admin', 'shop']));
  expect(PROCEDURES.length).toBeGreaterThan(25);
  expect(PROCEDURES.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['orders.initializePayment', 'orders.watch']),
  );
});

describe.each(PROCEDURES)('$name', ({ name, type, fields }) => {
  test('names each field that is given what does not belong there, and changes nothing', async () => {
    const cases = fields.flatMap((field) =>
      spoiltFor(field).map((json) => ({ path: field.path, sent: nested(field.path, json) })),
    );
    const complaints = await Promise.all(
      cases.map(async ({ path, sent }) => complaint(await call(name, type, sent), path, sent)),
    );
    expect(complaints.filter((one) => one !== null)).toEqual([]);
  });

  test('takes null, empty and blank text in a field that may be left out for nothing given, unless it is a number', async () => {
    const cases = fields
      .filter((field) => field.optional && !isNumber(field))
      // Something else is wrong with each of these inputs, so that nothing is done.
      .flatMap(({ path }) => NOTHING.map((json) => ({ path, sent: nested(path, json).replace(/^\{/, '{"extra":1,') })));
    for (const { path, sent } of cases) {
      const { body } = await call(name, type, sent);
      const paths = body.error.data.details.issues.map((issue: { path: string }) => issue.path);
      expect([sent, paths]).toEqual([sent, expect.arrayContaining(['extra'])]);
      expect([sent, paths]).toEqual([sent, expect.not.arrayContaining([path.join('.')])]);
    }
  });

  test('refuses fields that it does not know, and what is no object at all', async () => {
    for (const field of ['extra', '$where', 'constructor']) {
      expect(complaint(await call(name, type, nested([field], '1')), [field], field)).toBeNull();
    }
    for (const sent of ['{"__proto__":{"role":"staff"}}', '[]', '"text"', '7', 'null', '{']) {
      expect([sent, (await call(name, type, sent)).status]).toEqual([sent, 400]);
    }
  });
});

test.each(['{"id":{"$ne":null}}', '{"extra":1}', '[]', '{', '"text"'])(
  'the REST route to check out refuses %s as the procedure does',
  async (body) => {
    const reply = await fetch(`${app.url}/orders/initialize-payment/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${staff.token}` },
      body,
    });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ error: { code: 'INVALID_INPUT' } });
  },
);
