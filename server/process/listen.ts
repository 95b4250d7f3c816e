import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config/config.ts';
import { watchConnections } from './unused-connections.ts';

/** The message is written for the operator. */
export class CannotListenError extends Error {
  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    const hint = 'PORT is for shoppers, OPS_PORT for health checks and metrics';
    super(`Cannot listen on ${host}:${port} (${cause.code}); ${hint}.`, { cause });
    this.name = 'CannotListenError';
  }
}

/** Listens on the configured host; 0 is a free port. Throws CannotListenError. */
export async function listen(server: Server, { host }: Pick<Config, 'host'>, port: number): Promise<Server> {
  watchConnections(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new CannotListenError(host, port, error)));
    server.listen(port, host, resolve);
  });
  return server;
}

/** The URL at which this machine reaches the listening server. */
export function urlOf({ host }: Pick<Config, 'host'>, server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
}
