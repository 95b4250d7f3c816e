/** Sends thousands of requests over a few kept-alive connections, because fetch uses three times the CPU. */
import { Agent, request } from 'node:http';

export interface RawRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: Record<string, string>;
  body?: string;
}

export interface Sender {
  /** The response; of an event stream, only its headers. Rejects if the connection breaks. */
  send(request: RawRequest): Promise<{ status: number; text: string }>;
  close(): void;
}

/** Sends to one server, over at most this many connections. */
export function createSender(base: string, connections: number): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(base);
  return {
    send: ({ method, url, headers, body }) =>
      new Promise((resolve, reject) => {
        const outgoing = request({ hostname, port, agent, method, path: url, headers }, (reply) => {
          const status = reply.statusCode ?? 0;
          if (reply.headers['content-type']?.startsWith('text/event-stream')) {
            reply.destroy();
            return resolve({ status, text: '' });
          }
          const chunks: Buffer[] = [];
          reply.on('data', (chunk) => chunks.push(chunk));
          reply.once('end', () => resolve({ status, text: Buffer.concat(chunks).toString() }));
          reply.once('error', reject);
        });
        outgoing.once('error', reject);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}
