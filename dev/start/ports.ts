/** A port that is free now may be taken a moment later, so the code that listens handles EADDRINUSE as well. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { StartError } from './start-error.ts';

const LOOPBACK = '127.0.0.1';

/** Below those that systems give to outgoing connections, any of which could take the port before somebody listens on it. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;

/** Throws an Error when none of a hundred random ports is free. */
export async function findFreePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`no port from ${FIRST_PORT} to ${LAST_PORT} is free`);
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
