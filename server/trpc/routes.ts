/**
 * What is served below /trpc: plain calls by our own adapter (server/trpc/fast-path), everything else by tRPC's, both with
 * the same context, limits, log lines and headers. Mounted by server/http/app.
 */
import { createHash } from 'node:crypto';
import type { TRPCError } from '@trpc/server';
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

/** A batch of the client's is seldom longer; two thousand sign-ins in one request are none of ours. */
const MAX_BATCH_SIZE = 10;
const MAX_BODY_BYTES = 100_000;

export interface TrpcOptions {
  contextOf: ContextOf;
  /** False leaves all calls to tRPC's adapter, with which tests compare ours. */
  fastPath?: boolean;
}

/** The handlers for /trpc, in their order. */
export function trpcRoutes(app: AppContext, { contextOf, fastPath = true }: TrpcOptions): RequestHandler[] {
  const onError = ({ error, path, ctx, req }: Failure) =>
    logFailure({ app, requestId: ctx?.requestId ?? String(req.id) }, error, procedureName(path));
  const plain = createFastPath({
    router: appRouter,
    maxBatchSize: MAX_BATCH_SIZE,
    contextOf,
    onError,
    headersOf: ({ body, errors, req }) => ({ ...retryAfterOf(errors), ...etagOf(body, errors, req) }),
  });
  const all = createExpressMiddleware({
    router: appRouter,
    maxBatchSize: MAX_BATCH_SIZE,
    maxBodySize: MAX_BODY_BYTES,
    createContext: ({ req }) => contextOf(req),
    onError,
    responseMeta: ({ errors }) => ({ headers: new Headers(retryAfterOf(errors)) }),
  });
  return [onlyRecognised, limitDeclaredBody(MAX_BODY_BYTES), ...(fastPath ? [plain] : []), all];
}

interface Failure {
  error: TRPCError;
  path?: string | undefined;
  ctx?: RequestContext | undefined;
  req: Request;
}

/** tRPC itself would serve the last segment of any path, as a call that nobody in front of it took for one. */
const onlyRecognised: RequestHandler = (req, _res, next) =>
  next(classOf(req).procedures === null ? notFound('Page') : undefined);

/** When the last of the failed calls may be tried again, in seconds; nothing when none says so. */
function retryAfterOf(errors: readonly TRPCError[]): Record<string, string> {
  const waits = errors.map((error) => retryAfterSeconds(classifyError(error, null).wire) ?? 0);
  const longest = Math.max(0, ...waits);
  return longest === 0 ? {} : { 'retry-after': String(longest) };
}

/** The catalogue's replies may be kept and asked about again. Weak: a compressed reply is the same reply. */
function etagOf(body: string, errors: readonly TRPCError[], req: Request): Record<string, string> {
  if (!classOf(req).isCatalogueRead || errors.length > 0) return {};
  return { etag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"` };
}
