import { createHash, timingSafeEqual } from 'node:crypto';
import express, { type Express, type Request, type Response } from 'express';
import { injectFault, pauseFor, sendPlainly } from '../http/fault-injection.ts';
import { Refusal } from '../ledger/refusal.ts';
import type { Switches } from '../switches.ts';
import type { ApiReply } from '../views/envelope.ts';
import { refused } from '../views/envelope.ts';
import type { ApiRoute, FaultRule, FaultScript } from './fault-script.ts';
import { applyOverride, isCarriedOut } from './fault-script.ts';
import { readBody } from './read-body.ts';

export interface ApiCall {
  params: Record<string, string | undefined>;
  query: Record<string, string | undefined>;
  body: Record<string, unknown>;
}

export interface ApiEndpoint {
  route: ApiRoute;
  method: 'get' | 'post' | 'put';
  path: string;
  /** The reference that the call is about, for the log and for faults; null if there is none. */
  subject: (call: ApiCall) => string | null;
  /** Throws Refusal if Paystack would refuse the call. */
  handle: (call: ApiCall) => ApiReply;
}

/** A received API call, with or without a reply. */
export interface LoggedRequest {
  at: string;
  route: ApiRoute;
  reference: string | null;
  authorized: boolean;
  /** Whether the handler ran, and so may have changed the ledger. */
  carriedOut: boolean;
  /** HTTP status sent; null before the reply, and permanently after a dropped or hanging connection. */
  status: number | null;
}

export interface ApiOptions {
  secretKey: string;
  switches: () => Switches;
  faults: FaultScript;
  requests: LoggedRequest[];
  now: () => Date;
}

export function mountApi(app: Express, endpoints: ApiEndpoint[], options: ApiOptions): void {
  const readBytes = express.raw({ limit: '1mb', type: () => true });
  for (const endpoint of endpoints) {
    app[endpoint.method](endpoint.path, readBytes, async (req: Request, res: Response) => {
      await serve(endpoint, readCall(req), req, res, options);
    });
  }
}

async function serve(
  endpoint: ApiEndpoint,
  call: ApiCall,
  req: Request,
  res: Response,
  options: ApiOptions,
): Promise<void> {
  const reference = endpoint.subject(call);
  const entry: LoggedRequest = {
    at: options.now().toISOString(),
    route: endpoint.route,
    reference,
    authorized: isAuthorized(req, options.secretKey),
    carriedOut: false,
    status: null,
  };
  options.requests.push(entry);
  res.on('finish', () => {
    entry.status = res.statusCode;
  });
  const run = (): ApiReply => carryOut(endpoint, call, entry, options);
  const rule = options.faults.take(endpoint.route, reference);
  if (rule === null) sendPlainly(res, run());
  else await serveFaultily(res, rule, run, options);
}

async function serveFaultily(res: Response, rule: FaultRule, run: () => ApiReply, options: ApiOptions): Promise<void> {
  const { fault } = rule;
  if (fault.kind === 'delay' && !isCarriedOut(rule)) {
    await pauseFor(res, fault.ms);
    sendPlainly(res, run());
    return;
  }
  const reply = isCarriedOut(rule) ? run() : { status: 200, body: { status: true, message: '', data: {} } };
  if (fault.kind === 'override') sendPlainly(res, applyOverride(reply, fault));
  else await injectFault(res, fault, reply, (status) => refused(outage(status), options.switches()).body);
}

function carryOut(endpoint: ApiEndpoint, call: ApiCall, entry: LoggedRequest, options: ApiOptions): ApiReply {
  try {
    if (!entry.authorized) {
      throw new Refusal(401, 'invalid_Key', 'Invalid key', {
        nextStep: 'Ensure that you provide the correct authorization key for the request',
      });
    }
    entry.carriedOut = true;
    return endpoint.handle(call);
  } catch (error) {
    if (error instanceof Refusal) return refused(error, options.switches());
    throw error;
  }
}

function outage(status: number): Refusal {
  if (status === 401) return new Refusal(401, 'invalid_Key', 'Invalid key');
  if (status === 429) return new Refusal(429, 'rate_limited', 'Too many requests', { type: 'api_error' });
  return new Refusal(status, 'unknown', 'An error occurred', { type: 'api_error' });
}

/** timingSafeEqual needs equal lengths, hence the digests. As at Paystack, the scheme's case does not matter. */
function isAuthorized(req: Request, secretKey: string): boolean {
  const match = /^Bearer\s+(\S+)$/i.exec(req.get('authorization') ?? '');
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return match?.[1] !== undefined && timingSafeEqual(digest(match[1]), digest(secretKey));
}

function textsOf(values: Record<string, unknown>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(values).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

function readCall(req: Request): ApiCall {
  const body = readBody(req.body, req.get('content-type') ?? '');
  // Clients write a filter that is not set as an empty one.
  const query = Object.fromEntries(Object.entries(textsOf(req.query)).filter(([, value]) => value !== ''));
  return { params: textsOf(req.params), query, body };
}
