/**
 * A merchant's webhook endpoint for tests of the sandbox. It stores each request byte for byte and responds with
 * scripted statuses.
 */
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';

export interface ReceivedWebhook {
  body: Buffer;
  signature: string | undefined;
}

export interface WebhookReceiver {
  url: string;
  /** Resolves with all requests once there are `count`; rejects after five seconds. */
  received(count: number): Promise<ReceivedWebhook[]>;
  /** The HTTP statuses of the next responses, in order; then 200. */
  answerWith(...statuses: number[]): void;
  /** Clears the stored requests and the scripted statuses. */
  reset(): void;
  close(): Promise<void>;
}

const DEADLINE_MS = 5_000;

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const arrivals = new EventEmitter();
  let kept: ReceivedWebhook[] = [];
  let statuses: number[] = [];
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(Buffer.from(chunk));
    const header = req.headers['x-paystack-signature'];
    kept.push({ body: Buffer.concat(chunks), signature: Array.isArray(header) ? header.join() : header });
    res.writeHead(statuses.shift() ?? 200).end();
    arrivals.emit('arrival');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/webhooks/paystack`,
    received: async (count) => {
      const signal = AbortSignal.timeout(DEADLINE_MS);
      while (kept.length < count) await once(arrivals, 'arrival', { signal });
      return [...kept];
    },
    answerWith: (...coming) => {
      statuses = coming;
    },
    reset: () => {
      kept = [];
      statuses = [];
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
