/**
 * One HTTP exchange with Paystack's API by fetch, for the calls that the package paystack-api does not have. The same
 * bounds as transport.ts: a deadline, a size limit, no redirects. Failures carry neither the key nor the payer.
 */
import { GatewayError } from '../../../models/payment/gateway-reports.ts';
import { VERSION } from '../../version.ts';

/** A reply with any status. */
export interface RawReply {
  status: number;
  /** The Retry-After header as sent. */
  retryAfter: string | null;
  body: string;
}

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT';
  /** The parts of the path. Each is encoded, so none can leave its place in the path. */
  path: readonly string[];
  query?: Readonly<Record<string, string | number>>;
  /** Sent as JSON. */
  body?: object;
}

export type BoundedCall = (request: ApiRequest, deadlineMs: number) => Promise<RawReply>;

export function getRequest(path: readonly string[], query: NonNullable<ApiRequest['query']> = {}): ApiRequest {
  return { method: 'GET', path, query };
}

/** Firewalls in front of APIs refuse requests without one. */
export const USER_AGENT = `orders-module/${VERSION}`;

/** A page of 100 transactions with their logs stays well below 2 MB. */
export const MAX_REPLY_BYTES = 4 * 1024 * 1024;

/** The calls for one key and one address. They throw only GatewayError, of the kinds that createTransport names. */
export function createBoundedCall({ secretKey, baseUrl }: { secretKey: string; baseUrl: string }): BoundedCall {
  const base = baseUrl.replace(/\/+$/, '');
  return ({ method, path, query = {}, body }, deadlineMs) => {
    const url = new URL(`${base}/${path.map(encodeURIComponent).join('/')}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const headers = { Authorization: `Bearer ${secretKey}`, Accept: 'application/json' };
    const json = { 'Content-Type': 'application/json' };
    return boundedFetch(
      url,
      body === undefined
        ? { method, headers }
        : { method, headers: { ...headers, ...json }, body: JSON.stringify(body) },
      deadlineMs,
    );
  };
}

/**
 * Sends one request and reads its reply within the deadline. A redirect and an oversized reply are `malformed`, every
 * failure of the connection is `unavailable`.
 */
export async function boundedFetch(url: URL, init: RequestInit, deadlineMs: number): Promise<RawReply> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), Math.max(0, deadlineMs));
  try {
    const response = await fetch(url, {
      ...init,
      headers: { ...init.headers, 'User-Agent': USER_AGENT },
      redirect: 'manual',
      signal: deadline.signal,
    });
    if (response.status >= 300 && response.status < 400) {
      deadline.abort();
      throw new GatewayError('malformed', response.status, 'Paystack answered with a redirect, which is not followed.');
    }
    const { status } = response;
    return { status, retryAfter: response.headers.get('retry-after'), body: await readBody(response, deadline) };
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    if (deadline.signal.aborted) {
      throw new GatewayError('unavailable', null, `Paystack did not answer within ${Math.round(deadlineMs)} ms.`);
    }
    // The text of fetch's own errors may quote a header, hence the key. None of it is kept but the system's code.
    throw new GatewayError('unavailable', null, `Paystack could not be reached (${networkCode(error)}).`);
  } finally {
    clearTimeout(timer);
  }
}

async function readBody(response: Response, deadline: AbortController): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_REPLY_BYTES) {
      deadline.abort();
      throw new GatewayError('malformed', response.status, 'The reply of Paystack is larger than it may be.');
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** The system's code for a broken connection, e.g. ECONNRESET. Works for errors of fetch and of the package. */
export function networkCode(error: unknown): string {
  const cause = error instanceof Object && 'cause' in error ? error.cause : null;
  const code = cause instanceof Object && 'code' in cause ? cause.code : null;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? code : 'connection failed';
}
