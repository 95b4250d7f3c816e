/**
 * An HTTP server whose responses the test scripts, byte by byte if needed, for responses that no correct server gives.
 * It records each request.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface RecordedRequest {
  method: string;
  /** Path and query as sent. */
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export type Answer = (res: ServerResponse, request: RecordedRequest, index: number) => void;

export interface ScriptedServer {
  url: string;
  requests: RecordedRequest[];
  /** How many connections were opened. */
  connections(): number;
  /** Replaces the response to all further requests. */
  answerWith(answer: Answer): void;
  close(): Promise<void>;
}

/** Listens on a free port of loopback. `index` counts the requests from 0. */
export async function startScriptedServer(first: Answer): Promise<ScriptedServer> {
  let answer = first;
  const requests: RecordedRequest[] = [];
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const request = {
      method: req.method ?? '',
      url: req.url ?? '',
      headers: req.headers,
      body: Buffer.concat(chunks).toString(),
    };
    requests.push(request);
    answer(res, request, requests.length - 1);
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the scripted server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    connections: () => connections,
    answerWith: (next) => {
      answer = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Responds with JSON, or with text unchanged. */
export function reply(status: number, body: object | string, headers: Record<string, string> = {}): Answer {
  return (res) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}
