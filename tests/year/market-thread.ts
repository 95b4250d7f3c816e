/** The thread of a market: carries out one call after another. */
import { parentPort, workerData } from 'node:worker_threads';
import { openMarket } from './market.ts';
import { MarketSteps } from './market-steps.ts';
import type { MarketCall, MarketReply } from './remote-market.ts';

const steps = new MarketSteps(await openMarket(workerData));

async function carryOut({ name, args }: MarketCall): Promise<MarketReply> {
  try {
    // The caller's types have checked that the arguments are this function's.
    const call = steps[name] as (...given: unknown[]) => Promise<unknown>;
    return { result: await call.apply(steps, args) };
  } catch (error) {
    return { error };
  }
}

parentPort?.on('message', async (call: MarketCall) => parentPort?.postMessage(await carryOut(call)));
parentPort?.postMessage({ result: 'started' } satisfies MarketReply);
