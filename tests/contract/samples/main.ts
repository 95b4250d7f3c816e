/**
 * Replays Paystack's published samples against our parsers, our service and the webhook endpoint. They come from Paystack's public
 * repository (published.ts). `--from FOLDER` reads a clone that is there already.
 */
import { parseArgs } from 'node:util';
import { readPublished } from './published.ts';
import { replayEvents } from './replay-events.ts';
import { replayReplies } from './replay-replies.ts';

/** How many events the repository had when this was written. */
const KNOWN_EVENTS = 63;

const { from } = parseArgs({ options: { from: { type: 'string' } } }).values;
const { commit, events, replies, broken } = readPublished(from);
console.log(`PaystackOSS/doc-code-snippets at ${commit}: ${events.length} events, ${replies.length} replies`);
for (const file of broken) console.log(`note ${file} is no JSON and is left out`);
const results = [...(await replayReplies(replies)), ...(await replayEvents(events))];
if (events.length < KNOWN_EVENTS) {
  results.push({
    title: 'the number of events',
    problem: `there are ${events.length}, and there were ${KNOWN_EVENTS}`,
  });
}
const failed = results.filter(({ problem }) => problem !== null);
for (const { title, problem } of results) console.log(problem === null ? `ok   ${title}` : `FAIL ${title}: ${problem}`);
console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
