import mongoose from 'mongoose';

/** The commit was sent and its outcome is unknown. The caller reads the documents again and decides from them. */
export class CommitOutcomeUnknownError extends Error {
  constructor(cause: unknown) {
    super('The outcome of a commit is unknown; read the documents again.', { cause });
    this.name = 'CommitOutcomeUnknownError';
  }
}

export function hasLabel(error: unknown, label: string): boolean {
  return error instanceof mongoose.mongo.MongoError && error.hasErrorLabel(label);
}

/** True for errors after which the same transaction may be run again: write conflicts, elections, lost connections. */
export function isTransient(error: unknown): boolean {
  return hasLabel(error, 'TransientTransactionError');
}

const WRITE_CONFLICT = 112;

/** True when another writer was first. No sign of an unhealthy server. */
export function isWriteConflict(error: unknown): boolean {
  return error instanceof mongoose.mongo.MongoServerError && error.code === WRITE_CONFLICT;
}

const DUPLICATE_KEY = 11_000;

/** True for a violated unique index, of the given field or index key where one is named. */
export function isDuplicateKey(error: unknown, key?: string): boolean {
  if (!(error instanceof mongoose.mongo.MongoServerError) || error.code !== DUPLICATE_KEY) return false;
  const pattern: unknown = error.keyPattern;
  return key === undefined || (typeof pattern === 'object' && pattern !== null && key in pattern);
}

/** True if unique indexes refused some writes of a bulk, and nothing else failed in it. */
export function areDuplicateKeys(error: unknown): boolean {
  if (!(error instanceof mongoose.mongo.MongoBulkWriteError) || error.result.getWriteConcernError()) return false;
  const writeErrors = [error.writeErrors].flat();
  // None where the whole command failed.
  return writeErrors.length > 0 && writeErrors.every(({ code }) => code === DUPLICATE_KEY);
}

/** True for errors of the network, of an election or of a commit with unknown outcome: no document caused them. */
export function isInfrastructure(error: unknown): boolean {
  if (error instanceof CommitOutcomeUnknownError) return true;
  if (isWriteConflict(error)) return false;
  const { MongoNetworkError, MongoServerSelectionError, MongoNotConnectedError } = mongoose.mongo;
  return (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoNotConnectedError ||
    error instanceof mongoose.Error.MongooseServerSelectionError ||
    isTransient(error) ||
    hasLabel(error, 'RetryableWriteError') ||
    isSocketError(error)
  );
}

/** The driver does not wrap the error of a socket that failed while it waited to drain (cmap/connection.ts). */
function isSocketError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EPIPE' || code === 'ECONNRESET';
}

/** BadValue, TypeMismatch, ConflictingUpdateOperators, DocumentValidationFailure, BSONObjectTooLarge, PathNotViable. */
const CODES_OF_A_DOCUMENT: ReadonlySet<unknown> = new Set([2, 14, 40, 121, 10_334, 28]);

/** True when one document caused the error, in our code or at the server: others may still be read and written. */
export function isFaultOfDocument(error: unknown): boolean {
  if (error instanceof mongoose.mongo.MongoServerError) return CODES_OF_A_DOCUMENT.has(error.code);
  return !(error instanceof mongoose.mongo.MongoError) && !isInfrastructure(error);
}

const SNAPSHOT_TOO_OLD = 239;
const SNAPSHOT_UNAVAILABLE = 246;

export function isSnapshotGone(error: unknown): boolean {
  const code = error instanceof mongoose.mongo.MongoServerError ? error.code : undefined;
  return code === SNAPSHOT_TOO_OLD || code === SNAPSHOT_UNAVAILABLE;
}
