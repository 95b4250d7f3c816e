/**
 * The handlers for /trpc: the fast path for usual calls, tRPC's own adapter for the others. Both have the same context,
 * limits, log lines and headers.
 */
import { createHash } from 'node:crypto';
import { TRPCError } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import type { Request, RequestHandler } from 'express';
import { notFound } from '../../models/errors.ts';
import type { AppContext } from '../context/app-context.ts';
import { classifyError, retryAfterSeconds } from '../http/classify-error.ts';
import { limitDeclaredBody } from '../http/edge.ts';
import { classOf, procedureName } from '../http/request-class.ts';
import { createFastPath } from './fast-path.ts';
import type { ContextOf } from './request-context.ts';
import { appRouter } from './router.ts';
import { logFailure, type RequestContext } from './trpc.ts';

/** Our client's batches are seldom longer, and nobody may send two thousand sign-ins in one request. */
const MAX_BATCH_SIZE = 10;
const MAX_BODY_BYTES = 100_000;

export interface TrpcOptions {
  contextOf: ContextOf;
  /** False leaves all calls to tRPC's adapter, so that tests can compare the two. */
  fastPath?: boolean;
}

/** The handlers for /trpc, in their order. */
export function trpcRoutes(app: AppContext, { contextOf, fastPath = true }: TrpcOptions): RequestHandler[] {
  const onError = ({ error, path, ctx, req }: Failure) =>
    logFailure({ app, requestId: ctx?.requestId ?? String(req.id) }, error, procedureName(path));
  const fast = createFastPath({
    router: appRouter,
    maxBatchSize: MAX_BATCH_SIZE,
    contextOf,
    onError,
    headersOf: ({ body, errors, req }) => ({ ...retryAfterOf(errors), ...etagOf(body, errors, req) }),
  });
  const general = createExpressMiddleware({
    router: appRouter,
    maxBatchSize: MAX_BATCH_SIZE,
    maxBodySize: MAX_BODY_BYTES,
    createContext: ({ req }) => contextOf(req),
    onError,
    responseMeta: ({ errors }) => ({ headers: new Headers(retryAfterOf(errors)) }),
  });
  return [onlyRecognised, onlyJson, limitDeclaredBody(MAX_BODY_BYTES), ...(fastPath ? [fast] : []), general];
}

interface Failure {
  error: TRPCError;
  path?: string | undefined;
  ctx?: RequestContext | undefined;
  req: Request;
}

/** tRPC's adapter takes the last segment of any path for a call, even where request-class recognises none. */
const onlyRecognised: RequestHandler = (req, _res, next) =>
  next(classOf(req).procedures === null ? notFound('Page') : undefined);

/** tRPC's adapter would also accept forms and raw bytes, which a page of another site can send without a preflight. */
const onlyJson: RequestHandler = (req, _res, next) => {
  const type = req.headers['content-type'];
  const isOther = req.method === 'POST' && type !== undefined && !/^application\/json *(;|$)/i.test(type);
  next(isOther ? new TRPCError({ code: 'UNSUPPORTED_MEDIA_TYPE' }) : undefined);
};

/** The longest of the failed calls' retry times; no header if none has one. */
function retryAfterOf(errors: readonly TRPCError[]): Record<string, string> {
  const waits = errors.map((error) => retryAfterSeconds(classifyError(error, null).wire) ?? 0);
  const longest = Math.max(0, ...waits);
  return longest === 0 ? {} : { 'retry-after': String(longest) };
}

/** Clients may cache and revalidate the catalogue's replies. Weak, because compression does not change a reply's content. */
function etagOf(body: string, errors: readonly TRPCError[], req: Request): Record<string, string> {
  if (!classOf(req).isCatalogueRead || errors.length > 0) return {};
  return { etag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"` };
}
