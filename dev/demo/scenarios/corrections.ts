/** A customer mistyped the email and moved house: staff correct both, and what could not be sent arrives. */

import { setTimeout as delay } from 'node:timers/promises';
import { assert } from '../assert.ts';
import { type DemoShop, withDemoShop } from '../demo-shop.ts';
import { auditShop } from '../final-audit.ts';
import type { Scenario } from '../scenario.ts';
import { awaitConfirmation, checkOut, payAtPage, type SkuQuantity, showEmail } from '../steps.ts';

const ITEMS: readonly SkuQuantity[] = [{ sku: 'AYO-STD', quantity: 1 }];
const TIMEOUT_MS = 20_000;
const PAUSE_MS = 100;
const MISTYPED = 'ngozi@exmaple.com';
const RIGHT = 'ngozi@example.com';
const NEW_ADDRESS = {
  name: 'Ngozi Okafor',
  line1: '7 Broad Street',
  city: 'Ibadan',
  state: 'Oyo',
  country: 'NG',
  phone: '+234 803 555 0199',
};

export const corrections: Scenario = {
  flag: 'corrections',
  title: 'A wrong email and a wrong address, both corrected',
  run: (reporter) => withDemoShop(reporter, {}, runSteps),
};

async function runSteps(shop: DemoShop): Promise<void> {
  const { reporter } = shop;
  shop.mailbox.script({ to: MISTYPED, fault: { kind: 'bad-address' } });
  const ngozi = await reporter.step(`Ngozi registers as ${MISTYPED}, a slip of the hand`, () =>
    shop.register('Ngozi Okafor', MISTYPED),
  );
  const page = await checkOut(shop, ngozi, ITEMS);
  const { orderId: id } = page;
  const order = await ngozi.follow(id);
  const staff = await reporter.step('Tunde, of the staff, signs in', () => shop.staff());
  // The mail that verifies the address failed as well.
  const failed = async () => (await staff.admin.failedEmails.query({})).items.filter(({ orderId }) => orderId === id);
  await reporter.step('She asks how to pay, and he sends her the link', () =>
    staff.admin.sendPaymentLink.mutate({ id, key: 'demo-link-1' }),
  );
  await reporter.step('The provider refuses the address, and the email is on the list of failed ones', () =>
    until(async () => (await failed()).length === 1),
  );
  const paidAt = performance.now();
  await payAtPage(shop, page);
  await awaitConfirmation(shop, order, paidAt);
  await until(async () => (await failed()).length === 2);
  await reporter.step(
    `Tunde corrects the email to ${RIGHT}`,
    () => staff.admin.correctContact.mutate({ id, email: RIGHT }),
    ({ emails }) => `${emails.filter(({ state }) => state === 'queued').length} emails wait to be sent again`,
  );
  await showEmail(shop, id, 'order_confirmed');
  await reporter.step(
    'She has moved, too: he corrects the address',
    () => staff.admin.correctAddress.mutate({ id, address: NEW_ADDRESS }),
    ({ differs }) => `different from the checkout: ${differs.map(({ field }) => field).join(', ')}`,
  );
  await reporter.step('and notes the reason for the other staff', () =>
    staff.admin.addNote.mutate({ id, key: 'demo-note-1', text: 'Moved to Ibadan; told us on the phone.' }),
  );
  await staff.admin.setTags.mutate({ id, tags: ['Moved house'] });
  await reporter.step('The board leaves for Ibadan', () =>
    staff.admin.ship.mutate({ id, key: 'parcel-1', carrier: 'GIG Logistics', trackingNumber: 'GIG-20481' }),
  );
  await showEmail(shop, id, 'order_shipped');
  const { timeline, total } = await reporter.step('Her earlier email and address are deleted', () =>
    staff.admin.emptyCorrections.mutate({ id }),
  );
  assert(total === page.amount, 'the price of the order has changed');
  reporter.quote(timeline.map(({ kind, what }) => `${kind.padEnd(8)} ${what}`).join('\n'));
  order.close();
  await auditShop(shop);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (!(await holds())) {
    assert(performance.now() < deadline, 'the emails were not refused in time');
    await delay(PAUSE_MS);
  }
}
