/** The stream of staff has one entry for each order that is confirmed, so that an open page rings once for it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newActionKey } from '../support/action-keys.ts';
import { openStaffStream } from '../support/order-stream.ts';
import { buy, type Shop, startTestShop } from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.stop());

test('the stream of staff tells of an order that was confirmed, and not of one that goes back to it', async () => {
  const stream = await openStaffStream(shop, shop.staff.token);
  await stream.next();
  const rang: string[] = [];
  /** Changes come in their order, so those of earlier orders are there once this one is. */
  const untilRang = async (id: string) => {
    while (!rang.includes(id)) {
      const { changes } = await stream.next();
      rang.push(...changes.filter(({ kind }) => kind === 'confirmed').map((change) => change.id));
    }
  };
  const { orderId: id } = await buy(shop);
  await untilRang(id);
  const shipmentId = newActionKey();
  await shop.staff.client.admin.ship.mutate({ id, key: shipmentId });
  await shop.staff.client.admin.voidShipment.mutate({ id, shipmentId, reason: 'not picked up' });
  const { orderId: other } = await buy(shop);
  await untilRang(other);
  stream.close();
  expect(rang).toEqual([id, other]);
});
