import { afterAll, beforeAll, test } from '@jest/globals';
import { type ModelServer, startModelServer } from '../support/model-shop.ts';
import { playStories } from '../support/model-stories.ts';

const STORIES = 500;
/** Two minutes on a quiet machine; a failure is then shortened by playing its story many times. */
const TIMEOUT_MS = 600_000;

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.stop());

test(
  'in 500 random stories every invariant holds at rest, and what was acknowledged comes true',
  () => playStories(server, STORIES),
  TIMEOUT_MS,
);
