import { afterAll, beforeAll, test } from '@jest/globals';
import { type ModelServer, startModelServer } from '../support/model-shop.ts';
import { playStories } from '../support/model-stories.ts';

/** Each run plays others; test:faults plays 500. */
const STORIES = 6;
/** To find the shortest failing story takes long. */
const TIMEOUT_MS = 120_000;

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.stop());

test(
  'in random stories every invariant holds at rest, and what was acknowledged comes true',
  () => playStories(server, STORIES),
  TIMEOUT_MS,
);
