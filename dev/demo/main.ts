/** `npm run demo`. Exits 0 when every scenario has its expected result and the audit is clean; else 1, with the reason. */
import { failToStart } from '../start/report-failure.ts';
import { StartError } from '../start/start-error.ts';
import { ScenarioError } from './assert.ts';
import { Reporter } from './reporter.ts';
import type { Scenario } from './scenario.ts';
import { corrections } from './scenarios/corrections.ts';
import { declined } from './scenarios/declined.ts';
import { disputeForgotten, disputeWon, lostDisputeWebhook } from './scenarios/disputes.ts';
import { flashSale } from './scenarios/flash-sale.ts';
import { late } from './scenarios/late.ts';
import { lineRefund } from './scenarios/line-refund.ts';
import { lostWebhook } from './scenarios/lost-webhook.ts';
import { partRefundThenReversed } from './scenarios/part-refund-then-reversed.ts';
import { payTwice } from './scenarios/pay-twice.ts';
import { payout } from './scenarios/payout.ts';
import { purchase } from './scenarios/purchase.ts';
import { refund } from './scenarios/refund.ts';
import { shortStock } from './scenarios/short-stock.ts';
import { timing } from './scenarios/timing.ts';
import { twoParcels } from './scenarios/two-parcels.ts';
import { wrongTransfer } from './scenarios/wrong-transfer.ts';

const SCENARIOS: readonly Scenario[] = [
  purchase,
  shortStock,
  declined,
  wrongTransfer,
  lostWebhook,
  payTwice,
  late,
  refund,
  lineRefund,
  partRefundThenReversed,
  payout,
  twoParcels,
  corrections,
  disputeWon,
  disputeForgotten,
  lostDisputeWebhook,
  flashSale,
  timing,
];

/** The scenarios of the flags, in their order. Throws StartError for an unknown flag. */
function chooseScenarios(args: readonly string[]): readonly Scenario[] {
  if (args.length === 0) return [purchase];
  return args.map((arg) => {
    const found = SCENARIOS.find(({ flag }) => flag !== '' && arg === `--${flag}`);
    if (found) return found;
    const known = SCENARIOS.filter(({ flag }) => flag !== '').map(
      ({ flag, title }) => `  --${flag.padEnd(13)} ${title}`,
    );
    throw new StartError(
      `There is no scenario ${arg}. There are:\n${known.join('\n')}\nand, without a flag: ${purchase.title}.`,
    );
  });
}

async function main(): Promise<void> {
  const reporter = new Reporter();
  const startedAt = performance.now();
  // The first arguments are node, the entry and this file.
  for (const scenario of chooseScenarios(process.argv.slice(3))) {
    reporter.title(scenario.title);
    await scenario.run(reporter);
  }
  reporter.note(`\nDone in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
  process.exit(0);
}

await main().catch(async (error: unknown) => {
  if (!(error instanceof ScenarioError)) return failToStart(error);
  console.error(`\nThe scenario failed: ${error.message}.`);
  process.exit(1);
});
