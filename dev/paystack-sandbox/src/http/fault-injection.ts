/** Shared by the fakes, so that a fault means the same for each provider. */
import type { Response } from 'express';
import * as z from 'zod';

export const injectedFaultSchema = z.discriminatedUnion('kind', [
  /** The correct reply, late. */
  z.strictObject({ kind: z.literal('delay'), ms: z.number().min(0) }),
  /** No reply; the connection stays open until the client closes it. */
  z.strictObject({ kind: z.literal('hang') }),
  /** The connection is destroyed. */
  z.strictObject({ kind: z.literal('drop') }),
  /** An error status with the provider's usual error body. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.number().int().min(200).max(599),
    retryAfterSeconds: z.number().min(0).optional(),
  }),
  /** 200 and truncated JSON. */
  z.strictObject({ kind: z.literal('malformed') }),
  /** The error page of a proxy. */
  z.strictObject({ kind: z.literal('html'), status: z.number().int().min(200).max(599).optional() }),
  /** The correct reply, one byte at a time. */
  z.strictObject({ kind: z.literal('drip'), byteEveryMs: z.number().min(1) }),
  /** 200 and valid JSON with `bytes` bytes of padding. */
  z.strictObject({ kind: z.literal('huge'), bytes: z.number().int().min(1).max(500_000_000) }),
  z.strictObject({ kind: z.literal('redirect'), to: z.string() }),
]);

export type InjectedFault = z.infer<typeof injectedFaultSchema>;

export interface PlainReply {
  status: number;
  body: object;
  headers?: Record<string, string>;
}

/** True for faults of a reply whose operation has usually been carried out. */
export function isCarriedOutByDefault(kind: string): boolean {
  return !['hang', 'drop', 'status', 'html', 'redirect'].includes(kind);
}

/** Resolves after `ms`, or earlier if the connection closes. */
export function pauseFor(res: Response, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      res.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    res.on('close', done);
  });
}

export function sendPlainly(res: Response, reply: PlainReply): void {
  if (res.destroyed) return;
  res
    .status(reply.status)
    .set(reply.headers ?? {})
    .json(reply.body);
}

async function drip(res: Response, reply: PlainReply, byteEveryMs: number): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(reply.body));
  const headers = { ...reply.headers, 'content-type': 'application/json', 'content-length': String(bytes.length) };
  res.status(reply.status).set(headers);
  for (const byte of bytes) {
    if (res.destroyed) return;
    res.write(Buffer.of(byte));
    await pauseFor(res, byteEveryMs);
  }
  res.end();
}

async function sendHuge(res: Response, bytes: number): Promise<void> {
  const chunk = Buffer.alloc(Math.min(bytes, 65_536), 0x20);
  res.status(200).type('application/json').write('{"status":true,"message":"');
  for (let left = bytes; left > 0 && !res.destroyed; left -= chunk.length) {
    const drained = res.write(chunk.subarray(0, Math.min(left, chunk.length)));
    if (!drained) await pauseFor(res, 1);
  }
  if (!res.destroyed) res.end('","data":{}}');
}

/**
 * Sends `reply` with the fault. `errorBody` makes the provider's error body for a status. Resolves once nothing more will be
 * written; never rejects.
 */
export async function injectFault(
  res: Response,
  fault: InjectedFault,
  reply: PlainReply,
  errorBody: (status: number) => object,
): Promise<void> {
  switch (fault.kind) {
    case 'delay':
      await pauseFor(res, fault.ms);
      sendPlainly(res, reply);
      return;
    case 'hang':
      return;
    case 'drop':
      res.socket?.destroy();
      return;
    case 'status': {
      const headers: Record<string, string> =
        fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
      sendPlainly(res, { status: fault.status, body: errorBody(fault.status), headers });
      return;
    }
    case 'malformed': {
      const text = JSON.stringify(reply.body);
      res
        .status(200)
        .type('application/json')
        .send(text.slice(0, Math.ceil(text.length / 2)));
      return;
    }
    case 'html':
      res
        .status(fault.status ?? 502)
        .type('html')
        .send('<!doctype html><title>502</title><h1>502 Bad Gateway</h1>');
      return;
    case 'drip':
      await drip(res, reply, fault.byteEveryMs);
      return;
    case 'huge':
      await sendHuge(res, fault.bytes);
      return;
    case 'redirect':
      res.redirect(302, fault.to);
      return;
  }
}
