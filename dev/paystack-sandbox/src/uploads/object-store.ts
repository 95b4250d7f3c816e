/**
 * The files of an object store, and who may put one. A signed URL is the permission, so a request that also carries an
 * Authorization header is refused, as S3 does.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { DisputeFileRecord, Records } from '../ledger/records.ts';

const LIFETIME_MS = 30 * 60_000;
export const MAX_BYTES = 5 * 1024 * 1024;

export interface StoreError {
  status: number;
  code: string;
  message: string;
}

export const storeError = (status: number, code: string, message: string): StoreError => ({ status, code, message });

export interface PutRequest {
  fileName: string;
  /** Whether it has an Authorization header. */
  authorized: boolean;
  /** X-Amz-Date and X-Amz-Signature of the query. */
  date: unknown;
  signature: unknown;
}

export class ObjectStore {
  private readonly records: Records;
  private readonly now: () => Date;
  private readonly signingKey = randomBytes(32);
  private readonly files = new Map<string, Buffer>();

  constructor(records: Records, now: () => Date) {
    this.records = records;
    this.now = now;
  }

  signedPath({ fileName, issuedAt }: DisputeFileRecord): string {
    // `20260302T090000Z`
    const date = issuedAt.replaceAll(/[-:]|\.\d+/g, '');
    const query = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Date': date,
      'X-Amz-Expires': String(LIFETIME_MS / 1_000),
      'X-Amz-Signature': this.sign(fileName, date),
      'X-Amz-SignedHeaders': 'host',
    });
    return `/${fileName}?${query}`;
  }

  find(fileName: string): DisputeFileRecord | undefined {
    return this.records.disputeFiles.find((one) => one.fileName === fileName);
  }

  refusalOf({ fileName, authorized, date, signature }: PutRequest): StoreError | null {
    if (authorized) return storeError(400, 'InvalidArgument', 'Only one auth mechanism allowed');
    const file = this.find(fileName);
    const expected = Buffer.from(typeof date === 'string' ? this.sign(fileName, date) : '');
    const given = Buffer.from(typeof signature === 'string' ? signature : '');
    const isSigned = expected.length > 0 && expected.length === given.length && timingSafeEqual(expected, given);
    if (file === undefined || !isSigned) {
      return storeError(
        403,
        'SignatureDoesNotMatch',
        'The request signature does not match the signature you provided',
      );
    }
    const isLate = this.now().getTime() >= Date.parse(file.issuedAt) + LIFETIME_MS;
    return isLate ? storeError(403, 'AccessDenied', 'Request has expired') : null;
  }

  put(file: DisputeFileRecord, bytes: Buffer, contentType: string | null): void {
    file.uploaded = { at: this.now().toISOString(), size: bytes.length, contentType };
    this.files.set(file.fileName, bytes);
  }

  bytesOf(fileName: string): Buffer | null {
    return this.files.get(fileName) ?? null;
  }

  private sign(fileName: string, date: string): string {
    return createHmac('sha256', this.signingKey).update(`${fileName}\n${date}`).digest('hex');
  }
}
