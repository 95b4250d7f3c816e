/**
 * Connections without a request so far, as browsers open them in advance. Node does not count them as idle, so a server that
 * closes would wait until the client drops them.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const unused = new WeakMap<Server, Set<Socket>>();

/** Call it once, before the server listens. */
export function watchConnections(server: Server): void {
  const sockets = new Set<Socket>();
  unused.set(server, sockets);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', ({ socket }) => sockets.delete(socket));
}

/** No reply is lost, because none of them has a request. */
export function closeUnusedConnections(server: Server): void {
  for (const socket of unused.get(server) ?? []) socket.destroy();
}
