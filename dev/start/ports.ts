/** A port that is free now may be taken a moment later, so the code that listens handles EADDRINUSE as well. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { StartError } from './start-error.ts';

const LOOPBACK = '127.0.0.1';

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}

/** Also false for a host that is not an address of this machine. */
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

/** Throws StartError, which names the variable to change, if the port is taken. Port 0 is always free. */
export async function assertPortFree(wanted: { variable: string; port: number; host?: string }): Promise<void> {
  const { variable, port, host } = wanted;
  if (port === 0 || (await isPortFree(port, host))) return;
  throw new StartError(`Port ${port} is taken by another program: stop it, or set ${variable} to another port.`);
}
