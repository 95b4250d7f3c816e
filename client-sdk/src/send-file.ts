import { unexpectedResponse } from './errors.ts';

export interface FileOptions {
  /** As in OrdersClientOptions. */
  url: string;
  /** Of a member of staff. */
  token: string;
  /** Its type is read from its bytes, and its name is not kept. */
  file: Blob;
  signal?: AbortSignal;
  /** Receives the share of the file that has been sent, from 0 to 1. Only in a browser. */
  onProgress?: (sent: number) => void;
}

/** The part of a browser's types that is used here: this package is also for programs without a browser. */
interface Page {
  XMLHttpRequest?: new () => ProgressRequest;
}

interface ProgressRequest {
  open(method: 'POST', address: string): void;
  setRequestHeader(name: string, value: string): void;
  getResponseHeader(name: string): string | null;
  upload: { addEventListener(type: 'progress', listener: (event: { loaded: number; total: number }) => void): void };
  addEventListener(type: 'load' | 'error' | 'abort', listener: () => void): void;
  send(body: Blob): void;
  abort(): void;
  responseText: string;
  status: number;
}

/** Sends a file as the body of a request. Rejects with the shop’s sentence and its `code` when the shop refuses it. */
export async function sendFile<T extends object>(path: string, options: FileOptions): Promise<T> {
  const address = `${options.url.replace(/\/$/, '')}${path}`;
  const { XMLHttpRequest: Request } = globalThis as unknown as Page;
  const response = await (options.onProgress === undefined || Request === undefined
    ? sendPlainly(address, options)
    : sendWithProgress(new Request(), address, options));
  if (!response.headers.get('content-type')?.startsWith('application/json')) throw unexpectedResponse(response);
  const body = (await response.json()) as T & { error?: { code: string; message: string } };
  if (response.ok) return body;
  throw Object.assign(new Error(body.error?.message ?? 'The file could not be sent.'), { code: body.error?.code });
}

const headersOf = ({ token }: FileOptions) => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/octet-stream',
});

function sendPlainly(address: string, options: FileOptions): Promise<Response> {
  const { file, signal } = options;
  return fetch(address, { method: 'POST', headers: headersOf(options), body: file, signal: signal ?? null });
}

/** By XMLHttpRequest, because `fetch` does not say how much of a body it has sent. */
function sendWithProgress(request: ProgressRequest, address: string, options: FileOptions): Promise<Response> {
  const { file, signal, onProgress } = options;
  return new Promise((resolve, reject) => {
    request.open('POST', address);
    for (const [name, value] of Object.entries(headersOf(options))) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress?.(total === 0 ? 0 : loaded / total));
    request.addEventListener('load', () => {
      const headers = { 'content-type': request.getResponseHeader('content-type') ?? '' };
      resolve(new Response(request.responseText, { status: request.status, headers }));
    });
    // As `fetch` does without an answer, so that callers recognise it as a connection error.
    request.addEventListener('error', () => reject(new TypeError('Failed to fetch')));
    request.addEventListener('abort', () => reject(new DOMException('The sending was aborted.', 'AbortError')));
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
