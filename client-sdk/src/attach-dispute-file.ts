import { unexpectedResponse } from './errors.ts';
import type { RouterInputs } from './router.ts';

/** A file that an answer names by its `fileId`. */
export interface AttachedFile {
  fileId: NonNullable<RouterInputs['admin']['answerDispute']['fileId']>;
  contentType: 'application/pdf' | 'image/jpeg' | 'image/png';
}

export interface AttachOptions {
  /** As in OrdersClientOptions. */
  url: string;
  /** Of a member of staff who may answer disputes. */
  token: string;
  orderId: string;
  /** A PDF, JPEG or PNG of at most 5 MB. Its type is read from its bytes, and its name is not kept. */
  file: Blob;
  signal?: AbortSignal;
}

/**
 * Attaches a file for an answer to a dispute of the order. May be repeated: the same bytes have the same id. Rejects with the
 * shop's sentence for a file that it does not take.
 */
export async function attachDisputeFile({ url, token, orderId, file, signal }: AttachOptions): Promise<AttachedFile> {
  const response = await fetch(`${url.replace(/\/$/, '')}/admin/dispute-files/${encodeURIComponent(orderId)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: file,
    signal: signal ?? null,
  });
  if (!response.headers.get('content-type')?.startsWith('application/json')) throw unexpectedResponse(response);
  const body = (await response.json()) as AttachedFile & { error?: { message: string } };
  if (response.ok) return { fileId: body.fileId, contentType: body.contentType };
  throw new Error(body.error?.message ?? 'The file could not be attached.');
}
