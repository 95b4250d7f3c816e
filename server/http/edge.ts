/** Guards at the edge of the web process, one middleware each: log line, tokens in URLs, deadlines, caching, errors. */
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { pinoHttp } from 'pino-http';
import { AppError, invalidInput, notFound } from '../../models/errors.ts';
import type { AppContext } from '../context/app-context.ts';
import { requestIdOf } from '../trpc/request-context.ts';
import { type ErrorData, logFailure } from '../trpc/trpc.ts';
import { type ClassifiedError, classifyError, retryAfterSeconds } from './classify-error.ts';
import { ERROR_STATUSES } from './error-statuses.ts';
import { type ErrorPageOptions, renderErrorPage } from './pages/error-page.ts';
import { wantsPage } from './pages/page-request.ts';
import { classOf, routeName } from './request-class.ts';

/** Replaces the client's request id by one of ours, and writes one log line when the reply ends. */
export function logRequests({ log, random, events, trace }: AppContext): RequestHandler[] {
  const logger = pinoHttp({
    logger: log,
    genReqId: () => random.id(),
    // A line holds no path and no query: both may contain text that a client typed.
    serializers: {
      req: ({ id, method }: { id: string; method: string }) => ({ id, method }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
    wrapSerializers: true,
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'requestId' },
    customLogLevel: (_req, res, error) => (res.statusCode >= 500 || error ? 'warn' : 'info'),
    // The code that failed has logged its error; the error that pino-http creates holds only the status.
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

/** While the process drains, replies close their connections, so that the balancer opens the next one to another process. */
export function leaveWhenStopping({ stopping }: AppContext): RequestHandler {
  return (_req, res, next) => {
    if (stopping.signal.aborted) res.setHeader('connection', 'close');
    next();
  };
}

/** URLs end up in histories, proxies' logs and Referer headers, so a token in one is refused. */
const TOKEN_PARAMETERS = ['token', 'access_token', 'id_token', 'jwt', 'authorization', 'connectionParams'];

export const refuseTokensInUrl: RequestHandler = (req, _res, next) => {
  const given = TOKEN_PARAMETERS.find((name) => req.query[name] !== undefined);
  next(given === undefined ? undefined : invalidInput(given, 'send the token as a bearer in the Authorization header'));
};

/** Replies sent by withinDeadline, before the handler's own. */
const answeredByDeadline = new WeakSet<Response>();

/** Answers OVERLOADED if no reply has begun by the deadline. The work runs on. */
export function withinDeadline({ events }: AppContext, answer: AnswerError): RequestHandler {
  return (req, res, next) => {
    const { deadlineMs } = classOf(req);
    if (deadlineMs === null) return next();
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
 * Forbids caching, except of the catalogue's replies, which clients may keep and revalidate: 304 if the client's ETag is
 * the reply's. The tRPC handlers bypass Express's `res.send`, which would compare the ETags, hence the hook in setHeader.
 */
export const cacheRules: RequestHandler = (req, res, next) => {
  const { isCatalogueRead } = classOf(req);
  res.setHeader('cache-control', isCatalogueRead ? 'no-cache' : 'no-store');
  if (isCatalogueRead) {
    const setHeader = res.setHeader.bind(res);
    res.setHeader = (name, value) => {
      setHeader(name, value);
      // Node omits the body of a 304.
      if (name.toLowerCase() === 'etag' && req.fresh) res.statusCode = 304;
      return res;
    };
  }
  next();
};

/** Refuses a body whose declared length is too large, before reading it. The readers bound bodies without one. */
export function limitDeclaredBody(maxBytes: number): RequestHandler {
  return (req, res, next) => {
    if (Number(req.headers['content-length'] ?? 0) <= maxBytes) return next();
    // The body stays unread, so the connection cannot carry another request.
    res.setHeader('connection', 'close');
    next(Object.assign(new Error('body too large'), { status: 413 }));
  };
}

/** Answers every request that no route has matched. */
export const nothingHere: RequestHandler = (_req, _res, next) => next(notFound('Page'));

type AnswerError = (error: unknown, req: Request, res: Response) => void;

/** Never rejects. */
type OptionsOfPage = () => Promise<ErrorPageOptions>;

/**
 * Answers with the error in tRPC's shape below /trpc, as `{error}` elsewhere, and as a page to a browser if `optionsOfPage`
 * is given. The answer never throws.
 */
export function createAnswerError(optionsOfPage?: OptionsOfPage): AnswerError {
  return (error, req, res) => answerError(error, req, res, optionsOfPage);
}

function answerError(error: unknown, req: Request, res: Response, optionsOfPage?: OptionsOfPage): void {
  const { wire, httpStatus } = classifyError(error, requestIdOf(req));
  // Without it pino-http creates an error, with a stack, for each refused request.
  if (error instanceof Error) res.err = error;
  const retryAfter = retryAfterSeconds(wire);
  if (retryAfter !== null) res.setHeader('retry-after', retryAfter);
  // Agendash's own 401 names the Basic scheme.
  if (httpStatus === 401 && !res.hasHeader('www-authenticate')) res.setHeader('www-authenticate', 'Bearer');
  if (optionsOfPage && wantsPage(req)) {
    void optionsOfPage().then((options) => {
      // Another answer may have been sent meanwhile.
      if (res.headersSent) return;
      res.vary('Accept');
      res.setHeader('cache-control', 'no-store');
      res
        .status(httpStatus)
        .type('html')
        .send(renderErrorPage(wire, req, options));
    });
    return;
  }
  res.status(httpStatus).json({ error: classOf(req).isTrpc ? trpcShape({ wire, httpStatus }) : wire });
}

/** The shape that tRPC's error formatter produces; its client cannot read another. */
function trpcShape({ wire, httpStatus }: Pick<ClassifiedError, 'wire' | 'httpStatus'>) {
  const { code, message, details, requestId } = wire;
  const data: ErrorData = { code, httpStatus, details, requestId };
  return { message, code: TRPC_ERROR_CODES_BY_KEY[ERROR_STATUSES[code].trpc], data };
}

/** The only error handler: logs errors that are not the client's mistake, once, and answers if no reply has begun. */
export function lastErrorHandler(app: AppContext, answer: AnswerError): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    // A handler that answers after the deadline fails with this error; withinDeadline has already reported the delay.
    if (answeredByDeadline.has(res) && isHeadersSent(error)) return;
    logFailure({ app, requestId: requestIdOf(req) }, error, routeName(req));
    if (res.headersSent) {
      // Closing the connection marks an unfinished reply as incomplete.
      if (!res.writableEnded) res.destroy();
      return;
    }
    answer(error, req, res);
  };
}

function isHeadersSent(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_HTTP_HEADERS_SENT';
}
