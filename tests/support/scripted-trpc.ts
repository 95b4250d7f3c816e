/**
 * tRPC responses for the scripted server, and the calls of a recorded request, for tests of the client's links under
 * faults.
 */
import type { RecordedRequest } from './scripted-server.ts';
import { type Answer, reply } from './scripted-server.ts';

/** The procedures that one request calls. */
export function pathsOf({ url }: RecordedRequest): string[] {
  return decodeURIComponent(new URL(url, 'http://shop').pathname.replace(/^\/trpc\//, '')).split(',');
}

/** The inputs of one request by procedure, from the URL or the body. */
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

/** The error as the server formats it, for the whole request. */
export function refuse({ code, httpStatus, details }: Refusal, headers: Record<string, string> = {}): Answer {
  const data = { code, httpStatus, requestId: 'r1', ...(details === undefined ? {} : { details }) };
  return reply(httpStatus, { error: { message: `${code} it is.`, code: -32603, data } }, headers);
}

/** Closes the connection without a response. */
export const cut: Answer = (res) => res.destroy();

/** Every call succeeds with `data`. The headers and the first byte are sent at once, the rest after `forMs`. */
export function drip(data: unknown, forMs: number): Answer {
  return (res, request) => {
    const text = JSON.stringify(successOf(data, request));
    res.writeHead(200, { 'content-type': 'application/json' });
    res.write(text.slice(0, 1));
    setTimeout(() => res.end(text.slice(1)), forMs);
  };
}

/** Never responds. */
export const silence: Answer = () => undefined;

/** Gives one response after the other, then repeats the last. */
export function inTurn(...answers: [Answer, ...Answer[]]): Answer {
  let next = 0;
  return (res, request, index) => {
    const answer = answers[Math.min(next, answers.length - 1)] ?? answers[0];
    next += 1;
    answer(res, request, index);
  };
}
