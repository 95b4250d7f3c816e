/**
 * The small guards at the edge of the web process, one middleware each, assembled by server/http/app: request id and log
 * line, tokens in URLs, deadlines, caching, the last error handler.
 */
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { pinoHttp } from 'pino-http';
import { DEADLINES } from '../../models/deadlines.ts';
import { AppError, invalidInput, notFound } from '../../models/errors.ts';
import type { AppContext } from '../context/app-context.ts';
import { requestIdOf } from '../trpc/request-context.ts';
import { type ErrorData, logFailure } from '../trpc/trpc.ts';
import { type ClassifiedError, classifyError, retryAfterSeconds } from './classify-error.ts';
import { ERROR_STATUSES } from './error-statuses.ts';
import { isCatalogueRead, isSubscription, pathOf, routeName } from './request-class.ts';

/** Gives the request an id of ours, whatever the client sent, and writes one line when the reply is over. */
export function logRequests({ log, random, events, trace }: AppContext): RequestHandler[] {
  const logger = pinoHttp({
    logger: log,
    genReqId: () => random.id(),
    // Method, route and status are all that a line tells: a path or a query may hold what a client typed.
    serializers: {
      req: ({ id, method }: { id: string; method: string }) => ({ id, method }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
    wrapSerializers: true,
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'requestId' },
    customLogLevel: (_req, res, error) => (res.statusCode >= 500 || error ? 'warn' : 'info'),
    // What failed is logged where it failed; an error of pino-http's own making knows nothing but the status.
    customErrorObject: (_req, _res, _error, { err: _, ...line }: Record<string, unknown>) => line,
    customProps: (req) => ({ route: 'originalUrl' in req ? routeName(req as Request) : 'unmatched' }),
    autoLogging: { ignore: (req) => /^\/(livez|readyz|metrics)\b/.test(req.url ?? '') },
  });
  const measure: RequestHandler = (req, res, next) => {
    res.setHeader('x-request-id', requestIdOf(req));
    const startedAt = performance.now();
    res.once('finish', () => {
      const durationMs = performance.now() - startedAt;
      events.httpReplied({ route: routeName(req), method: req.method, status: res.statusCode, durationMs });
    });
    next();
  };
  const follow: RequestHandler = (req, _res, next) => trace.run(requestIdOf(req), next);
  return [(req, res, next) => logger(req, res, next), measure, follow];
}

/** While we drain, each reply asks its client to come back over a new connection, which the balancer opens elsewhere. */
export function leaveWhenStopping({ stopping }: AppContext): RequestHandler {
  return (_req, res, next) => {
    if (stopping.signal.aborted) res.setHeader('connection', 'close');
    next();
  };
}

/** URLs end up in histories, proxies' logs and Referer headers: who puts a token there is told at once. */
const TOKEN_PARAMETERS = ['token', 'access_token', 'id_token', 'jwt', 'authorization', 'connectionParams'];

export const refuseTokensInUrl: RequestHandler = (req, _res, next) => {
  const given = TOKEN_PARAMETERS.find((name) => req.query[name] !== undefined);
  next(given === undefined ? undefined : invalidInput(given, 'send the token as a bearer in the Authorization header'));
};

/** Replies that the deadline gave in the place of whoever should have. */
const answeredByDeadline = new WeakSet<Response>();

/** Answers OVERLOADED when no reply has begun by the deadline. The work itself is not stopped. */
export function withinDeadline({ events }: AppContext, answer: AnswerError): RequestHandler {
  return (req, res, next) => {
    if (isSubscription(req)) return next();
    const isTrpc = req.path.startsWith('/trpc/');
    const apiDeadlineMs = isTrpc ? DEADLINES.call + DEADLINES.callSlack : DEADLINES.call;
    const deadlineMs = req.path.startsWith('/webhooks/') ? DEADLINES.webhookRequest : apiDeadlineMs;
    const timer = setTimeout(() => {
      if (res.headersSent) return;
      answeredByDeadline.add(res);
      events.requestRefused({ kind: 'deadline', route: routeName(req) });
      const details = { retryAfterMs: 1_000 };
      answer(new AppError('OVERLOADED', 'The answer took too long; try again in a moment.', { details }), req, res);
    }, deadlineMs);
    res.once('close', () => clearTimeout(timer));
    next();
  };
}

/**
 * Replies of the API are nobody's to keep; the catalogue's may be kept and asked about again: 304 when the client's copy
 * has the ETag of the reply, which server/trpc/routes computes. Calls are answered past Express, hence the hook.
 */
export const cacheRules: RequestHandler = (req, res, next) => {
  const mayBeKept = isCatalogueRead(req);
  res.setHeader('cache-control', mayBeKept ? 'no-cache' : 'no-store');
  if (mayBeKept) {
    const setHeader = res.setHeader.bind(res);
    res.setHeader = (name, value) => {
      setHeader(name, value);
      // Node leaves out the body of a 304 by itself.
      if (name.toLowerCase() === 'etag' && req.fresh) res.statusCode = 304;
      return res;
    };
  }
  next();
};

/** Refuses a body that says it is too large before it is read. Those that do not say are counted while read. */
export function limitDeclaredBody(maxBytes: number): RequestHandler {
  return (req, res, next) => {
    if (Number(req.headers['content-length'] ?? 0) <= maxBytes) return next();
    // The rest of the body is not worth reading, so the connection cannot be used again.
    res.setHeader('connection', 'close');
    next(Object.assign(new Error('body too large'), { status: 413 }));
  };
}

/** Whoever reaches it has asked for something that does not exist. */
export const nothingHere: RequestHandler = (_req, _res, next) => next(notFound('Page'));

type AnswerError = (error: unknown, req: Request, res: Response) => void;

/** Answers with the error's wire shape: tRPC's below /trpc, `{error}` elsewhere. Never throws. */
export function answerError(error: unknown, req: Request, res: Response): void {
  const { wire, httpStatus } = classifyError(error, requestIdOf(req));
  // Or pino-http would make one, with its stack, for each request that is turned away.
  if (error instanceof Error) res.err = error;
  const retryAfter = retryAfterSeconds(wire);
  if (retryAfter !== null) res.setHeader('retry-after', retryAfter);
  // Agendash asks for Basic credentials, and says so itself.
  if (httpStatus === 401 && !res.hasHeader('www-authenticate')) res.setHeader('www-authenticate', 'Bearer');
  const isTrpc = /^\/trpc(\/|$)/.test(pathOf(req));
  res.status(httpStatus).json({ error: isTrpc ? trpcShape({ wire, httpStatus }) : wire });
}

/** The shape that the tRPC formatter makes; its client cannot read another. */
function trpcShape({ wire, httpStatus }: Pick<ClassifiedError, 'wire' | 'httpStatus'>) {
  const { code, message, details, requestId } = wire;
  const data: ErrorData = { code, httpStatus, details, requestId };
  return { message, code: TRPC_ERROR_CODES_BY_KEY[ERROR_STATUSES[code].trpc], data };
}

/** The one error handler: logs what is not the client's own mistake, once, and answers if nobody has yet. */
export function lastErrorHandler(app: AppContext): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    // Who answers after the deadline did finds the headers sent; that the answer was late is logged already.
    if (answeredByDeadline.has(res) && isHeadersSent(error)) return;
    logFailure({ app, requestId: requestIdOf(req) }, error, routeName(req));
    if (res.headersSent) {
      // A reply that broke off in the middle must not look complete; one that was complete stays as it is.
      if (!res.writableEnded) res.destroy();
      return;
    }
    answerError(error, req, res);
  };
}

function isHeadersSent(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_HTTP_HEADERS_SENT';
}
