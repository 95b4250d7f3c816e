/**
 * Turns any thrown value into the error that clients get: our code, a message that is safe to show, details and the
 * request's id. Unknown errors become INTERNAL and reveal nothing about their cause.
 */
import { TRPCError } from '@trpc/server';
import { z } from 'zod';
import type { ErrorCode, ErrorDetails } from '../../models/contract/errors.ts';
import { isInfrastructure, isWriteConflict } from '../../models/db/mongo-errors.ts';
import { AppError } from '../../models/errors.ts';
import { GatewayError } from '../../models/payment/gateway-reports.ts';
import { ERROR_STATUSES } from './error-statuses.ts';

export interface WireError {
  code: ErrorCode;
  message: string;
  details?: ErrorDetails[keyof ErrorDetails];
  requestId: string | null;
}

/** The reply to a failure, and its severity for the log, where `expected` failures do not appear. */
export interface ClassifiedError {
  wire: WireError;
  httpStatus: number;
  severity: 'expected' | 'infrastructure' | 'bug';
}

/** The time until a retry while the database is unavailable, in ms: an election takes a few seconds. */
const RETRY_AFTER_MS = 2_000;

/** Never throws. */
export function classifyError(error: unknown, requestId: string | null): ClassifiedError {
  for (const candidate of withCauses(error)) {
    const known = asAppError(candidate);
    if (known) return classifyAppError(known, requestId, isInfrastructure(candidate) ? 'infrastructure' : 'expected');
  }
  if (error instanceof TRPCError) {
    const refusal = refusalByTrpc(error, requestId);
    if (refusal) return refusal;
  }
  const bodyProblem = refusalByParser(error, requestId);
  if (bodyProblem) return bodyProblem;
  return { ...internal(requestId), severity: 'bug' };
}

/** For the Retry-After header, in whole seconds; null if the error names no time. */
export function retryAfterSeconds({ details }: WireError): number | null {
  return details && 'retryAfterMs' in details ? Math.ceil(details.retryAfterMs / 1000) : null;
}

/** The error and its causes: tRPC wraps the errors that procedures throw. */
function* withCauses(error: unknown): Generator<unknown> {
  let current = error;
  for (let depth = 0; depth < 3 && current !== undefined; depth += 1) {
    yield current;
    current = current instanceof TRPCError ? current.cause : undefined;
  }
}

function asAppError(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  if (error instanceof GatewayError) {
    return error.outcomeUnknown || error.kind === 'rate_limited'
      ? new AppError('GATEWAY_UNAVAILABLE', 'The payment service does not answer; try again in a moment.')
      : new AppError('GATEWAY_REJECTED', 'The payment service refused the request.');
  }
  // A write conflict that outlasted all retries is contention, and its transaction changed nothing.
  if (isInfrastructure(error) || isWriteConflict(error)) {
    const details = { retryAfterMs: RETRY_AFTER_MS };
    return new AppError('OVERLOADED', 'The shop cannot answer just now; try again in a moment.', { details });
  }
  return null;
}

function classifyAppError(
  error: AppError,
  requestId: string | null,
  severity: ClassifiedError['severity'],
): ClassifiedError {
  if (error.code === 'INTERNAL') return { ...internal(requestId), severity: 'bug' };
  const { code, message, details } = error;
  return {
    wire: { code, message, ...(details === undefined ? {} : { details }), requestId },
    httpStatus: ERROR_STATUSES[code].http,
    severity,
  };
}

function internal(requestId: string | null): Pick<ClassifiedError, 'wire' | 'httpStatus'> {
  const details = { requestId: requestId ?? 'unknown' };
  const message = 'Something went wrong on our side.';
  return { wire: { code: 'INTERNAL', message, details, requestId }, httpStatus: ERROR_STATUSES.INTERNAL.http };
}

/** Refusals by tRPC itself, before or instead of a procedure. Its messages quote the input, so ours replace them. */
function refusalByTrpc(error: TRPCError, requestId: string | null): ClassifiedError | null {
  const refuse = (
    code: ErrorCode,
    httpStatus: number,
    message: string,
    details?: WireError['details'],
  ): ClassifiedError => ({
    wire: { code, message, ...(details === undefined ? {} : { details }), requestId },
    httpStatus,
    severity: 'expected',
  });
  switch (error.code) {
    case 'BAD_REQUEST': {
      if (!(error.cause instanceof z.ZodError)) return refuse('INVALID_INPUT', 400, 'The request cannot be read.');
      const issues = issuesOf(error.cause);
      return refuse('INVALID_INPUT', 400, messageOf(issues), { issues });
    }
    case 'PARSE_ERROR':
      return refuse('INVALID_INPUT', 400, 'The request cannot be read.');
    case 'NOT_FOUND':
      return refuse('NOT_FOUND', 404, 'There is no such procedure.');
    case 'METHOD_NOT_SUPPORTED':
      return refuse('INVALID_INPUT', 405, 'This procedure wants another HTTP method.');
    case 'PAYLOAD_TOO_LARGE':
      return refuse('INVALID_INPUT', 413, 'The request is too large.');
    case 'UNSUPPORTED_MEDIA_TYPE':
      return refuse('INVALID_INPUT', 415, 'Send application/json.');
    case 'CLIENT_CLOSED_REQUEST':
      return refuse('INVALID_INPUT', 499, 'The connection was closed.');
    default:
      return null;
  }
}

/** Express's own refusals (a body too large or unreadable, a path that cannot be decoded) carry a 4xx status. */
function refusalByParser(error: unknown, requestId: string | null): ClassifiedError | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  if (error.status < 400 || error.status > 499) return null;
  const message = error.status === 413 ? 'The request is too large.' : 'The request cannot be read.';
  return { wire: { code: 'INVALID_INPUT', message, requestId }, httpStatus: error.status, severity: 'expected' };
}

type Issue = ErrorDetails['INVALID_INPUT']['issues'][number];

/** Enough for any form, and a bound on the reply to a hostile input with thousands of wrong fields. */
const MAX_ISSUES = 20;
const MAX_PATH = 100;

/** Zod's issues with their paths joined by dots; each unknown field is an issue with a path of its own. */
export function issuesOf(error: z.ZodError): Issue[] {
  const issues: Issue[] = [];
  for (const issue of error.issues) {
    const path = issue.path.map(String);
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : null;
    if (unknown === null) issues.push({ path: joined(path), message: issue.message });
    else
      issues.push(
        ...unknown.slice(0, MAX_ISSUES).map((key) => ({ path: joined([...path, key]), message: 'unknown field' })),
      );
    if (issues.length >= MAX_ISSUES) break;
  }
  return issues.slice(0, MAX_ISSUES);
}

function joined(path: string[]): string {
  return path.join('.').slice(0, MAX_PATH);
}

function messageOf(issues: Issue[]): string {
  const [first] = issues;
  if (!first) return 'The input is not valid.';
  return first.path === '' ? first.message : `${first.path}: ${first.message}`;
}
