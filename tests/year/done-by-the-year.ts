/** Makes a context of the shop do nothing by itself or in real time: the year does all work, at its own times. */
import { collectWakeUps } from '../../dev/history/work.ts';
import { SingleFlight } from '../../jobs/concurrency/single-flight.ts';
import type { AppContext } from '../../server/context/app-context.ts';
import { createPaystackService } from '../../server/paystack/service.ts';
import { PAYSTACK_KEY } from '../support/test-app.ts';

export function doNothingAlone(ctx: AppContext, paystackUrl: string): void {
  const { clock, random, log } = ctx;
  log.level = 'silent';
  collectWakeUps(ctx);
  // The clock stands still between steps, so a cached reading would survive into the next step.
  ctx.verifications = new SingleFlight(0, clock);
  // Without retries, because their pauses are real time.
  const retry = { attempts: 1, baseMs: 1, capMs: 1 };
  ctx.paystack = createPaystackService({
    ...{ secretKey: PAYSTACK_KEY, baseUrl: paystackUrl, clock, random, log, retry },
  });
}
