import { AsyncLocalStorage } from 'node:async_hooks';
import type { Trace } from '../../jobs/context.ts';

const requestIds = new AsyncLocalStorage<string>();

/** The id of a request follows its asynchronous calls, so that every log line of the request has it; it holds no other state. */
export const trace: Trace = {
  current: () => requestIds.getStore(),
  run: (requestId, work) => (requestId === undefined ? work() : requestIds.run(requestId, work)),
};
