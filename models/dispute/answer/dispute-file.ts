/** Files that staff attach to an answer: kept until Paystack has them. Their type is read from the bytes. */
import { createHash } from 'node:crypto';
import mongoose, { type Types } from 'mongoose';
import { MAX_DISPUTE_FILE_BYTES } from '../../contract/limits.ts';
import { DISPUTE_FILE_TYPES, type DisputeFileType } from '../../contract/statuses.ts';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { invalidInput } from '../../errors.ts';

const BEGINNINGS: Record<DisputeFileType, readonly number[]> = {
  'application/pdf': [0x25, 0x50, 0x44, 0x46, 0x2d],
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
};

/** By the first bytes, whatever the file is called; null for any other. */
export function typeOfFile(bytes: Uint8Array): DisputeFileType | null {
  return DISPUTE_FILE_TYPES.find((type) => BEGINNINGS[type].every((byte, index) => bytes[index] === byte)) ?? null;
}

/** Returns the file's id, for the answer. May be repeated. Throws INVALID_INPUT for another type, and for too many bytes. */
export async function storeDisputeFile(
  db: Database,
  orderId: Types.ObjectId,
  bytes: Uint8Array,
  now: Date,
): Promise<{ fileId: string; contentType: DisputeFileType }> {
  if (bytes.length > MAX_DISPUTE_FILE_BYTES) throw invalidInput('file', 'must be at most 5 MB');
  const contentType = typeOfFile(bytes);
  if (contentType === null) throw invalidInput('file', 'must be a PDF, a JPEG or a PNG');
  const fileId = createHash('sha256').update(bytes).digest('hex');
  await driverCollection(db.disputeFiles).updateOne(
    { _id: idOf(orderId, fileId) },
    { $setOnInsert: { bytes: new mongoose.mongo.Binary(bytes), contentType }, $set: { at: now } },
    { upsert: true },
  );
  return { fileId, contentType };
}

/** null when it does not exist, or belongs to another order. */
export async function findDisputeFile(
  db: Database,
  orderId: Types.ObjectId,
  fileId: string,
): Promise<{ bytes: Uint8Array; contentType: DisputeFileType } | null> {
  const file = await driverCollection(db.disputeFiles).findOne({ _id: idOf(orderId, fileId) });
  return file === null ? null : { bytes: file.bytes.value(), contentType: file.contentType };
}

function idOf(orderId: Types.ObjectId, fileId: string): string {
  return `${orderId}:${fileId}`;
}
