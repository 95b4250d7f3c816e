/** Actions of staff on parcels, as fast-check commands, and the check that what the API acknowledged is in the order. */
import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { Order } from '../../models/order/order-document.ts';
import { findShipment, liveShipments } from '../../models/order/units.ts';
import { aParcelOf } from './action-keys.ts';
import type { ModelShop } from './model-shop.ts';
import { orRefused, type Placed, type PlacedParcel, pick, which, withOrder } from './model-step.ts';
import { actAsPreviewed } from './previewed-act.ts';

/** All that is left, or one unit; twice under one key, which must be once. */
const ship = fc.record({ n: which, some: fc.boolean(), twice: fc.boolean() }).map(({ n, some, twice }) =>
  withOrder(`ship(${n}${some ? ', one unit' : ''}${twice ? ', twice' : ', previewed'})`, async (model, shop) => {
    const order = pick(model.orders, n);
    const { admin } = shop.staff.client;
    const trackingNumber = `T-${order.parcels.size}`;
    const parcel = {
      ...aParcelOf(order.orderId, trackingNumber),
      ...(some ? { lines: [{ lineId: 1, quantity: 1 }] } : {}),
    };
    const { key: _, ...shown } = parcel;
    const once = () =>
      actAsPreviewed(shop, {
        orderId: order.orderId,
        preview: () => admin.previewShip.mutate(shown),
        act: (expected) => admin.ship.mutate({ ...parcel, ...expected }),
      });
    const call = () => orRefused(admin.ship.mutate(parcel));
    const [view] = (await Promise.all(twice ? [call(), call()] : [once()])).filter((one) => one !== null);
    const shipped = view?.shipments.find(({ id }) => id === parcel.key);
    const quantity = shipped?.lines[0]?.quantity;
    if (quantity !== undefined)
      order.parcels.set(parcel.key, { quantity, trackingNumber, isDelivered: false, isVoided: false });
  }),
);

const CHANGES = ['deliver', 'deliver', 'undo', 'void', 'correct'] as const;

const change = fc.record({ n: which, parcel: which, what: fc.constantFrom(...CHANGES) }).map(({ n, parcel: m, what }) =>
  withOrder(`${what}(${n}, parcel ${m})`, async (model, shop) => {
    const order = pick(model.orders, n);
    if (order.parcels.size === 0) return;
    const [shipmentId, parcel] = pick([...order.parcels], m);
    const altered = await changed(shop, order, shipmentId, what);
    if (altered !== null) Object.assign(parcel, altered);
  }),
);

/** The fields that the acknowledged call changed; null when it was refused. */
async function changed(
  shop: ModelShop,
  { orderId: id }: Placed,
  shipmentId: string,
  what: (typeof CHANGES)[number],
): Promise<Partial<PlacedParcel> | null> {
  const { admin } = shop.staff.client;
  const mistake = { id, shipmentId, reason: 'a mistake' };
  const trackingNumber = `C-${shipmentId.slice(0, 8)}`;
  switch (what) {
    case 'deliver':
      return (await orRefused(admin.deliver.mutate({ id, shipmentId }))) && { isDelivered: true };
    case 'undo':
      return (await orRefused(admin.undoDeliver.mutate(mistake))) && { isDelivered: false };
    case 'void':
      return (await voidAsPreviewed(shop, mistake)) && { isVoided: true };
    case 'correct':
      return (await orRefused(admin.correctShipment.mutate({ id, shipmentId, trackingNumber }))) && { trackingNumber };
  }
}

function voidAsPreviewed(shop: ModelShop, mistake: { id: string; shipmentId: string; reason: string }) {
  const { admin } = shop.staff.client;
  return actAsPreviewed(shop, {
    orderId: mistake.id,
    preview: () => admin.previewVoidShipment.mutate(mistake),
    act: (expected) => admin.voidShipment.mutate({ ...mistake, ...expected }),
  });
}

export const parcelHappenings = [ship, ship, change, change];

/** Each acknowledged parcel is in the order as it was acknowledged last, and there is no other. */
export function expectParcelsKept({ parcels }: Placed, order: Order): void {
  expect((order.shipments ?? []).map(({ shipmentId }) => shipmentId).sort()).toEqual([...parcels.keys()].sort());
  for (const [shipmentId, { quantity, trackingNumber, isDelivered, isVoided }] of parcels) {
    const shipment = findShipment(order, shipmentId);
    expect(shipment).toMatchObject({ lines: [{ lineId: 1, quantity }], trackingNumber });
    expect([shipment?.deliveredAt !== undefined, shipment?.voidedAt !== undefined]).toEqual([isDelivered, isVoided]);
  }
}

/** Units in parcels that are not voided. */
export function unitsSent(order: Order): number {
  return liveShipments(order)
    .flatMap(({ lines }) => lines)
    .reduce((sum, { quantity }) => sum + quantity, 0);
}
