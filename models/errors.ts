import type { DetailsOf, ErrorCode } from './contract/errors.ts';

interface AppErrorOptions<C extends ErrorCode> {
  details?: DetailsOf<C>;
  internal?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * A failure that a caller may see. `message` and `details` are safe to show; `internal` and `cause` are for our log
 * only.
 */
export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly details: DetailsOf<C> | undefined;
  readonly internal: Record<string, unknown> | undefined;

  constructor(code: C, message: string, options: AppErrorOptions<C> = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details;
    this.internal = options.internal;
  }
}

/** True when `error` is an AppError, of the given code where one is given. */
export function isAppError<C extends ErrorCode = ErrorCode>(error: unknown, code?: C): error is AppError<C> {
  return error instanceof AppError && (code === undefined || error.code === code);
}

/** The same 404 for a missing document and for another user's, so that a reply never shows that an id exists. */
export function notFound(what: string): AppError<'NOT_FOUND'> {
  return new AppError('NOT_FOUND', `${what} not found.`);
}

/** A single field's error, in the shape that schema validation also produces. */
export function invalidInput(path: string, message: string): AppError<'INVALID_INPUT'> {
  return new AppError('INVALID_INPUT', `${path}: ${message}`, { details: { issues: [{ path, message }] } });
}
