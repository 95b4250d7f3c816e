/** A bug once: a handler that answered after the deadline had was logged as a failed request, as if there were a bug. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import express from 'express';
import { answerError, lastErrorHandler, logRequests, withinDeadline } from '../../server/http/edge.ts';
import { eventually } from '../support/eventually.ts';
import { startTestApp } from '../support/test-app.ts';

test('an answer that comes after the deadline’s is dropped in silence; what fails after it is still told', async () => {
  const world = await startTestApp();
  const app = express();
  app.use(...logRequests(world.ctx));
  app.use(withinDeadline(world.ctx, answerError));
  app.get('/answers-late', async (_req, res) => {
    await once(res, 'finish');
    res.json('late');
  });
  app.get('/fails-late', async (_req, res) => {
    await once(res, 'finish');
    throw new TypeError('a bug');
  });
  app.use(lastErrorHandler(world.ctx));
  const server = app.listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const replies = await Promise.all(
      ['answers-late', 'fails-late'].map((path) => fetch(`http://127.0.0.1:${port}/${path}`)),
    );
    expect(replies.map(({ status }) => status)).toEqual([503, 503]);
    const failures = () => world.logged.filter(({ msg }) => msg === 'request failed');
    await eventually('the failure to be told', () => failures().length > 0);
    expect(failures()).toMatchObject([{ route: '/fails-late' }]);
  } finally {
    server.closeAllConnections();
    server.close();
    await world.stop();
  }
});
