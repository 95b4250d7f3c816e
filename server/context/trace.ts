/**
 * Which request set off what runs now: an id that follows the asynchronous calls by itself, so that every line which a
 * request causes bears it. Jobs take it along in their data (jobs/agenda/agenda), and a sweep's round has one of its own.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Trace } from '../../jobs/context.ts';

const requestIds = new AsyncLocalStorage<string>();

/** The process's one trace: it holds nothing by itself, the id lives in the calls. */
export const trace: Trace = {
  current: () => requestIds.getStore(),
  run: (requestId, work) => (requestId === undefined ? work() : requestIds.run(requestId, work)),
};
