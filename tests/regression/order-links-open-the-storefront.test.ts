/** A bug once: links to /orders/<id> in emails, and Paystack's way back, met the REST route and showed shoppers JSON. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const ORDER = '/orders/0123456789abcdef01234567';
const asBrowser = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }, redirect: 'manual' } as const;

describe('an order’s address', () => {
  let world: TestApp;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storefront-'));
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>Shop</title>');
    world = await startTestApp({ storefrontDir: folder });
  });
  afterAll(async () => {
    await world.stop();
    await rm(folder, { recursive: true });
  });

  test.each(['/orders', ORDER, `${ORDER}/`])('%s is a page for a browser', async (path) => {
    const reply = await fetch(world.url + path, asBrowser);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toContain('text/html');
    expect(reply.headers.get('vary')?.toLowerCase()).toContain('accept');
  });

  test('is the REST route for a program', async () => {
    const reply = await fetch(world.url + ORDER, { headers: { accept: 'application/json' } });
    expect(reply.status).toBe(401);
    expect(reply.headers.get('content-type')).toContain('application/json');
  });

  test('never hides where Paystack sends the browser back to', async () => {
    const reply = await fetch(`${world.url}/orders/verify-payment/ord-UNKNOWN-1`, asBrowser);
    expect(reply.status).toBe(404);
    expect(reply.headers.get('content-type')).toContain('application/json');
  });
});
