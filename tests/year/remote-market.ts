/** A market in a thread of its own, so that customers and Paystack take no time from the shop's jobs and webhooks. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { MarketOptions } from './market.ts';
import type { MarketSteps } from './market-steps.ts';

export interface MarketCall {
  name: keyof MarketSteps;
  args: unknown[];
}

export type MarketReply = { result: unknown } | { error: unknown };

/** The functions of a market. Call the next one when the reply to the last is here. */
export type RemoteMarket = Pick<MarketSteps, keyof MarketSteps>;

/** tsx compiles for the thread it was loaded in, and the entry file loads it. */
const ENTRY = new URL('../../dev/entry.mjs', import.meta.url);
const THREAD = new URL('./market-thread.ts', import.meta.url);

/** Rejects, as the functions do, with the error that ended the thread. */
export async function startMarketThread(options: MarketOptions): Promise<RemoteMarket> {
  const thread = new Worker(ENTRY, { argv: [THREAD.href], workerData: options });
  const ended = once(thread, 'exit').then(() => ({ error: new Error('the thread of the market has ended') }));
  const nextReply = async (): Promise<MarketReply> => {
    const arrived = once(thread, 'message').then(([reply]) => reply as MarketReply);
    return Promise.race([arrived, ended]);
  };
  const call = async (message: MarketCall): Promise<unknown> => {
    const replied = nextReply();
    thread.postMessage(message);
    const reply = await replied;
    if ('error' in reply) throw reply.error;
    if (message.name === 'stop') await thread.terminate();
    return reply.result;
  };
  const started = await nextReply();
  if ('error' in started) throw started.error;
  // Each property is a function of MarketSteps, and every one of them is asynchronous.
  return new Proxy({} as RemoteMarket, {
    get: (_target, name: keyof MarketSteps | 'then') =>
      // An await reads it, to find out whether this is a promise.
      name === 'then' ? undefined : (...args: unknown[]) => call({ name, args }),
  });
}
