/** Texts for errors, for a whole page and for the fields of a form. */
import { isConnectionError, isOrdersError } from '@orders-module/client';

/** An error found by the page itself. Its message may be shown. */
export class FormError extends Error {
  override readonly name = 'FormError';
}

/** One or two sentences to show. */
export function sayError(error: unknown): string {
  if (error instanceof FormError) return error.message;
  if (isOrdersError(error, 'INTERNAL')) {
    return `Something went wrong on our side. If it happens again, tell us this number: ${error.data.details.requestId}`;
  }
  if (isOrdersError(error, 'INVALID_INPUT')) return sayIssues(error.data.details.issues);
  if (isOrdersError(error)) return error.message;
  if (isConnectionError(error)) return 'The shop cannot be reached. Check your connection, then try again.';
  return 'Something went wrong. Try again in a moment.';
}

/** The reasons themselves, because not every page has a field beside which they could stand. */
function sayIssues(issues: readonly { message: string }[]): string {
  const sentences = new Set(issues.map(({ message }) => asSentence(message)));
  return sentences.size === 0 ? 'This cannot be used as it was entered.' : [...sentences].join(' ');
}

/**
 * The text for a failed mutation that is not idempotent. Without a response it is unknown whether it was executed, and
 * doing it again may do it twice.
 */
export function sayFailedChange(error: unknown): string {
  return isConnectionError(error)
    ? 'No answer came from the shop. It may have been done all the same: look first, then try again if it was not.'
    : sayError(error);
}

/**
 * True for an error with which a call has surely changed nothing. After others some of its items may be done, and without an
 * answer all of them.
 */
export function hasChangedNothing(error: unknown): boolean {
  return isOrdersError(error, 'INVALID_INPUT') || isOrdersError(error, 'FORBIDDEN');
}

/** Texts by the name of the field. */
export type FieldErrors = Readonly<Record<string, string>>;

/**
 * The issues of INVALID_INPUT by field. `prefix` is removed from the paths (`shippingAddress.city` → `city`), and issues
 * without it are left out. Empty for other errors.
 */
export function fieldErrorsOf(error: unknown, prefix = ''): FieldErrors {
  if (!isOrdersError(error, 'INVALID_INPUT')) return {};
  const errors: Record<string, string> = {};
  for (const { path, message } of error.data.details.issues) {
    if (path.startsWith(prefix)) errors[path.slice(prefix.length)] ??= asSentence(message);
  }
  return errors;
}

/** The server's messages have no subject ("must not be empty"); this makes them sentences. */
export function asSentence(message: string): string {
  if (/^must not be empty$/.test(message)) return 'Please fill this in.';
  return /^(must|belongs|has|is)\b/.test(message) ? `This ${message}.` : capitalised(message);
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
