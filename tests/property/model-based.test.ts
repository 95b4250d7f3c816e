import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ModelServer, startModelServer } from '../support/model-shop.ts';
import { playStories } from '../support/model-stories.ts';

/** test:faults plays 500 stories; this plays what fits into the budget, with another seed in each run. */
const BUDGET_MS = 5_000;
/** An interrupted story does not count; a busy machine still completes more than these within the budget. */
const LEAST_STORIES = 3;
/** To find the shortest failing story comes on top of the budget. */
const TIMEOUT_MS = 120_000;

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.stop());

test(
  'in random stories every invariant holds at rest, and what was acknowledged comes true',
  async () => {
    expect(await playStories(server, { runs: 200, budgetMs: BUDGET_MS })).toBeGreaterThanOrEqual(LEAST_STORIES);
  },
  TIMEOUT_MS,
);
