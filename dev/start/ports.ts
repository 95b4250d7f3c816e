/**
 * Ports on this machine: a free one, or a plain sentence when one that was asked for is taken. A port that is free now
 * may be gone a moment later; whoever listens deals with that as well.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { StartError } from './start-error.ts';

const LOOPBACK = '127.0.0.1';

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}

/** Whether somebody could listen there now. Also false for a host that is none of this machine's addresses. */
export async function isPortFree(port: number, host = LOOPBACK): Promise<boolean> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/** Throws StartError, naming the variable to change, when the port is taken. Port 0 is always free. */
export async function assertPortFree(wanted: { variable: string; port: number; host?: string }): Promise<void> {
  const { variable, port, host } = wanted;
  if (port === 0 || (await isPortFree(port, host))) return;
  throw new StartError(`Port ${port} is taken by another program: stop it, or set ${variable} to another port.`);
}
