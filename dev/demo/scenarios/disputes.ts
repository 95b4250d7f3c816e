/** Disputes on the moved clock: answered and won, forgotten and lost, and opened without any webhook. */
import { randomUUID } from 'node:crypto';
import { runReconcileOnce } from '../../../jobs/reconcile/reconcile.ts';
import { formatInstant } from '../../../models/shop-time.ts';
import { assert } from '../assert.ts';
import type { Client } from '../client.ts';
import { type DemoShop, withDemoShop } from '../demo-shop.ts';
import { auditShop } from '../final-audit.ts';
import type { OrderFollower } from '../follow-order.ts';
import type { Scenario } from '../scenario.ts';
import { buyConfirmed, money, type SkuQuantity, showEmail } from '../steps.ts';

const ITEMS: readonly SkuQuantity[] = [{ sku: 'AYO-STD', quantity: 1 }];
const HOUR_MS = 3600_000;
const WAIT_MS = 10_000;

export const disputeWon: Scenario = {
  flag: 'dispute-won',
  title: 'A bank disputes a payment, staff answer with evidence, and the bank decides for the shop',
  run: (reporter) => withDemoShop(reporter, {}, runWon),
};

export const disputeForgotten: Scenario = {
  flag: 'dispute-forgotten',
  title: 'Nobody answers a dispute: staff are emailed three times, and Paystack then gives the money back',
  run: (reporter) => withDemoShop(reporter, {}, runForgotten),
};

export const lostDisputeWebhook: Scenario = {
  flag: 'lost-dispute-webhook',
  title: 'A dispute whose webhooks are all lost is known within the hour, and nothing is shipped',
  run: (reporter) => withDemoShop(reporter, {}, runLostWebhook),
};

interface Bought {
  order: OrderFollower;
  orderId: string;
  reference: string;
  staff: Client;
}

async function buy(shop: DemoShop): Promise<Bought> {
  const { reporter } = shop;
  const ada = await reporter.step('Ada signs in', () => shop.ada());
  const { page, order } = await buyConfirmed(shop, ada, ITEMS);
  const staff = await reporter.step('Tunde, of the staff, signs in', () => shop.staff());
  return { order, orderId: page.orderId, reference: page.txRef, staff };
}

function openDispute(shop: DemoShop, { reference }: Bought): Promise<number> {
  return shop.reporter.step(
    'Ada’s bank disputes the payment as fraud',
    async () => {
      const { id } = shop.sandbox.openDispute(reference, { category: 'fraud' });
      await shop.sandbox.webhooksIdle();
      return id;
    },
    (id) => `dispute ${id}, to be answered within 16 hours`,
  );
}

type StaffDispute = Awaited<ReturnType<Client['admin']['order']['query']>>['disputes'][number];

