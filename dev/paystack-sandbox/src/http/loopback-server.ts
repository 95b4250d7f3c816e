import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Request, RequestHandler } from 'express';

/** 0 takes a free port. Resolves to the port; rejects with EADDRINUSE if it is taken. */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

/** Destroys every connection, also those that a fault has left open, and resolves once the port is free. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** A browser preflights PUT, DELETE and JSON from other origins, which fails here; it sends a plain POST or GET at once. */
function isOfThisMachine(req: Request): boolean {
  if (!['127.0.0.1', 'localhost'].includes(req.hostname)) return false;
  if (req.method === 'GET') return req.get('origin') === undefined;
  return req.method !== 'POST' || (req.get('content-type') ?? '').startsWith('application/json');
}

/** 403 for requests from pages of other origins and, against DNS rebinding, for other host names. */
export const onlyThisMachine: RequestHandler = (req, res, next) => {
  if (isOfThisMachine(req)) next();
  else res.status(403).json({ status: false, message: 'Controls take JSON from this machine only' });
};

/** True for errors of Express's body parsers: malformed JSON, a body that is too large. */
export function isBodyError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'type' in error && 'expose' in error;
}
