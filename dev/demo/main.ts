/**
 * `npm run demo`: the shop's stories without a browser, each on a stage of its own. Without a flag, from a cart to a
 * confirmed order. Exits 0 when the story ended as it should and the audit is clean; else 1, with the reason.
 */

import { failToStart } from '../start/report-failure.ts';
import { StartError } from '../start/start-error.ts';
import { StoryError } from './assert.ts';
import { declined } from './declined.ts';
import { flashSale } from './flash-sale.ts';
import { late } from './late.ts';
import { lostWebhook } from './lost-webhook.ts';
import { payTwice } from './pay-twice.ts';
import { purchase } from './purchase.ts';
import { refund } from './refund.ts';
import { Reporter } from './reporter.ts';
import { shortStock } from './short-stock.ts';
import type { Story } from './story.ts';
import { timing } from './timing.ts';

const STORIES: readonly Story[] = [
  purchase,
  shortStock,
  declined,
  lostWebhook,
  payTwice,
  late,
  refund,
  flashSale,
  timing,
];

/** The stories that were asked for, in that order. Throws StartError for a flag that names none. */
function chooseStories(args: readonly string[]): readonly Story[] {
  if (args.length === 0) return [purchase];
  return args.map((arg) => {
    const story = STORIES.find(({ flag }) => flag !== '' && arg === `--${flag}`);
    if (story) return story;
    const known = STORIES.filter(({ flag }) => flag !== '').map(({ flag, title }) => `  --${flag.padEnd(13)} ${title}`);
    throw new StartError(
      `There is no story ${arg}. There are:\n${known.join('\n')}\nand, without a flag: ${purchase.title}.`,
    );
  });
}

async function main(): Promise<void> {
  const reporter = new Reporter();
  const startedAt = performance.now();
  // The first arguments are node, the entry and this file.
  for (const story of chooseStories(process.argv.slice(3))) {
    reporter.title(story.title);
    await story.tell(reporter);
  }
  reporter.note(`\nDone in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
  process.exit(0);
}

await main().catch(async (error: unknown) => {
  if (!(error instanceof StoryError)) return failToStart(error);
  console.error(`\nThe story did not end as it should: ${error.message}.`);
  process.exit(1);
});
