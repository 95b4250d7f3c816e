/** A reverse proxy over the web processes whose /readyz succeeds, so that a draining process gets no new requests. */
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const CHECK_EVERY_MS = 200;
const CHECK_TIMEOUT_MS = 1_000;

export interface Target {
  url: string;
  /** Serves /readyz. */
  opsUrl: string;
}

export interface RoundRobin {
  url: string;
  /** Replaces the targets; each gets requests once it is ready. */
  setTargets(targets: readonly Target[]): Promise<void>;
  close(): Promise<void>;
}

export async function startRoundRobin(port = 0): Promise<RoundRobin> {
  let targets: (Target & { ready: boolean })[] = [];
  let turn = 0;
  const agent = new Agent({ keepAlive: true });
  const check = async () => {
    await Promise.all(
      targets.map(async (target) => {
        target.ready = await isReady(target.opsUrl);
      }),
    );
  };
  const timer = setInterval(() => void check(), CHECK_EVERY_MS);
  const nextTargets = () => {
    const ready = targets.filter((target) => target.ready);
    const pool = ready.length > 0 ? ready : targets;
    turn += 1;
    return pool.map((_, index) => pool[(turn + index) % pool.length]?.url ?? '');
  };
  const server = createServer((req, res) => forward(req, res, nextTargets(), agent));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async setTargets(wanted) {
      targets = wanted.map((one) => targets.find(({ url }) => url === one.url) ?? { ...one, ready: false });
      await check();
    },
    async close() {
      clearInterval(timer);
      agent.destroy();
      await closeServer(server);
    },
  };
}

async function isReady(opsUrl: string): Promise<boolean> {
  try {
    const reply = await fetch(`${opsUrl}/readyz`, { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) });
    return reply.ok;
  } catch {
    return false;
  }
}

function forward(req: IncomingMessage, res: ServerResponse, targets: string[], agent: Agent): void {
  const [target, ...others] = targets;
  if (target === undefined || target === '') {
    res.writeHead(503, { 'retry-after': '1' }).end();
    return;
  }
  const { hostname, port } = new URL(target);
  const upstream = request({ hostname, port, agent, method: req.method, path: req.url, headers: req.headers });
  upstream.once('response', (reply) => {
    res.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(res);
  });
  upstream.once('error', (error: NodeJS.ErrnoException) => {
    // After ECONNREFUSED nothing was sent, so the next target may be tried. Other errors may follow a completed operation.
    if (error.code === 'ECONNREFUSED' && !res.headersSent) return forward(req, res, others, agent);
    if (res.headersSent) res.destroy();
    else res.writeHead(502).end();
  });
  res.once('close', () => upstream.destroy());
  upstream.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', () => req.pipe(upstream));
    else req.pipe(upstream);
  });
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
