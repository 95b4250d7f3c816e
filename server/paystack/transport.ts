/**
 * One HTTP exchange with Paystack's API through the package paystack-api, with a deadline, a size limit and no redirects.
 * Failures carry neither the key nor the payer. reply.ts reads what the replies mean.
 *
 * Traps of the package (2.0.6, over `request`), and how this file avoids them:
 * - The constructor puts every resource on the shared prototype, bound to the newest instance. The resources are
 *   therefore read off an instance directly after its construction, and stay bound to its own key and address.
 * - `refund.list` drops the filters, and disputes, banks and a transaction by its id are missing. Such calls go through
 *   `call` (calls/bounded-call).
 * - Its rejections carry the request with the key and the body; none is ever passed on, logged or kept as a cause.
 * - It has no time-out, follows redirects, and reads a body of any size. After abort() its promise never settles, so the
 *   reply is collected from the request's events and raced against the deadline.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import Paystack from 'paystack-api';
import { GatewayError } from '../../models/payment/gateway-reports.ts';
import {
  type BoundedCall,
  createBoundedCall,
  MAX_REPLY_BYTES,
  networkCode,
  type RawReply,
  USER_AGENT,
} from './calls/bounded-call.ts';

export type ApiCall = (data: Record<string, unknown>, deadlineMs: number) => Promise<RawReply>;

export interface PaystackTransport {
  initialize: ApiCall;
  verify: ApiCall;
  listTransactions: ApiCall;
  createRefund: ApiCall;
  getRefund: ApiCall;
  /** Every other call of Paystack's API. */
  call: BoundedCall;
}

type PackageCall = Paystack['transaction']['verify'];

/**
 * A transport for one key and one address; one process may create several. Each call throws only GatewayError:
 * - `unavailable` for a time-out or a broken connection,
 * - `malformed` for a redirect or an oversized reply,
 * - `rejected` for arguments that cannot be sent.
 */
export function createTransport(options: { secretKey: string; baseUrl: string }): PaystackTransport {
  const client = new Paystack(options.secretKey);
  client.endpoint = options.baseUrl.replace(/\/+$/, '');
  // Read before another instance is constructed: after that, client.transaction is bound to the other instance.
  const { transaction, refund } = client;
  return {
    initialize: bounded(transaction.initialize),
    verify: bounded(transaction.verify),
    listTransactions: bounded(transaction.list),
    createRefund: bounded(refund.create),
    getRefund: bounded(refund.get),
    call: createBoundedCall(options),
  };
}

function bounded(call: PackageCall): ApiCall {
  return (data, deadlineMs) => exchange(() => call({ ...data }), deadlineMs);
}

/** Starts the request and settles once, by its reply, its failure or the deadline. */
function exchange(start: () => ReturnType<PackageCall>, deadlineMs: number): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    let request: ReturnType<PackageCall>;
    try {
      request = start();
    } catch {
      // The package throws synchronously for a missing argument, and its message may quote the others.
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
    // The package also rejects for a status other than 2xx. Only the collected reply distinguishes that from a failure.
    const settle = (rejection?: unknown) => {
      clearTimeout(timer);
      const complete = reply();
      if (complete !== null) resolve(complete);
      else reject(new GatewayError('unavailable', null, `Paystack could not be reached (${networkCode(rejection)}).`));
    };
    request.then(() => settle(), settle);
  });
}

/** Collects the reply's bytes. The returned function gives the reply if it has arrived in full, else null. */
function collectReply(request: ReturnType<PackageCall>, fail: (error: GatewayError) => void): () => RawReply | null {
  let response: IncomingMessage | null = null;
  let size = 0;
  const chunks: Buffer[] = [];
  request.on('request', (outgoing: ClientRequest) => {
    outgoing.setHeader('User-Agent', USER_AGENT);
    // Before the package's own listener, which ignores the response of an aborted request, so it follows no Location.
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
    // The package takes a truncated reply for complete; `complete` of Node's response is reliable.
    if (response === null || !response.complete) return null;
    return {
      status: response.statusCode ?? 0,
      retryAfter: response.headers['retry-after'] ?? null,
      body: new TextDecoder().decode(Buffer.concat(chunks)),
    };
  };
}
