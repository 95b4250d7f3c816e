/** Handlers that answer after the deadline of their request. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import express from 'express';
import { createAnswerError, lastErrorHandler, logRequests, withinDeadline } from '../../server/http/edge.ts';
import { eventually } from '../support/eventually.ts';
import { startTestApp } from '../support/test-app.ts';

describe('a handler that answers after the deadline', () => {
  // Its late answer was logged as a failed request, as if it were a bug.

  test('an answer after the deadline’s is dropped without a log line; a failure after it is logged', async () => {
    const app = await startTestApp();
    const routes = express();
    routes.use(...logRequests(app.ctx));
    routes.use(withinDeadline(app.ctx, createAnswerError()));
    routes.get('/answers-late', async (_req, res) => {
      await once(res, 'finish');
      res.json('late');
    });
    routes.get('/fails-late', async (_req, res) => {
      await once(res, 'finish');
      throw new TypeError('a bug');
    });
    routes.use(lastErrorHandler(app.ctx, createAnswerError()));
    const server = routes.listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const replies = await Promise.all(
        ['answers-late', 'fails-late'].map((path) => fetch(`http://127.0.0.1:${port}/${path}`)),
      );
      expect(replies.map(({ status }) => status)).toEqual([503, 503]);
      const failures = () => app.logged.filter(({ msg }) => msg === 'request failed');
      await eventually('the failure to be told', () => failures().length > 0);
      expect(failures()).toMatchObject([{ route: '/fails-late' }]);
    } finally {
      server.closeAllConnections();
      server.close();
      await app.stop();
    }
  });
});
