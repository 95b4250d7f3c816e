/**
 * One HTTP exchange with SendGrid over a kept connection, for the client of @sendgrid/mail. The package's own client, axios,
 * costs several times the processor time of the exchange and a new connection each time.
 */
import http from 'node:http';
import https from 'node:https';

/** SendGrid answers 202 with an empty body, and errors with a few lines of JSON. */
const MAX_REPLY_BYTES = 256 * 1024;

/** As the package's createRequest makes it. */
export interface ExchangeRequest {
  baseURL: string;
  url: string;
  method: string;
  headers: Record<string, string>;
  /** Sent as JSON. */
  data: unknown;
}

export interface ExchangeReply {
  statusCode: number;
  headers: http.IncomingHttpHeaders;
  /** Parsed where it is JSON. */
  body: unknown;
}

export type Exchange = (request: ExchangeRequest, signal: AbortSignal) => Promise<ExchangeReply>;

/** Shorter than servers keep idle connections. A request on one that just closed has an unknown outcome. */
const MAX_IDLE_MS = 4_000;

/**
 * Rejects a status of 400 and above as the package does, with `code` and `response.headers`. Follows no redirect, and sends
 * nothing twice.
 */
export function createExchange(): Exchange {
  const options = { keepAlive: true, maxFreeSockets: 8, timeout: MAX_IDLE_MS };
  const agents = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) };
  const send = async (url: URL, { method, headers }: ExchangeRequest, body: Buffer, signal: AbortSignal) => {
    const isPlain = url.protocol === 'http:';
    const own = { ...headers, 'Content-Length': String(body.length) };
    const request = (isPlain ? http : https).request(url, {
      method,
      headers: own,
      signal,
      agent: isPlain ? agents['http:'] : agents['https:'],
    });
    const reply = new Promise<http.IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.once('error', reject);
    });
    request.end(body);
    return readReply(await reply);
  };
  return async (request, signal) => {
    const url = new URL(`${request.baseURL.replace(/\/+$/, '')}${request.url}`);
    const body = Buffer.from(JSON.stringify(request.data));
    const reply = await send(url, request, body, signal);
    if (reply.statusCode < 400) return reply;
    const { statusCode: code, headers } = reply;
    throw Object.assign(new Error('SendGrid refused the request.'), { code, response: { headers } });
  };
}

async function readReply(reply: http.IncomingMessage): Promise<ExchangeReply> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of reply) {
    size += chunk.length;
    if (size > MAX_REPLY_BYTES)
      throw Object.assign(new Error('The reply is too large.'), { code: 'ERR_REPLY_TOO_LARGE' });
    chunks.push(chunk);
  }
  return {
    statusCode: reply.statusCode ?? 0,
    headers: reply.headers,
    body: parseIfJson(Buffer.concat(chunks).toString()),
  };
}

function parseIfJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
