/**
 * Writes JSON lines by pino through an allow-list of fields, so that a careless `log.info({ order })` cannot print a
 * shopper's address. It reduces error messages too, because the driver's quote documents and others may quote a client's
 * input.
 */
import {
  type Bindings,
  type ChildLoggerOptions,
  type DestinationStream,
  type Logger,
  type LoggerOptions,
  pino,
} from 'pino';
import { AppError } from '../../models/errors.ts';
import { GatewayError } from '../../models/payment/gateway-reports.ts';
import { trace } from '../context/trace.ts';

// biome-ignore format: related names share a line
/** Ids, codes, amounts, counts and durations. Never a name, an email, an address, a query, a header or a body. */
const LOGGED_FIELDS: ReadonlySet<string> = new Set([
  // place
  'event', 'requestId', 'reqId', 'req', 'res', 'route', 'procedure', 'method', 'status', 'statusCode', 'responseTime',
  'job', 'loop', 'role', 'port', 'signal', 'err', 'code', 'alert', 'version', 'component',
  // subject
  'orderId', 'orderCode', 'txRef', 'reference', 'paidReference', 'refundId', 'gatewayRefundId', 'disputeId',
  'payoutId', 'pass', 'row',
  'variantId', 'productId', 'userId', 'actor', 'emailKey', 'messageId', 'digest', 'kind', 'webhookEvent',
  // result
  'outcome', 'source', 'operation', 'state', 'orderStatus', 'paymentStatus', 'parked', 'permanent', 'cancelReason',
  'amount', 'total', 'currency', 'expected', 'actual', 'quantity', 'delta',
  'size', 'confirmed', 'cancelled', 'count', 'hours', 'attempts', 'attempt', 'durationMs', 'lagMs', 'ageMs', 'retryAfterMs',
  'inFlight', 'page', 'unreadableCount', 'namelessCount', 'differences', 'limit', 'check', 'documentId',
]);

export interface LoggerSettings {
  level: LoggerOptions['level'] & string;
  /** Coloured lines for people, through pino-pretty, which is a development dependency. */
  pretty: boolean;
}

/** A logger that prints only what the allow-list names. `destination` is for tests; it excludes `pretty`. */
export function createLogger({ level, pretty }: LoggerSettings, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: onlyLoggedFields },
    serializers: { err: describeErrorForLog },
    mixin: (_fields, _level, child) => idOfRequest(child),
    ...(pretty && destination === undefined ? { transport: { target: 'pino-pretty' } } : {}),
  };
  return checkingBindings(destination === undefined ? pino(options) : pino(options, destination));
}

/** The request's id; nothing where the logger has it bound already, as a request's own logger does. */
function idOfRequest(logger: Logger): { requestId?: string } {
  const requestId = trace.current();
  return requestId === undefined || 'requestId' in logger.bindings() ? {} : { requestId };
}

/** pino does not apply its bindings formatter to a child's bindings. Children inherit this method from their parent. */
function checkingBindings(logger: Logger): Logger {
  const child: (this: Logger, bindings: Bindings, options?: ChildLoggerOptions) => Logger = logger.child;
  return Object.assign(logger, {
    child(this: Logger, bindings: Bindings, options?: ChildLoggerOptions) {
      return child.call(this, onlyLoggedFields(bindings), options);
    },
  });
}

function onlyLoggedFields(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => LOGGED_FIELDS.has(name)));
}

/** The depth to which a chain of causes is logged. */
const CAUSES_SHOWN = 3;

/**
 * An error's type, code, reduced message, stack frames and causes. Accepts any value; of one that is not an Error only the
 * type is logged.
 */
export function describeErrorForLog(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...codeNameOf(error),
    message: loggableMessage(error),
    ...(error instanceof AppError && error.internal ? { internal: onlyLoggedFields(error.internal) } : {}),
    stack: framesOf(error),
    ...(error.cause !== undefined && depth < CAUSES_SHOWN
      ? { cause: describeErrorForLog(error.cause, depth + 1) }
      : {}),
  };
}

function codeNameOf(error: Error): { codeName?: string } {
  return 'codeName' in error && typeof error.codeName === 'string' ? { codeName: error.codeName } : {};
}

/** A stack repeats the message in its first lines; only the frames are kept. */
function framesOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return frames.slice(0, 12).join('\n');
}

/**
 * GatewayError's messages hold no secrets by construction. The driver's, mongoose's and zod's quote documents and input
 * (E11000 names the email), so none of them is kept. In all others, secrets and email addresses are masked.
 */
function loggableMessage(error: Error): string {
  if (error instanceof GatewayError) return error.message;
  if (/^(Mongo|Zod|Validat|Cast|Bulk|Syntax|Document|Strict|TRPC)/.test(error.name)) return '(left out)';
  return scrub(error.message);
}

const SECRETS_AND_PEOPLE: readonly RegExp[] = [
  /[^\s"'<>@]+@[^\s"'<>@]+/g,
  /\b[spw][kh]_(?:live|test)_\w+/g,
  /\bSG\.[\w.-]+/g,
  /\beyJ[\w.-]+/g,
  /\bmongodb(?:\+srv)?:\/\/\S+/g,
  /\$argon2\S+/g,
];

function scrub(message: string): string {
  return SECRETS_AND_PEOPLE.reduce((text, pattern) => text.replace(pattern, '…'), message.slice(0, 500));
}
