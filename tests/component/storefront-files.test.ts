/** The built storefront: pages for browsers, cacheable assets, and never a page in place of an API response. */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { editProduct } from '../../models/catalogue/edit-catalogue.ts';
import { findReturnedPayment } from '../../models/order/queries/returned-payment.ts';
import { buildStorefront, dataIn, headOf, INDEX } from '../support/built-storefront.ts';
import { makeVariants, order } from '../support/checkouts.ts';
import { send } from '../support/raw-trpc.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let folder: string;
let app: TestApp;
beforeAll(async () => {
  folder = await buildStorefront();
  app = await startTestApp({
    storefrontDir: folder,
    deskDir: folder,
    env: { CSP_PAYSTACK: 'on', SHIPPING_FEE: 'NGN 1500, USD 5.50' },
  });
});
afterAll(async () => {
  await app.stop();
  await rm(folder, { recursive: true, force: true });
});

const browse = (path: string, accept = 'text/html,application/xhtml+xml,*/*;q=0.8') =>
  fetch(`${app.url}${path}`, { headers: { accept } });

const get = async (path: string, accept?: string) => {
  const reply = await browse(path, accept);
  return { status: reply.status, headers: reply.headers, html: await reply.text() };
};

async function sourcesOf(path: string): Promise<Record<string, string[]>> {
  const policy = (await browse(path)).headers.get('content-security-policy') ?? '';
  const directives = policy.split(';').map((directive) => directive.split(' '));
  return Object.fromEntries(directives.map(([name, ...sources]) => [name, sources]));
}

test('with CSP_PAYSTACK=on the page may load Paystack’s pop-up, and nothing else of other origins', async () => {
  const sources = await sourcesOf('/');
  expect(sources['script-src']).toEqual(["'self'", 'https://js.paystack.co', 'https://checkout.paystack.com']);
  expect(sources['frame-src']).toEqual(["'self'", 'https://checkout.paystack.com']);
  expect(sources['connect-src']).toEqual(["'self'", 'https://api.paystack.co', 'https://checkout.paystack.com']);
  expect(sources['style-src']).toEqual(["'self'"]);
});

test('the script in the page of the desk may run by its hash, and no other in its HTML', async () => {
  const { 'script-src': scripts, ...others } = await sourcesOf('/desk');
  const hash = createHash('sha256').update('begin();').digest('base64');
  expect(scripts?.filter((source) => !source.startsWith('https:'))).toEqual(["'self'", `'sha256-${hash}'`]);
  const { 'script-src': _, ...ofShop } = await sourcesOf('/');
  expect(others).toEqual(ofShop);
});

test('assets with a hash in their name are cached for ever and sent as the build compressed them; others are revalidated', async () => {
  const hashed = await fetch(`${app.url}/assets/app-1a2b3c4d.js`, { headers: { 'accept-encoding': 'gzip, br' } });
  expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(hashed.headers.get('content-encoding')).toBe('br');
  expect(hashed.headers.get('content-type')).toMatch(/javascript/);
  expect(await hashed.text()).toBe('export {};');
  const plain = await fetch(`${app.url}/assets/app-1a2b3c4d.js`, { headers: { 'accept-encoding': 'identity' } });
  expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, 'export {};']);
  for (const path of ['/assets/gone-1a2b3c4d.js', '/.server/server.js', '/assets/'])
    expect([path, (await browse(path, '*/*')).status]).toEqual([path, 404]);
});

