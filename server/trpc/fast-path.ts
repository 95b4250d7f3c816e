/**
 * Answers plain tRPC calls: one, or a batch of one type, with JSON in and JSON or an event stream out. tRPC's own Express
 * adapter makes a fetch Request of each and pipes its Response back through web streams, which may take the processor as
 * long as the rest of the call (docs/decisions.md). This speaks the same protocol with tRPC's own
 * parts, and leaves whatever is not plain to that adapter: streamed batches, other media types, and every envelope that
 * is refused. tests/component/plain-calls holds both to the same replies. Source: trpc.io/docs/rpc.
 */
import {
  type AnyTRPCRouter,
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  TRPCError,
  transformTRPCResponse,
} from '@trpc/server';
import { getHTTPStatusCode } from '@trpc/server/http';
import type { TRPCResponse } from '@trpc/server/rpc';
import type { Request, RequestHandler, Response } from 'express';
import { classOf, type ProcedureType } from '../http/request-class.ts';
import { sendEvents } from '../live/event-stream.ts';
import type { RequestContext } from './trpc.ts';

export interface FastPathOptions {
  router: AnyTRPCRouter;
  /** Longer batches are refused, by tRPC's adapter. */
  maxBatchSize: number;
  contextOf(req: Request): RequestContext;
  /** Each failed call. */
  onError(failure: { error: TRPCError; path: string; ctx: RequestContext; req: Request }): void;
  /** Of the whole reply, whose `body` is as it will be sent. Not asked of event streams. */
  headersOf(reply: { body: string; errors: readonly TRPCError[]; req: Request }): Record<string, string>;
}

export interface CallDescription {
  paths: readonly string[];
  type: ProcedureType;
  isBatch: boolean;
}

/** By which each type of procedure is called. */
const METHODS: Record<ProcedureType, string> = { query: 'GET', mutation: 'POST', subscription: 'GET' };

const VARY = 'trpc-accept, accept';

/** Answers the calls that are plain and passes on the rest. */
export function createFastPath(options: FastPathOptions): RequestHandler {
  return (req, res, next) => {
    const calls = describeCalls(req, options.maxBatchSize);
    if (calls === null) return next();
    const answer = calls.type === 'subscription' ? answerStream : answerAtOnce;
    answer({ ...options, calls, req, ctx: options.contextOf(req) }, res).catch(next);
  };
}

/** null for what is not plain. */
function describeCalls(req: Request, maxBatchSize: number): CallDescription | null {
  const isBatch = req.query.batch === '1';
  const { procedures: paths, type } = classOf(req);
  if (paths === null || (isBatch ? paths.length > maxBatchSize : paths.length !== 1)) return null;
  if (type === null || req.method !== METHODS[type]) return null;
  if (type === 'subscription' && (isBatch || isResumed(req))) return null;
  return isPlainBody(req) && isPlainReply(req) ? { paths, type, isBatch } : null;
}

/** A stream that is to go on after some event: tRPC makes that an input. */
function isResumed({ headers, query }: Request): boolean {
  return [headers['last-event-id'], query.lastEventId, query['Last-Event-Id']].some((id) => id !== undefined);
}

/** A body with its length declared, which is then what the server lets through at most. */
function isPlainBody({ method, headers, query }: Request): boolean {
  const media = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (method === 'POST') return media === 'application/json' && headers['content-length'] !== undefined;
  return (media === undefined || media === 'application/json') && !Array.isArray(query.input);
}

function isPlainReply({ headers, query }: Request): boolean {
  const wantsLines = `${headers['trpc-accept']},${headers.accept}`.includes('application/jsonl');
  return !wantsLines && query.connectionParams === undefined;
}

/** What is asked, by whom, and who answers. */
interface CallContext extends FastPathOptions {
  calls: CallDescription;
  req: Request;
  ctx: RequestContext;
}

type Outcome = { data: unknown } | { error: TRPCError; shape: ErrorShape };
type ErrorShape = ReturnType<typeof getTRPCErrorShape>;

async function answerAtOnce(exchange: CallContext, res: Response): Promise<void> {
  const { calls, headersOf, req, router } = exchange;
  const inputs = createInputs(exchange);
  const outcomes = await Promise.all(
    // No signal: what a call has begun it ends, whether or not its client still waits.
    calls.paths.map((path, index) =>
      call(exchange, { path, index, inputs }).then(
        (data): Outcome => ({ data }),
        (cause): Outcome => refuse(exchange, path, cause),
      ),
    ),
  );
  // The deadline has answered in our place.
  if (res.headersSent) return;
  const replies = outcomes.map((outcome): TRPCResponse => {
    return 'shape' in outcome ? { error: outcome.shape } : { result: { data: outcome.data } };
  });
  const errors = outcomes.map((outcome) => ('error' in outcome ? outcome.error : undefined));
  const [first] = replies;
  const sent = calls.isBatch || first === undefined ? replies : first;
  const body = JSON.stringify(transformTRPCResponse(router._def._config, sent));
  res.statusCode = getHTTPStatusCode(sent, errors);
  res.setHeader('vary', VARY);
  res.setHeader('content-type', 'application/json');
  const headers = headersOf({ body, errors: errors.filter((error) => error !== undefined), req });
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.end(body);
}

/** A refusal, too, comes as an event: so the protocol wants it. */
function answerStream(exchange: CallContext, res: Response): Promise<void> {
  const [path = ''] = exchange.calls.paths;
  res.setHeader('vary', VARY);
  return sendEvents(res, {
    ...exchange.router._def._config.sse,
    open: (signal) => call(exchange, { path, index: 0, inputs: createInputs(exchange), signal }),
    describe: (cause) => refuse(exchange, path, cause).shape,
  });
}

interface Call {
  path: string;
  /** Its place in the batch. */
  index: number;
  inputs: () => Promise<Readonly<Record<string, unknown>>>;
  signal?: AbortSignal;
}

async function call({ router, calls, ctx }: CallContext, { path, index, inputs, signal }: Call): Promise<unknown> {
  const getRawInput = async () => (await inputs())[index];
  return callTRPCProcedure({ router, path, getRawInput, ctx, type: calls.type, signal, batchIndex: index });
}

function refuse({ router, calls, ctx, req, onError }: CallContext, path: string, cause: unknown) {
  const error = getTRPCErrorFromUnknown(cause);
  onError({ error, path, ctx, req });
  const { type } = calls;
  return { error, shape: getTRPCErrorShape({ config: router._def._config, error, type, path, input: undefined, ctx }) };
}

/** The inputs by the calls' places, read when the first call asks: who is refused before that sends them for nothing. */
function createInputs({ calls: { isBatch, type }, req }: CallContext): Call['inputs'] {
  const read = async (): Promise<Record<string, unknown>> => {
    const text = type === 'mutation' ? await readBody(req) : req.query.input;
    if (typeof text !== 'string' || text === '') return {};
    const given: unknown = parse(text);
    if (!isBatch) return { 0: given };
    if (isRecord(given)) return given;
    throw new TRPCError({ code: 'BAD_REQUEST', message: '"input" needs to be an object when doing a batch call' });
  };
  let reading: Promise<Record<string, unknown>> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TRPCError({ code: 'BAD_REQUEST', message: 'The input is not JSON.', cause });
  }
}

function readBody(req: Request): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.once('end', () => resolve(Buffer.concat(chunks).toString()));
    // Also of a client that goes away in the middle.
    req.once('error', (cause) =>
      reject(new TRPCError({ code: 'CLIENT_CLOSED_REQUEST', message: 'The body broke off.', cause })),
    );
  });
}
