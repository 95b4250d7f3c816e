/**
 * The hostile values of C8 and S1 against each procedure of auth, catalog, cart and the admin's catalogue. Each gets a
 * clear error that names the field, never a 500, and changes no collection.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { get, post, type RawReply } from '../support/raw-trpc.ts';
import { everything, type StockedVariant, stockVariant, unknownId } from '../support/stocked-variant.ts';
import { type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
let item: StockedVariant;
let customer: SignedIn;
let staff: SignedIn;
beforeAll(async () => {
  app = await startTestApp();
  item = await stockVariant(app.db);
  customer = await app.signUp();
  staff = await app.signUp({ role: 'owner' });
  await customer.client.cart.addItem.mutate({ variantId: item.variantId, quantity: 2 });
});
afterAll(() => app.stop());

interface Procedure {
  type: 'query' | 'mutation';
  as: 'customer' | 'staff';
  /** A valid input, of which one field at a time is replaced. */
  good: () => Record<string, unknown>;
  numbers?: string[];
  /** Fields that may be left out: null and "" are nothing there. */
  optional?: string[];
}

const product = () => ({ slug: 'new-thing', title: 'New', description: 'New thing.', category: 'Things' });
const variant = () => ({ productId: item.productId, sku: 'NEW-1', title: 'New', price: 100, stock: 1 });
const PROCEDURES: Record<string, Procedure> = {
  'auth.register': {
    type: 'mutation',
    as: 'customer',
    good: () => ({ email: 'n@example.com', password: 'long enough', name: 'N' }),
  },
  'auth.login': { type: 'mutation', as: 'customer', good: () => ({ email: 'n@example.com', password: 'long enough' }) },
  'catalog.products': {
    type: 'query',
    as: 'customer',
    good: () => ({ limit: 5, search: 'x', category: 'y', cursor: unknownId() }),
    numbers: ['limit'],
    optional: ['limit', 'search', 'category', 'cursor'],
  },
  'catalog.product': { type: 'query', as: 'customer', good: () => ({ slug: item.slug }) },
  'cart.addItem': {
    type: 'mutation',
    as: 'customer',
    good: () => ({ variantId: item.variantId, quantity: 1 }),
    numbers: ['quantity'],
  },
  'cart.setQuantity': {
    type: 'mutation',
    as: 'customer',
    good: () => ({ variantId: item.variantId, quantity: 1 }),
    numbers: ['quantity'],
  },
  'cart.removeItem': { type: 'mutation', as: 'customer', good: () => ({ variantId: item.variantId }) },
  'admin.createProduct': { type: 'mutation', as: 'staff', good: product },
  'admin.editProduct': {
    type: 'mutation',
    as: 'staff',
    good: () => ({ productId: item.productId, ...product() }),
    optional: Object.keys(product()),
  },
  'admin.archiveProduct': { type: 'mutation', as: 'staff', good: () => ({ productId: item.productId }) },
  'admin.createVariant': { type: 'mutation', as: 'staff', good: variant, numbers: ['price', 'stock'] },
  'admin.editVariant': {
    type: 'mutation',
    as: 'staff',
    good: () => ({ variantId: item.variantId, title: 'T', price: 5 }),
    numbers: ['price'],
    optional: ['title', 'price'],
  },
  'admin.archiveVariant': { type: 'mutation', as: 'staff', good: () => ({ variantId: item.variantId }) },
  'admin.adjustStock': {
    type: 'mutation',
    as: 'staff',
    good: () => ({ variantId: item.variantId, delta: 1, reason: 'count' }),
    numbers: ['delta'],
  },
};

/** As JSON text: NaN, 1e309 and __proto__ do not survive JSON.stringify. */
const SPOILT_TEXT = [
  '{"$ne":null}',
  '{"$gt":""}',
  '["a"]',
  '1',
  'true',
  'null',
  '{}',
  '""',
  '"a\\u0000b"',
  `"${'x'.repeat(10_000)}"`,
];
const SPOILT_NUMBERS = [
  '1e309',
  '-1e309',
  '9007199254740992',
  '"1"',
  '1.5',
  'null',
  '{"$gt":0}',
  '[1]',
  'true',
  '1e21',
];
const NOTHING = new Set(['null', '""']);
const PASSWORDS_MAY_HOLD = new Set(['"a\\u0000b"', '""']);

