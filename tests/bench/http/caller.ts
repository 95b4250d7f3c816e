/** A minimal HTTP client with keep-alive, which leaves the processor to the servers under test. */
import { Agent, request } from 'node:http';

export interface Caller {
  /** Resolves with `result.data` of a tRPC reply; rejects on any status but 200. */
  query<T>(procedure: string, input: unknown, token?: string): Promise<T>;
  mutate<T>(procedure: string, input: unknown, token?: string): Promise<T>;
  /** Opens a subscription and resolves when `text` has arrived. */
  subscribeUntil(procedure: string, input: unknown, token: string, text: string): Promise<void>;
  post(path: string, body: string, headers: Record<string, string>): Promise<void>;
  close(): void;
}

export function createCaller(url: string): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const { hostname, port } = new URL(url);
  const send = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    new Promise<string>((resolve, reject) => {
      const sent = request({ agent, hostname, port, path, method, headers }, (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('error', reject);
        reply.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (reply.statusCode === 200) resolve(text);
          else reject(new Error(`${method} ${path}: ${reply.statusCode} ${text.slice(0, 300)}`));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const bearer = (token?: string): Record<string, string> =>
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const dataOf = (text: string) => JSON.parse(text).result.data;
  return {
    query: async (procedure, input, token) => dataOf(await send('GET', queryPath(procedure, input), bearer(token))),
    mutate: async (procedure, input, token) => {
      const headers = { 'content-type': 'application/json', ...bearer(token) };
      return dataOf(await send('POST', `/trpc/${procedure}`, headers, JSON.stringify(input)));
    },
    subscribeUntil: (procedure, input, token, text) =>
      new Promise((resolve, reject) => {
        const headers = { accept: 'text/event-stream', ...bearer(token) };
        const path = queryPath(procedure, input);
        const sent = request({ agent, hostname, port, path, headers }, (reply) => {
          let read = '';
          reply.on('data', (chunk: Buffer) => {
            read += chunk;
            if (!read.includes(text)) return;
            resolve();
            sent.destroy();
          });
          reply.on('end', () => reject(new Error(`${procedure} ended: ${read.slice(-300)}`)));
        });
        // destroy() emits an error too, but the promise is already resolved then.
        sent.on('error', reject).end();
      }),
    post: async (path, body, headers) => {
      await send('POST', path, { 'content-type': 'application/json', ...headers }, body);
    },
    close: () => agent.destroy(),
  };
}

export function queryPath(procedure: string, input: unknown): string {
  return `/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`;
}
