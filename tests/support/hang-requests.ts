import { connect } from 'node:net';
import type { TestApp } from './test-app.ts';

/** Requests without a body, which stay in flight. Resolves once the server has received them. */
export async function hangRequests(busy: TestApp, number: number, ...lines: string[]): Promise<() => void> {
  const { port } = new URL(busy.url);
  const head = [...lines, 'host: x', 'content-type: application/json', 'content-length: 9', '\r\n'].join('\r\n');
  const before = await inFlight(busy);
  const sockets = Array.from({ length: number }, () => connect(Number(port), '127.0.0.1'));
  for (const socket of sockets) {
    socket.on('error', () => undefined);
    socket.write(head);
  }
  const deadline = performance.now() + 3_000;
  while ((await inFlight(busy)) < before + number) {
    if (performance.now() > deadline) throw new Error('the requests never arrived');
    await new Promise((resolve) => setImmediate(resolve));
  }
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

/** The requests that the shop is answering. */
export async function inFlight(busy: TestApp): Promise<number> {
  const metric = await busy.ctx.events.registry.getSingleMetric('http_requests_in_flight')?.get();
  return metric?.values[0]?.value ?? 0;
}
