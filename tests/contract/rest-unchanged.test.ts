/** The specification's three REST routes answer as they did when the recording was made. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { makeRestCalls } from './rest-calls.ts';

test('every recorded call of the REST routes is answered as before', async () => {
  const recorded: unknown = JSON.parse(await readFile(new URL('./rest-recorded.json', import.meta.url), 'utf8'));
  // A field may be added; none may change or go.
  expect(await makeRestCalls()).toMatchObject(recorded as object[]);
});
