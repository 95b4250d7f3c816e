/** An order leaves in two parcels: one by a carrier whose number is corrected, one by the shop's own rider. */
import { randomUUID } from 'node:crypto';
import { assert } from '../assert.ts';
import { type DemoShop, withDemoShop } from '../demo-shop.ts';
import { auditShop } from '../final-audit.ts';
import type { Scenario } from '../scenario.ts';
import { buyConfirmed, type SkuQuantity, showEmail } from '../steps.ts';

const ITEMS: readonly SkuQuantity[] = [
  { sku: 'FIL-WIN-58', quantity: 2 },
  { sku: 'ANK-IND', quantity: 1 },
];
const CARRIER = 'GIG Logistics';
const LINK = 'https://gig.example/track/{tracking}';

export const twoParcels: Scenario = {
  flag: 'two-parcels',
  title: 'One order in two parcels, a corrected number, and a delivery that was undone',
  run: (reporter) => withDemoShop(reporter, {}, runSteps),
};

async function runSteps(shop: DemoShop): Promise<void> {
  const { reporter } = shop;
  const ada = await reporter.step('Ada signs in', () => shop.ada());
  const { page, order } = await buyConfirmed(shop, ada, ITEMS);
  const id = page.orderId;
  const { admin } = await reporter.step('Tunde, of the staff, signs in', () => shop.staff());
  await reporter.step('and enters where the carrier shows its parcels', async () => {
    const { version } = await admin.carriers.query();
    await admin.setCarriers.mutate({ version, carriers: [{ name: CARRIER, trackingUrl: LINK }] });
  });
  const first = randomUUID();
  const parcel = { id, key: first, carrier: CARRIER, trackingNumber: 'GIG-20481' };
  const caps = { ...parcel, lines: [{ lineId: 1, quantity: 2 }] };
  await reporter.step('The two caps leave with the carrier; the fabric is still at the tailor’s', () =>
    admin.ship.mutate(caps),
  );
  await reporter.step(
    'Ada sees a part of the order on its way',
    () => order.until(({ partial }) => partial, 'the first parcel'),
    ({ status, shipments }) => `${status}, ${shipments.length} parcel`,
  );
  await showEmail(shop, id, 'order_shipped');
  const again = await reporter.step('The connection was bad: the same press again changes nothing', () =>
    admin.ship.mutate(caps),
  );
  assert(again.shipments.length === 1, `the order has ${again.shipments.length} parcels after a repeat`);
  await reporter.step('The number was read wrongly: Tunde corrects it', () =>
    admin.correctShipment.mutate({ id, shipmentId: first, carrier: CARRIER, trackingNumber: 'GIG-20487' }),
  );
  await showEmail(shop, id, 'tracking_corrected');
  await reporter.step('The fabric follows with the shop’s own rider', () =>
    admin.ship.mutate({ id, key: randomUUID() }),
  );
  await reporter.step(
    'Nothing is left to ship',
    () => order.until(({ status }) => status === 'shipped', 'the second parcel'),
    ({ shipments }) => `${shipments.length} parcels`,
  );
  const mistake = { id, shipmentId: first, reason: 'it was the parcel of a neighbour' };
  await reporter.step('The caps are recorded as delivered by mistake, and that is undone', async () => {
    await admin.deliver.mutate({ id, shipmentId: first });
    return admin.undoDeliver.mutate(mistake);
  });
  await reporter.step('Then both parcels arrive', async () => {
    const { shipments } = await admin.order.query({ id });
    for (const { id: shipmentId } of shipments) await admin.deliver.mutate({ id, shipmentId });
  });
  await reporter.step(
    'and the order is delivered',
    () => order.until(({ status }) => status === 'delivered', 'both deliveries'),
    ({ status }) => status,
  );
  const { timeline } = await admin.order.query({ id });
  reporter.quote(timeline.map(({ kind, what }) => `${kind.padEnd(8)} ${what}`).join('\n'));
  order.close();
  await auditShop(shop);
}
