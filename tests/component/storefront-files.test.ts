/** The built storefront: pages for browsers, cacheable assets, and never a page in place of an API response. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { editProduct } from '../../models/catalogue/edit-catalogue.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let folder: string;
let app: TestApp;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storefront-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Shop</title>');
  await writeFile(join(folder, 'assets', 'app-1a2b3c4d.js'), 'export {};');
  await writeFile(join(folder, 'robots.txt'), 'User-agent: *');
  app = await startTestApp({ storefrontDir: folder, env: { CSP_PAYSTACK: 'on' } });
});
afterAll(async () => {
  await app.stop();
  await rm(folder, { recursive: true, force: true });
});

const browse = (path: string, accept = 'text/html,application/xhtml+xml,*/*;q=0.8') =>
  fetch(`${app.url}${path}`, { headers: { accept } });

test.each(['/', '/products/brass-lamp', '/orders', '/orders/0123456789abcdef01234567'])(
  '%s is the page, asked about every time',
  async (path) => {
    const reply = await browse(path);
    expect([reply.status, await reply.text()]).toEqual([200, '<!doctype html><title>Shop</title>']);
    expect(reply.headers.get('cache-control')).toBe('no-cache');
    expect(reply.headers.get('content-security-policy')).toMatch(/default-src 'self'/);
  },
);

test('with CSP_PAYSTACK=on the page may load Paystack’s pop-up, and nothing else of other origins', async () => {
  const policy = (await browse('/')).headers.get('content-security-policy') ?? '';
  const origins = (directive: string) =>
    policy
      .split(';')
      .find((part) => part.startsWith(`${directive} `))
      ?.split(' ')
      .slice(1);
  expect(origins('script-src')).toEqual(["'self'", 'https://js.paystack.co', 'https://checkout.paystack.com']);
  expect(origins('frame-src')).toEqual(["'self'", 'https://checkout.paystack.com']);
  expect(origins('connect-src')).toEqual(["'self'", 'https://api.paystack.co', 'https://checkout.paystack.com']);
  expect(origins('style-src')).toEqual(["'self'"]);
});

test('assets with a hash in their name are cached for ever, others are revalidated', async () => {
  const hashed = await browse('/assets/app-1a2b3c4d.js', '*/*');
  expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect((await browse('/robots.txt')).headers.get('cache-control')).toBe('no-cache');
});

test.each(['/trpc/nothing', `/pictures/${'a'.repeat(64)}/320.webp`, '/webhooks/nothing'])(
  '%s is the API’s, and answers in JSON also to a browser',
  async (path) => {
    const reply = await browse(path);
    expect(reply.headers.get('content-type')).toMatch(/json/);
    expect(reply.status).toBe(404);
  },
);

test.each(['/../package.json', '/%2e%2e/package.json', '/assets/..%2f..%2fpackage.json'])(
  '%s leads nowhere outside the folder',
  async (path) => {
    expect(await (await browse(path)).text()).not.toContain('"dependencies"');
  },
);

test('an old slug of a product is a permanent redirect to its page, its id a temporary one', async () => {
  const { productId, slug } = await stockVariant(app.db);
  await editProduct(app.db, new Types.ObjectId(productId), { slug: 'new-name' }, { actor: 'system', now: new Date() });
  const look = async (path: string, accept?: string) => {
    const headers = { accept: accept ?? 'text/html' };
    const { status, headers: sent } = await fetch(`${app.url}${path}`, { redirect: 'manual', headers });
    return [status, sent.get('location')];
  };
  expect(await look(`/products/${slug}?from=mail`)).toEqual([301, '/products/new-name?from=mail']);
  expect(await look(`/products/by-id/${productId}`)).toEqual([302, '/products/new-name']);
  expect(await look('/products/new-name')).toEqual([200, null]);
  expect(await look('/products/never-was')).toEqual([200, null]);
  expect(await look(`/products/by-id/${'0'.repeat(24)}`)).toEqual([200, null]);
  expect(await look(`/products/${slug}`, 'application/json')).toEqual([404, null]);
});

test('requests that accept JSON get a 404, not a page', async () => {
  expect((await browse('/nowhere', 'application/json')).status).toBe(404);
});

test('an order’s address is the page to a browser and REST to a program', async () => {
  const reply = await browse('/orders/0123456789abcdef01234567', 'application/json');
  expect(reply.status).toBe(401);
  expect(reply.headers.get('content-type')).toMatch(/json/);
});
