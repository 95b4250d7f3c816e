/**
 * The fast path for usual tRPC calls: one call, or a batch of one type. Input is JSON; output is JSON or an event stream.
 * The Express adapter of tRPC converts each request to a fetch Request and pipes its Response back through web streams.
 * That conversion may cost as much processor time as the rest of the call (docs/decisions.md). The fast path implements
 * the same protocol with tRPC's exported functions. It leaves every other request to that adapter: streamed batches,
 * other media types, malformed calls. tests/component/fast-path compares their replies. Source: trpc.io/docs/rpc.
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
  /** tRPC's adapter refuses longer batches. */
  maxBatchSize: number;
  contextOf(req: Request): RequestContext;
  /** Receives each failed call. */
  onError(failure: { error: TRPCError; path: string; ctx: RequestContext; req: Request }): void;
  /** The headers of the whole reply, whose `body` is final. Event streams get none of these. */
  headersOf(reply: { body: string; errors: readonly TRPCError[]; req: Request }): Record<string, string>;
}

export interface CallDescription {
  paths: readonly string[];
  type: ProcedureType;
  isBatch: boolean;
}

/** The HTTP method of each type of procedure. */
const METHODS: Record<ProcedureType, string> = { query: 'GET', mutation: 'POST', subscription: 'GET' };

const VARY = 'trpc-accept, accept';

/** Answers the calls that it supports and passes the others on. */
export function createFastPath(options: FastPathOptions): RequestHandler {
  return (req, res, next) => {
    const calls = describeCalls(req, options.maxBatchSize);
    if (calls === null) return next();
    const answer = calls.type === 'subscription' ? answerStream : answerAtOnce;
    answer({ ...options, calls, req, ctx: options.contextOf(req) }, res).catch(next);
  };
}

/** Null if the fast path does not support the request. */
function describeCalls(req: Request, maxBatchSize: number): CallDescription | null {
  const isBatch = req.query.batch === '1';
  const { procedures: paths, type } = classOf(req);
  if (paths === null || (isBatch ? paths.length > maxBatchSize : paths.length !== 1)) return null;
  if (type === null || req.method !== METHODS[type]) return null;
  if (type === 'subscription' && (isBatch || isResumed(req))) return null;
  return isSupportedBody(req) && isSupportedReply(req) ? { paths, type, isBatch } : null;
}

/** A stream that continues after a given event; tRPC's adapter passes that event's id as an input. */
function isResumed({ headers, query }: Request): boolean {
  return [headers['last-event-id'], query.lastEventId, query['Last-Event-Id']].some((id) => id !== undefined);
}

/** A body needs a declared length: limitDeclaredBody has checked it, and Node reads no more than that. */
function isSupportedBody({ method, headers, query }: Request): boolean {
  const media = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (method === 'POST') return media === 'application/json' && headers['content-length'] !== undefined;
  return (media === undefined || media === 'application/json') && !Array.isArray(query.input);
}

function isSupportedReply({ headers, query }: Request): boolean {
  const acceptsLines = `${headers['trpc-accept']},${headers.accept}`.includes('application/jsonl');
  return !acceptsLines && query.connectionParams === undefined;
}

interface CallContext extends FastPathOptions {
  calls: CallDescription;
  req: Request;
  ctx: RequestContext;
}

type Outcome = { data: unknown } | { error: TRPCError; shape: ErrorShape };
type ErrorShape = ReturnType<typeof getTRPCErrorShape>;

async function answerAtOnce(context: CallContext, res: Response): Promise<void> {
  const { calls, headersOf, req, router } = context;
  const inputs = createInputs(context);
  const outcomes = await Promise.all(
    // No abort signal: a call that has begun runs to its end, even if its client goes away.
    calls.paths.map((path, index) =>
      call(context, { path, index, inputs }).then(
        (data): Outcome => ({ data }),
        (cause): Outcome => refuse(context, path, cause),
      ),
    ),
  );
  // The deadline has sent its own reply.
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

/** The protocol sends refusals, too, as events of the stream. */
function answerStream(context: CallContext, res: Response): Promise<void> {
  const [path = ''] = context.calls.paths;
  res.setHeader('vary', VARY);
  return sendEvents(res, {
    ...context.router._def._config.sse,
    open: (signal) => call(context, { path, index: 0, inputs: createInputs(context), signal }),
    describe: (cause) => refuse(context, path, cause).shape,
  });
}

interface Call {
  path: string;
  /** The position in the batch. */
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

/** The inputs by position in the batch, read on first use: a call refused before that costs no reading and parsing. */
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
    // Node also emits `error` if the client disconnects before the end.
    req.once('error', (cause) =>
      reject(new TRPCError({ code: 'CLIENT_CLOSED_REQUEST', message: 'The body broke off.', cause })),
    );
  });
}
