/**
 * What the stand-ins' servers have in common: they listen on loopback only, end at once when told, and keep their
 * control surface from pages in a browser, which can reach loopback as well.
 */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Request, RequestHandler } from 'express';

/** Listens on 127.0.0.1; 0 takes a free port. Gives the port; rejects with EADDRINUSE when it is taken. */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

/** Cuts every connection, also those that a fault has left hanging, and resolves when the port is free. */
export async function closeServer(server: Server): Promise<void> {
  const gone = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await gone;
}

/** Browsers ask before a foreign page may PUT, DELETE or send JSON, and are refused; a plain POST or GET they just send. */
function isOfThisMachine(req: Request): boolean {
  if (!['127.0.0.1', 'localhost'].includes(req.hostname)) return false;
  if (req.method === 'GET') return req.get('origin') === undefined;
  return req.method !== 'POST' || (req.get('content-type') ?? '').startsWith('application/json');
}

/** Refuses with 403 what a page of another site made the browser send; a name that was rebound to loopback as well. */
export const onlyThisMachine: RequestHandler = (req, res, next) => {
  if (isOfThisMachine(req)) next();
  else res.status(403).json({ status: false, message: 'Controls take JSON from this machine only' });
};

/** True for what Express's body parsers throw: JSON that is none, a body that is too large. */
export function isBodyError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'type' in error && 'expose' in error;
}
