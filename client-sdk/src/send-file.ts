import { unexpectedResponse } from './errors.ts';

export interface FileOptions {
  /** As in OrdersClientOptions. */
  url: string;
  /** Of a member of staff. */
  token: string;
  /** Its type is read from its bytes, and its name is not kept. */
  file: Blob;
  signal?: AbortSignal;
}

/** Sends a file as the body of a request. Rejects with the shop's sentence when the shop refuses it. */
export async function sendFile<T extends object>(path: string, { url, token, file, signal }: FileOptions): Promise<T> {
  const response = await fetch(`${url.replace(/\/$/, '')}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: file,
    signal: signal ?? null,
  });
  if (!response.headers.get('content-type')?.startsWith('application/json')) throw unexpectedResponse(response);
  const body = (await response.json()) as T & { error?: { message: string } };
  if (response.ok) return body;
  throw new Error(body.error?.message ?? 'The file could not be sent.');
}
