import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Types } from 'mongoose';
import { createChangeFeed } from '../../server/live/change-feed.ts';
import { closeUnusedConnections, watchConnections } from '../../server/process/unused-connections.ts';
import { get, send } from '../support/raw-trpc.ts';
import { type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

describe('paths that no route names', () => {
  // tRPC served the last segment of any path below /trpc, in any case, past deadlines, load shedding and the log.

  let app: TestApp;
  let ada: SignedIn;
  beforeAll(async () => {
    app = await startTestApp();
    ada = await app.signUp();
  });
  afterAll(() => app.stop());

  test.each([
    '/trpc/x/cart.get',
    '/trpc//cart.get',
    '/TRPC/cart.get',
    '/Trpc/orders.watch',
    '/trpc/x/orders.watch',
    '/trpc',
  ])('%s serves no procedure', async (path) => {
    const reply = await send(`${app.url}${path}`, {}, { token: ada.token });
    expect(reply.status).toBe(404);
    expect(JSON.stringify(reply.body)).toContain('NOT_FOUND');
  });

  test.each(['/READYZ', '/Orders/verify-payment/ord-X-1', '/Webhooks/paystack', '/AGENDASH'])(
    '%s serves no route',
    async (path) => {
      const reply = await send(`${app.url}${path}`, path.includes('ook') ? { method: 'POST' } : {});
      expect([reply.status, reply.body.error.message]).toEqual([404, expect.stringContaining('Page')]);
    },
  );

  test('the one path of a procedure serves it', async () => {
    expect((await get(app.url, 'cart.get', undefined, { token: ada.token })).status).toBe(200);
  });
});

describe('an order’s address', () => {
  // Links to /orders/<id> in emails, and Paystack’s redirect, met the REST route and showed JSON to shoppers.

  const ORDER = '/orders/0123456789abcdef01234567';
  const asBrowser = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }, redirect: 'manual' } as const;

  describe('an order’s address', () => {
    let app: TestApp;
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'storefront-'));
      await writeFile(join(folder, 'index.html'), '<!doctype html><title>Shop</title>');
      app = await startTestApp({ storefrontDir: folder });
    });
    afterAll(async () => {
      await app.stop();
      await rm(folder, { recursive: true });
    });

    test.each(['/orders', ORDER, `${ORDER}/`])('%s is a page for a browser', async (path) => {
      const reply = await fetch(app.url + path, asBrowser);
      expect(reply.status).toBe(200);
      expect(reply.headers.get('content-type')).toContain('text/html');
      expect(reply.headers.get('vary')?.toLowerCase()).toContain('accept');
    });

    test('is the REST route for a program', async () => {
      const reply = await fetch(app.url + ORDER, { headers: { accept: 'application/json' } });
      expect(reply.status).toBe(401);
      expect(reply.headers.get('content-type')).toContain('application/json');
    });

    test('never hides where Paystack sends the browser back to', async () => {
      const reply = await fetch(`${app.url}/orders/verify-payment/ord-UNKNOWN-1`, asBrowser);
      expect(reply.status).toBe(404);
      expect(await reply.text()).toContain('We know no such payment');
    });
  });
});

describe('a connection without a request', () => {
  // A browser’s spare connection delayed the stop by ten seconds.

  test('a drain closes unused connections at once and lets an open request end', async () => {
    let finish = () => {};
    const server = createServer((_req, res) => {
      finish = () => res.end('answered');
    });
    watchConnections(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    const spare = connect(port, '127.0.0.1');
    await once(server, 'connection');
    const spareClosed = once(spare, 'close');
    const requested = once(server, 'request');
    const reply = fetch(`http://127.0.0.1:${port}/`);
    await requested;

    const closed = once(server, 'close');
    server.close();
    closeUnusedConnections(server);
    await spareClosed;
    finish();
    expect(await (await reply).text()).toBe('answered');
    server.closeIdleConnections();
    await closed;
  });
});

describe('a stop while the change stream opens', () => {
  // It closed nothing, and waited for the change stream for ever.

  test('a change feed that is stopped while it reads the cluster time stops', async () => {
    const app = await startTestApp();
    try {
      const { db } = app.db.connection;
      if (!db) throw new Error('a app is connected');
      let answer: () => void = () => undefined;
      const answered = new Promise<void>((resolve) => {
        answer = resolve;
      });
      const command = db.command.bind(db);
      jest.spyOn(db, 'command').mockImplementationOnce(async (question) => {
        const reply = await command(question);
        await answered;
        return reply;
      });
      const watch = createChangeFeed(app.db, app.ctx.events);
      watch.subscribe(new Types.ObjectId(), () => undefined);
      const stopped = watch.stop();
      answer();
      await expect(stopped).resolves.toBeUndefined();
    } finally {
      await app.stop();
    }
  }, 15_000);
});
