/** The page of a product that cannot be read just now: search engines keep the product, and browsers get the page. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { stockVariant } from '../support/stocked-variant.ts';
import { fakeClock, startTestApp, type TestApp } from '../support/test-app.ts';

const CALLS = 12;
const clock = fakeClock();

let folder: string;
let app: TestApp;
let product: Awaited<ReturnType<typeof stockVariant>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storefront-'));
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><html><head></head><body><div id="root"></div></body></html>',
  );
  app = await startTestApp({
    storefrontDir: folder,
    env: { CALLS_PER_MINUTE: String(CALLS) },
    context: { clock },
  });
  product = await stockVariant(app.db);
});
afterAll(async () => {
  await app.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => clock.advance(60_000));

async function look(path: string) {
  const reply = await fetch(`${app.url}${path}`, { headers: { accept: 'text/html' } });
  const html = await reply.text();
  expect(html).toContain('<div id="root">');
  expect(html).toContain('id="first-data"');
  const isLeftOut = html.includes('<meta name="robots"');
  return [reply.status, reply.headers.get('retry-after'), reply.headers.get('cache-control'), isLeftOut];
}

const FOUND = [200, null, 'no-cache', false];

test('while the database is away it is 503, and left out by nobody', async () => {
  const { slug, productId } = product;
  const read = jest.spyOn(app.db.products, 'aggregate').mockImplementation(() => {
    throw Object.assign(new Error('no server'), { name: 'MongoServerSelectionError' });
  });
  try {
    for (const path of [`/products/${slug}`, `/products/by-id/${productId}`])
      expect([path, ...(await look(path))]).toEqual([path, 503, '2', 'no-store', false]);
    expect(read).toHaveBeenCalledTimes(2);
  } finally {
    read.mockRestore();
  }
  expect(await look(`/products/${slug}`)).toEqual(FOUND);
  expect(await look('/products/never-was')).toEqual([404, null, 'no-cache', true]);
});

test('past the caller’s limit it is 503 with the time until the next call', async () => {
  const path = `/products/${product.slug}`;
  for (let n = 0; n < CALLS; n += 1) expect(await look(path)).toEqual(FOUND);
  expect(await look(path)).toEqual([503, '5', 'no-store', false]);
  clock.advance(5_000);
  expect(await look(path)).toEqual(FOUND);
});
