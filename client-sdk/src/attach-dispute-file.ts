import type { RouterInputs } from './router.ts';
import { type FileOptions, sendFile } from './send-file.ts';

/** A file that an answer names by its `fileId`. */
export interface AttachedFile {
  fileId: NonNullable<RouterInputs['admin']['answerDispute']['fileId']>;
  contentType: 'application/pdf' | 'image/jpeg' | 'image/png';
}

/** `token` belongs to a member of staff who may answer disputes; `file` is a PDF, JPEG or PNG of at most 5 MB. */
export interface AttachOptions extends FileOptions {
  orderId: string;
}

/**
 * Attaches a file for an answer to a dispute of the order. May be repeated: the same bytes have the same id. Rejects with the
 * shop's sentence for a file that it does not take.
 */
export async function attachDisputeFile({ orderId, ...options }: AttachOptions): Promise<AttachedFile> {
  const path = `/admin/dispute-files/${encodeURIComponent(orderId)}`;
  const { fileId, contentType } = await sendFile<AttachedFile>(path, options);
  return { fileId, contentType };
}
