/**
 * One exchange with Paystack's API through the package paystack-api, made bounded: a deadline, a largest reply, no
 * redirects, and failures that carry neither the key nor the payer. It knows HTTP and nothing of what replies mean;
 * that is reply.ts. Called by service.ts only.
 *
 * What the package (2.0.6, over `request`) does, and what is done about it here:
 * - Constructing it hangs every resource on the shared prototype, bound to the newest instance. An instance's resources
 *   are therefore taken off it in the same breath as it is made, and stay bound to its own key and address.
 * - `refund.list` drops every filter that we need; the call is declared anew with `extend`, the package's own way.
 * - Its rejections carry the request with the key and the body; none is ever passed on, logged or kept as a cause.
 * - It has no time-out, follows redirects, and reads a body of any size; after abort() its promise never settles. So the
 *   reply is read off the request's events, and raced.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import Paystack from 'paystack-api';
import * as z from 'zod';
import { GatewayError } from '../../models/payment/gateway-reports.ts';

/** What came back, whatever its status. */
export interface RawReply {
  status: number;
  /** The Retry-After header as sent. */
  retryAfter: string | null;
  body: string;
}

export type ApiCall = (data: Record<string, unknown>, deadlineMs: number) => Promise<RawReply>;

export interface PaystackTransport {
  initialize: ApiCall;
  verify: ApiCall;
  listTransactions: ApiCall;
  createRefund: ApiCall;
  getRefund: ApiCall;
  listRefunds: ApiCall;
}

type PackageCall = Paystack['transaction']['verify'];

/** A page of 100 transactions with their logs stays well below 2 MB. */
const MAX_REPLY_BYTES = 4 * 1024 * 1024;

/**
 * A transport of its own for one key and one address; any number may live in one process.
 * Each call throws only GatewayError: `unavailable` for a time-out or a broken connection, `malformed` for a redirect or
 * an oversized reply, `rejected` for arguments that cannot be sent.
 */
export function createTransport(options: { secretKey: string; baseUrl: string }): PaystackTransport {
  const client = new Paystack(options.secretKey);
  client.endpoint = options.baseUrl.replace(/\/+$/, '');
  // Taken now, before anybody constructs another instance: later reads of client.transaction may find that one's.
  const { transaction, refund } = client;
  return {
    initialize: bounded(transaction.initialize),
    verify: bounded(transaction.verify),
    listTransactions: bounded(transaction.list),
    createRefund: bounded(refund.create),
    getRefund: bounded(refund.get),
    listRefunds: bounded(client.extend({ method: 'get', route: '/refund', args: ['transaction*', 'perPage', 'page'] })),
  };
}

function bounded(call: PackageCall): ApiCall {
  return (data, deadlineMs) => exchange(() => call({ ...data }), deadlineMs);
}

/** Starts the request and settles once: by its reply, its failure or the deadline, whichever is first. */
function exchange(start: () => ReturnType<PackageCall>, deadlineMs: number): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    let request: ReturnType<PackageCall>;
    try {
      request = start();
    } catch {
      // The package throws synchronously for a missing argument; its message may quote what was passed.
      reject(new GatewayError('rejected', null, 'The request to Paystack could not be built.'));
      return;
    }
    const fail = (error: GatewayError) => {
      clearTimeout(timer);
      request.abort();
      reject(error);
    };
    const timer = setTimeout(() => {
      fail(new GatewayError('unavailable', null, `Paystack did not answer within ${Math.round(deadlineMs)} ms.`));
    }, deadlineMs);
    const reply = collectReply(request, fail);
    // A non-2xx status rejects too: the events tell the two apart, the rejection itself is not looked at but for its code.
    const settle = (rejection?: unknown) => {
      clearTimeout(timer);
      const complete = reply();
      if (complete !== null) resolve(complete);
      else reject(new GatewayError('unavailable', null, `Paystack could not be reached (${networkCode(rejection)}).`));
    };
    request.then(() => settle(), settle);
  });
}

/** Gathers the reply's bytes; the function returned gives the reply once it has ended in full, else null. */
function collectReply(request: ReturnType<PackageCall>, fail: (error: GatewayError) => void): () => RawReply | null {
  let response: IncomingMessage | null = null;
  let size = 0;
  const chunks: Buffer[] = [];
  request.on('request', (outgoing: ClientRequest) => {
    // Ahead of the package's own listener: an aborted request ignores the response, so a Location is never even parsed.
    outgoing.prependListener('response', (incoming) => {
      response = incoming;
      const status = incoming.statusCode ?? 0;
      if (status >= 300 && status < 400) {
        fail(new GatewayError('malformed', status, 'Paystack answered with a redirect, which is not followed.'));
      }
    });
  });
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_REPLY_BYTES) {
      chunks.length = 0;
      fail(
        new GatewayError('malformed', response?.statusCode ?? null, 'The reply of Paystack is larger than it may be.'),
      );
    } else {
      chunks.push(chunk);
    }
  });
  return () => {
    // The package calls a reply that was cut short complete; Node knows better.
    if (response === null || !response.complete) return null;
    return {
      status: response.statusCode ?? 0,
      retryAfter: response.headers['retry-after'] ?? null,
      body: new TextDecoder().decode(Buffer.concat(chunks)),
    };
  };
}

const brokenConnectionSchema = z.object({ cause: z.object({ code: z.string().regex(/^[A-Z][A-Z0-9_]{2,40}$/) }) });

/** The system's word for a broken connection, e.g. ECONNRESET. Nothing else of the error is safe to repeat. */
function networkCode(rejection: unknown): string {
  return brokenConnectionSchema.safeParse(rejection).data?.cause.code ?? 'connection failed';
}
