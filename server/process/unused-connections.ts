/**
 * Connections on which nothing was asked yet, as browsers open them in advance. Node does not count them as idle, so a
 * server that closes would wait for them until their client loses interest. Called by server/process/start.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const unused = new WeakMap<Server, Set<Socket>>();

/** To be called once, before the server listens. */
export function watchConnections(server: Server): void {
  const sockets = new Set<Socket>();
  unused.set(server, sockets);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', ({ socket }) => sockets.delete(socket));
}

/** Cuts them; no reply is lost, because none was asked for. */
export function closeUnusedConnections(server: Server): void {
  for (const socket of unused.get(server) ?? []) socket.destroy();
}
