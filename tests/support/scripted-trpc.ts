/**
 * Answers in tRPC's words for the scripted server: what a client of ours was asked in one request, and replies that fit
 * it. For tests of the client's links, where the server must misbehave on purpose.
 */
import type { RecordedRequest } from './scripted-server.ts';
import { type Answer, reply } from './scripted-server.ts';

/** The procedures that one request calls. */
export function pathsOf({ url }: RecordedRequest): string[] {
  return decodeURIComponent(new URL(url, 'http://shop').pathname.replace(/^\/trpc\//, '')).split(',');
}

/** The inputs of one request by its calls, from URL or body. */
export function inputsOf({ url, body }: RecordedRequest): unknown[] {
  const query = new URL(url, 'http://shop').searchParams;
  const given: unknown = JSON.parse(query.get('input') ?? (body === '' ? '{}' : body));
  if (!query.has('batch')) return [given];
  return typeof given === 'object' && given !== null ? Object.values(given) : [];
}

/** Every call of the request succeeds with `data`. */
export function succeed(data: unknown): Answer {
  return (res, request, index) => reply(200, successOf(data, request))(res, request, index);
}

function successOf(data: unknown, request: RecordedRequest): object {
  const result = { result: { data } };
  return request.url.includes('batch=1') ? pathsOf(request).map(() => result) : result;
}

export interface Refusal {
  code: string;
  httpStatus: number;
  details?: object;
}

/** The error as the shop shapes it, for the whole request. */
export function refuse({ code, httpStatus, details }: Refusal, headers: Record<string, string> = {}): Answer {
  const data = { code, httpStatus, requestId: 'r1', ...(details === undefined ? {} : { details }) };
  return reply(httpStatus, { error: { message: `${code} it is.`, code: -32603, data } }, headers);
}

/** The connection ends without an answer. */
export const cut: Answer = (res) => res.destroy();

/** Every call of the request succeeds with `data`: headers and the first byte at once, the rest after `forMs`. */
export function drip(data: unknown, forMs: number): Answer {
  return (res, request) => {
    const text = JSON.stringify(successOf(data, request));
    res.writeHead(200, { 'content-type': 'application/json' });
    res.write(text.slice(0, 1));
    setTimeout(() => res.end(text.slice(1)), forMs);
  };
}

/** Never answers. */
export const silence: Answer = () => undefined;

/** One answer after the other; the last one for ever. */
export function inTurn(...answers: [Answer, ...Answer[]]): Answer {
  let next = 0;
  return (res, request, index) => {
    const answer = answers[Math.min(next, answers.length - 1)] ?? answers[0];
    next += 1;
    answer(res, request, index);
  };
}
