/** A bug once: a browser's spare connection, on which nothing had been asked yet, made the stop wait for ten seconds. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { closeUnusedConnections, watchConnections } from '../../server/process/unused-connections.ts';

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
  const asked = once(server, 'request');
  const reply = fetch(`http://127.0.0.1:${port}/`);
  await asked;

  const closed = once(server, 'close');
  server.close();
  closeUnusedConnections(server);
  await spareClosed;
  finish();
  expect(await (await reply).text()).toBe('answered');
  server.closeIdleConnections();
  await closed;
});
