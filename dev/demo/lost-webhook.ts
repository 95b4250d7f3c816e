/** The webhook is lost and the tab is closed before the redirect: nobody tells the shop, so its sweep asks. */

import { pressButton } from './browser.ts';
import { closeBooks } from './closing.ts';
import { runScenario, type Scenario } from './scenario.ts';
import { awaitConfirmation, checkOut, showEmail, type Wanted } from './steps.ts';
import type { Story } from './story.ts';

const WANTED: readonly Wanted[] = [{ sku: 'COF-BEAN', quantity: 2 }];
/** The sweep asks about a silent order two minutes after its page was made. */
const UNTIL_ASKED_MS = 2 * 60_000;

export const lostWebhook: Story = {
  flag: 'lost-webhook',
  title: 'The webhook is lost and the tab is closed',
  tell: (reporter) => runScenario(reporter, {}, play),
};

async function play(stage: Scenario): Promise<void> {
  const { reporter } = stage;
  const ada = await reporter.step('Ada signs in', () => stage.ada());
  const page = await checkOut(stage, ada, WANTED);
  const order = await ada.follow(page.orderId);
  await reporter.step('Ada pays; Paystack’s webhook is lost on its way', () =>
    pressButton(page.authorizationUrl, 'lose-webhook'),
  );
  reporter.note('Her phone’s battery dies before the redirect: the shop has heard nothing.');
  stage.moveOn(UNTIL_ASKED_MS);
  const asleepSince = performance.now();
  reporter.note('Two minutes pass (by the demo’s own clock).');
  await awaitConfirmation(stage, order, asleepSince, 'then; the sweep has asked Paystack');
  await showEmail(stage, page.orderId, 'order_confirmed');
  order.close();
  await closeBooks(stage);
}
