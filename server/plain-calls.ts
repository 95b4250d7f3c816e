/**
 * Answers plain tRPC calls, one or a batch: JSON in, JSON out. tRPC's own Express adapter makes a fetch Request of each
 * and pipes its Response back through web streams, which takes the processor twice as long as the call itself
 * (measured; see the README's Decisions). This speaks the same protocol with tRPC's own parts, and leaves whatever is not
 * plain to that adapter: subscriptions, streamed batches, other media types, and every envelope that is refused.
 * tests/component/plain-calls holds both to the same replies. Source: trpc.io/docs/rpc.
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
import { calledProcedures, typeOfProcedure } from './request-class.ts';
import type { RequestContext } from './trpc.ts';

export interface PlainCallsOptions {
  router: AnyTRPCRouter;
  /** Longer batches are refused, by tRPC's adapter. */
  maxBatchSize: number;
  contextOf(req: Request): RequestContext;
  /** Each failed call. */
  onError(failure: { error: TRPCError; path: string; ctx: RequestContext; req: Request }): void;
  /** Of the whole reply, whose `body` is as it will be sent. */
  headersOf(reply: { body: string; errors: readonly TRPCError[]; calls: PlainCalls }): Record<string, string>;
}

export interface PlainCalls {
  paths: readonly string[];
  type: 'query' | 'mutation';
  isBatch: boolean;
}

/** Answers the calls that are plain and passes on the rest. */
export function answerPlainCalls(options: PlainCallsOptions): RequestHandler {
  return (req, res, next) => {
    const calls = readEnvelope(req, options.maxBatchSize);
    if (calls === null) return next();
    answer(calls, req, res, options).catch(next);
  };
}

const METHODS = { query: 'GET', mutation: 'POST' } as const;

/** null for what is not plain. */
function readEnvelope(req: Request, maxBatchSize: number): PlainCalls | null {
  const isBatch = req.query.batch === '1';
  const paths = calledProcedures(req) ?? [];
  if (isBatch ? paths.length > maxBatchSize : paths.length !== 1) return null;
  const [type, ...otherTypes] = new Set(paths.map(typeOfProcedure));
  if ((type !== 'query' && type !== 'mutation') || otherTypes.length > 0 || req.method !== METHODS[type]) return null;
  return isPlainBody(req, type) && isPlainReply(req) ? { paths, type, isBatch } : null;
}

/** With its length declared, which is then what the server lets through at most. */
function isPlainBody({ headers, query }: Request, type: PlainCalls['type']): boolean {
  const media = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'mutation') return media === 'application/json' && headers['content-length'] !== undefined;
  return (media === undefined || media === 'application/json') && !Array.isArray(query.input);
}

function isPlainReply({ headers, query }: Request): boolean {
  const wantsLines = `${headers['trpc-accept']},${headers.accept}`.includes('application/jsonl');
  return !wantsLines && query.connectionParams === undefined;
}

async function answer(calls: PlainCalls, req: Request, res: Response, options: PlainCallsOptions): Promise<void> {
  const ctx = options.contextOf(req);
  const inputs = createInputs(calls, req);
  const { router } = options;
  const { type } = calls;
  const config = router._def._config;
  const errors: (TRPCError | undefined)[] = [];
  const call = async (path: string, index: number): Promise<TRPCResponse> => {
    try {
      const getRawInput = async () => (await inputs())[index];
      // No signal: what a call has begun it ends, whether or not its client still waits.
      const signal = undefined;
      const data: unknown = await callTRPCProcedure({
        router,
        path,
        getRawInput,
        ctx,
        type,
        signal,
        batchIndex: index,
      });
      return { result: { data } };
    } catch (cause) {
      const error = getTRPCErrorFromUnknown(cause);
      errors[index] = error;
      options.onError({ error, path, ctx, req });
      return { error: getTRPCErrorShape({ config, error, type, path, input: undefined, ctx }) };
    }
  };
  const replies = await Promise.all(calls.paths.map(call));
  // The deadline has answered in our place.
  if (res.headersSent) return;
  const [only] = replies;
  const body = JSON.stringify(transformTRPCResponse(config, calls.isBatch || !only ? replies : only));
  res.statusCode = getHTTPStatusCode(replies, errors);
  res.setHeader('vary', 'trpc-accept, accept');
  res.setHeader('content-type', 'application/json');
  const failures = errors.filter((error) => error !== undefined);
  const headers = options.headersOf({ body, errors: failures, calls });
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.end(body);
}

/** The inputs by the calls' positions, read when the first call asks: who is refused before that sends them for nothing. */
function createInputs({ isBatch, type }: PlainCalls, req: Request): () => Promise<Readonly<Record<string, unknown>>> {
  const read = async (): Promise<Record<string, unknown>> => {
    const text = type === 'query' ? req.query.input : await readBody(req);
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