async function call(name: string, input: string): Promise<RawReply> {
  const { type, as } = PROCEDURES[name] ?? { type: 'query', as: 'customer' };
  const { token } = as === 'staff' ? staff : customer;
  return type === 'query' ? get(app.url, name, input, { token }) : post(app.url, name, input, { token });
}

/** The input as JSON, with one field replaced by JSON text. */
function spoil(input: Record<string, unknown>, field: string, json: string): string {
  const fields = Object.entries({ ...input, [field]: null });
  return `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${key === field ? json : JSON.stringify(value)}`).join(',')}}`;
}

function expectClearRefusal({ status, body }: RawReply, field: string): void {
  expect([status, body.error.data.code]).toEqual([400, 'INVALID_INPUT']);
  const paths = body.error.data.details.issues.map(({ path }: { path: string }) => path);
  expect(paths).toContain(field);
  expect(body.error.message).not.toMatch(/zod|mongo|regex|pattern \//i);
}

describe.each(Object.entries(PROCEDURES))('%s', (name, { good, numbers = [], optional = [] }) => {
  test('refuses what is not text, not a number, out of range or an operator, field by field, and changes nothing', async () => {
    const before = await everything(app.db);
    for (const field of Object.keys(good())) {
      const spoilt = numbers.includes(field) ? SPOILT_NUMBERS : SPOILT_TEXT;
      for (const json of spoilt) {
        // A password may hold any characters, and a bad one at sign-in is a wrong password.
        if (field === 'password' && PASSWORDS_MAY_HOLD.has(json)) continue;
        if (optional.includes(field) && NOTHING.has(json)) continue;
        expectClearRefusal(await call(name, spoil(good(), field, json)), field);
      }
    }
    expect(await everything(app.db)).toBe(before);
  });

  test('refuses extra fields, __proto__ among them, and what is no object at all', async () => {
    const before = await everything(app.db);
    for (const field of ['extra', '$where', 'constructor'])
      expectClearRefusal(await call(name, spoil(good(), field, '1')), field);
    const proto = await call(name, spoil(good(), '__proto__', '{"role":"staff"}'));
    expect(proto.status).toBe(400);
    for (const json of ['[]', '"text"', '7', 'null']) expect((await call(name, json)).status).toBe(400);
    expect(await everything(app.db)).toBe(before);
  });
});

test.each(['0', '-1', '1000', 'NaN'])('a quantity of %s is refused', async (quantity) => {
  const before = await everything(app.db);
  for (const name of ['cart.addItem', 'cart.setQuantity']) {
    const reply = await call(name, spoil({ variantId: item.variantId }, 'quantity', quantity));
    expect([reply.status, reply.body.error.data.code]).toEqual([400, 'INVALID_INPUT']);
  }
  expect(await everything(app.db)).toBe(before);
});

test.each([
  ['NUL', 'Ada\u0000'],
  ['half a surrogate pair', 'Ada\uD800'],
  ['nothing but spaces', '   '],
  ['nothing to see', '\u202E\u200B\u3164'],
  ['101 characters', 'x'.repeat(101)],
])('a name with %s is refused', async (_, name) => {
  const input = { email: 'name@example.com', password: 'long enough', name };
  expectClearRefusal(await post(app.url, 'auth.register', input), 'name');
  expect(await app.db.users.countDocuments({ email: 'name@example.com' })).toBe(0);
});

test('names in any script are kept as they look, composed, on one line', async () => {
  const name = '  Ọládélé\u202E\u200B Ńwá\r\n  <b>&amp;</b>\t李 '.normalize('NFD');
  const reply = await post(app.url, 'auth.register', { email: 'script@example.com', password: 'long enough', name });
  expect(reply.body.result.data.user.name).toBe('Ọládélé Ńwá <b>&amp;</b> 李'.normalize('NFC'));
});

test('a hostile input with thousands of wrong fields gets few lines back', async () => {
  const input = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`f${n}`, 1]));
  const { body } = await post(app.url, 'cart.removeItem', input, { token: customer.token });
  expect(body.error.data.details.issues.length).toBeLessThanOrEqual(20);
});