test('a file that a release removes under the running shop breaks its own request alone', async () => {
  expect((await browse('/assets/removed-1a2b3c4d.js', '*/*')).status).toBe(200);
  await rm(join(folder, 'assets', 'removed-1a2b3c4d.js'));
  await expect(browse('/assets/removed-1a2b3c4d.js', '*/*').then((reply) => reply.text())).rejects.toThrow();
  expect((await browse('/assets/app-1a2b3c4d.js', '*/*')).status).toBe(200);
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

test('an old slug of a product is a permanent redirect to its page, its id a temporary one; an unknown one is 404', async () => {
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
  for (const path of ['/products/never-was', `/products/by-id/${'0'.repeat(24)}`, '/products/Not%20a%20slug'])
    expect([path, ...(await look(path))]).toEqual([path, 404, null]);
  expect(await look('/products/New-Name?from=poster')).toEqual([301, '/products/new-name?from=poster']);
  expect(await look(`/products/${slug}`, 'application/json')).toEqual([404, null]);
});

describe('a page', () => {
  test.each(['/', '/cart', '/orders', '/orders/0123456789abcdef01234567', '/account'])(
    '%s is found, also by programs that accept anything, and asked about every time',
    async (path) => {
      const { status, headers, html } = await get(path);
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(headers.get('cache-control')).toBe(path.startsWith('/orders/') ? 'no-store' : 'no-cache');
      expect(headers.get('content-security-policy')).toMatch(/default-src 'self'/);
      expect(headers.get('vary')).toMatch(/accept/i);
      expect(html).toContain(`<div id="root"><i>${path} `);
      expect(dataIn(html).shop).toMatchObject({ name: 'Test Shop', currencies: ['NGN', 'USD'] });
      expect(headOf(html)['application-name']).toBe('Test Shop');
      if (!path.startsWith('/orders/')) expect((await get(path, '*/*')).html).toBe(html);
    },
  );

  test('that no pattern names is a page with the status 404, and left out by search engines', async () => {
    for (const path of [
      '/nowhere',
      '/products',
      '/account/nothing/here',
      '/wp-login.php',
      '/orders/6b0b0c36335f444cb944df4',
    ]) {
      const { status, html } = await get(path);
      expect([path, status, headOf(html).robots]).toEqual([path, 404, 'noindex']);
      expect(html).toContain('<i>');
    }
  });

  test('that has not changed is 304', async () => {
    const etag = (await browse('/cart')).headers.get('etag') ?? '';
    // Without a Cache-Control of its own, fetch would add no-cache.
    const headers = { accept: 'text/html', 'if-none-match': etag, 'cache-control': 'max-age=0' };
    const again = await fetch(`${app.url}/cart`, { headers });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test('that cannot be rendered comes without content, with its data, and the failure is logged', async () => {
    const { status, html } = await get('/?q=broken');
    expect(status).toBe(200);
    expect(html).toContain('<div id="root"></div>');
    expect(dataIn(html).products.page.items).toEqual([]);
    expect(app.logged.filter(({ msg }) => String(msg).startsWith('a page could not be rendered'))).toHaveLength(1);
  });
});

describe('the address of an order', () => {
  test('says of money that staff look at that it came, not that none has come in', async () => {
    const [item] = await makeVariants(app, {});
    const { orderId, txRef } = await order(app, [[item, 1]]);
    app.sandbox.pay(txRef, { capture: { amount: 1_000 } });
    const told = { status: 'pending', inReview: true };
    const json = await send(`${app.url}/orders/verify-payment/${txRef}`, { headers: { accept: 'application/json' } });
    expect(json.body).toEqual({ txRef, ...told });
    expect(dataIn((await get(`/orders/${orderId}`)).html).returned).toMatchObject({ orderId, ...told });
  });

  test('tells a browser without the session that the payment came, and nothing else', async () => {
    const [item] = await makeVariants(app, {});
    const { orderId, txRef } = await order(app, [[item, 1]]);
    const code = txRef.split('-')[1];
    const read = async () => dataIn((await get(`/orders/${orderId}`)).html);
    expect((await read()).returned).toEqual({ orderId, code, reference: txRef, status: 'pending' });
    app.sandbox.pay(txRef);
    await send(`${app.url}/orders/verify-payment/${txRef}`, { headers: { accept: 'application/json' } });
    const data = await read();
    expect(Object.keys(data).sort()).toEqual(['returned', 'shop']);
    expect(data.returned).toEqual({ orderId, code, reference: txRef, status: 'paid' });
    expect((await get(`/orders/${'0'.repeat(24)}`)).html).not.toContain('returned');
  });

  test('tells nobody of a payment of long ago', async () => {
    const [item] = await makeVariants(app, {});
    const { orderId } = await order(app, [[item, 1]]);
    const later = (hours: number) => new Date(Date.now() + hours * 3_600_000);
    const find = (now: Date) => findReturnedPayment(app.db, new Types.ObjectId(orderId), now);
    expect(await find(later(47))).not.toBeNull();
    expect(await find(later(49))).toBeNull();
  });
});

test('a browser gets a page for whatever an order’s link has become, and programs what they got', async () => {
  for (const path of ['/orders/6b0b0c36335f444cb944df4', '/orders/Your%20order', '/orders/a%2Fb/']) {
    const { status, html } = await get(path);
    expect([path, status, headOf(html).robots]).toEqual([path, 404, 'noindex']);
    expect([path, (await browse(path, '*/*')).status]).toEqual([path, 401]);
  }
  for (const path of ['/orders/one/two', '/orders/one/receipt.pdf', '/admin', '/admin/nothing']) {
    const reply = await browse(path);
    expect([path, reply.headers.get('content-type')]).toEqual([path, 'text/html; charset=utf-8']);
    expect(reply.status).toBeGreaterThanOrEqual(401);
  }
  expect((await get('/orders', '*/*')).headers.get('content-type')).toMatch(/^text\/html/);
  for (const path of ['/metrics', '/trpc/nothing', '/webhooks/paystack'])
    expect([path, (await browse(path)).headers.get('content-type')]).toEqual([
      path,
      expect.stringMatching(/^application\/json/),
    ]);
});

test('requests that accept JSON get a 404, not a page', async () => {
  expect((await browse('/nowhere', 'application/json')).status).toBe(404);
});

test('an order’s address is the page to a browser and REST to a program', async () => {
  const reply = await browse('/orders/0123456789abcdef01234567', 'application/json');
  expect(reply.status).toBe(401);
  expect(reply.headers.get('content-type')).toMatch(/json/);
});

test('the desk is one page at all of its addresses, with its files below it; those of before lead there', async () => {
  for (const path of ['/desk', '/desk/', '/desk/orders?status=confirmed', '/desk/orders/0123456789abcdef01234567']) {
    const { status, headers, html } = await get(path);
    expect([path, status, headers.get('cache-control'), html]).toEqual([path, 200, 'no-cache', INDEX]);
  }
  const hashed = await browse('/desk/assets/app-1a2b3c4d.js');
  expect([hashed.status, hashed.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  expect((await get('/desk/assets/gone-1a2b3c4d.js')).status).toBe(404);
  expect((await get('/desk/.server/server.js')).status).toBe(404);
  const old = [
    ['/staff', '/desk'],
    ['/staff?q=ada', '/desk/orders?q=ada'],
    ['/staff/orders/0123456789abcdef01234567', '/desk/orders/0123456789abcdef01234567'],
  ] as const;
  for (const [from, to] of old) {
    const reply = await fetch(`${app.url}${from}`, { redirect: 'manual' });
    expect([from, reply.status, reply.headers.get('location')]).toEqual([from, 302, to]);
  }
});