/** Reads the order until its dispute fits. */
async function untilDispute(
  { staff, orderId }: Bought,
  what: string,
  fits: (dispute: StaffDispute) => boolean,
): Promise<StaffDispute> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const { disputes } = await staff.admin.order.query({ id: orderId });
    const [dispute] = disputes;
    if (dispute !== undefined && fits(dispute)) return dispute;
    assert(performance.now() < deadline, `${what} did not come: ${JSON.stringify(disputes)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function runWon(shop: DemoShop): Promise<void> {
  const { reporter, sandbox } = shop;
  const bought = await buy(shop);
  const { staff, orderId: id, order } = bought;
  await reporter.step('Tunde records the parcel, and its arrival', async () => {
    await staff.admin.ship.mutate({ id, key: randomUUID(), carrier: 'GIG Logistics', trackingNumber: 'GIG-1' });
    await staff.admin.deliver.mutate({ id });
  });
  const dispute = await openDispute(shop, bought);
  const disputeId = String(dispute);
  const draft = await reporter.step(
    'The order’s page drafts the evidence',
    () => staff.admin.disputeDraft.query({ id, disputeId }),
    ({ evidence }) => `“${evidence.serviceDetails}”`,
  );
  await reporter.step('Tunde looks at what an answer does, and declines the dispute', async () => {
    const message = 'The parcel was delivered and signed for.';
    const answer = { id, disputeId, resolution: 'decline', message, evidence: draft.evidence } as const;
    const { digest } = await staff.admin.previewAnswerDispute.mutate(answer);
    await staff.admin.answerDispute.mutate({ ...answer, expect: digest, key: randomUUID() });
  });
  await reporter.step(
    'processDisputes brings evidence, receipt and answer to Paystack, each once',
    () => untilDispute(bought, 'the answer', ({ answer }) => answer?.state === 'sent'),
    () => {
      const [upload] = sandbox.uploads();
      assert(upload?.authorized === false, 'the key was sent to the object store');
      return `with the bank; the receipt has ${upload.size} bytes, and went without the key`;
    },
  );
  await reporter.step('A day later the bank decides for the shop', async () => {
    shop.advanceClock(24 * HOUR_MS);
    sandbox.resolveDispute(dispute, 'declined');
    await sandbox.webhooksIdle();
  });
  await reporter.step(
    'The dispute is won, and the money stays',
    () => untilDispute(bought, 'the end', ({ state }) => state === 'won'),
    ({ state }) => state,
  );
  order.close();
  await auditShop(shop);
}

async function runForgotten(shop: DemoShop): Promise<void> {
  const { reporter, sandbox, mailbox } = shop;
  const bought = await buy(shop);
  const dispute = await openDispute(shop, bought);
  for (const hours of [8, 4, 1]) {
    const leftMs = Date.parse(sandbox.dispute(dispute).dueAt ?? '') - shop.ctx.clock.now().getTime();
    shop.advanceClock(leftMs - hours * HOUR_MS);
    await reporter.step(
      `${hours === 1 ? 'An hour' : `${hours} hours`} before the deadline staff get an email`,
      () => mailbox.waitFor(({ key }) => key === `staff:dispute_due:${dispute}:${hours}`, { timeoutMs: WAIT_MS }),
      ({ subject }) => `“${subject}”`,
    );
  }
  await reporter.step('Nobody answers, and Paystack accepts the dispute in the shop’s name', async () => {
    shop.advanceClock(HOUR_MS);
    await sandbox.webhooksIdle();
  });
  await reporter.step(
    'The money went back by the dispute alone: the order is refunded, and no refund is sent besides',
    () => bought.order.until(({ status }) => status === 'refunded', 'the end of the order'),
    ({ money: sums }) => {
      assert(sums !== null && sums.paid === sums.returned, 'another sum than the payment went back');
      return `${money({ amount: sums.returned, currency: sums.currency })} returned`;
    },
  );
  await showEmail(shop, bought.orderId, 'refund_done');
  bought.order.close();
  await auditShop(shop);
}

async function runLostWebhook(shop: DemoShop): Promise<void> {
  const { reporter, sandbox } = shop;
  const bought = await buy(shop);
  const { staff, orderId: id } = bought;
  sandbox.scriptWebhooks({ event: 'charge.dispute.*', mode: 'lose' });
  await openDispute(shop, bought);
  await reporter.step('No webhook tells the shop, which compares its books with Paystack once an hour', async () => {
    shop.advanceClock(HOUR_MS);
    await runReconcileOnce(shop.ctx, { force: true });
  });
  await reporter.step(
    'The dispute is known, with its deadline',
    () => untilDispute(bought, 'the dispute', ({ state }) => state === 'open'),
    ({ answerBy }) => `open, to be answered by ${formatInstant(new Date(answerBy ?? 0), shop.ctx.config.shopTimeZone)}`,
  );
  await reporter.step(
    'and the order is not shipped',
    () =>
      staff.admin.ship.mutate({ id, key: randomUUID() }).then(
        () => 'shipped',
        (error: Error) => error.message,
      ),
    (message) => {
      assert(message.includes('a dispute stands'), `it was shipped: ${message}`);
      return message;
    },
  );
  bought.order.close();
  await auditShop(shop);
}
