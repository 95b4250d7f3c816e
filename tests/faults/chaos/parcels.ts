/** The acts of staff on parcels in a chaos run: whole orders and single units leave, arrive, are taken back and voided. */
import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '../../../server/trpc/router.ts';
import { aParcelOf, newActionKey } from '../../support/action-keys.ts';
import type { History } from './history.ts';
import type { SeededRandom } from './random.ts';

interface Parcels {
  history: History;
  name: string;
  client: TRPCClient<AppRouter>;
  id: string;
  random: SeededRandom;
}

const statusOf = async (call: Promise<{ status: string }>) => (await call).status;

/** Sends all that is left, or one unit, which then arrives; the rest of such an order may be refunded. */
export async function sendParcel(parcels: Parcels): Promise<void> {
  const { history, name, client, id, random } = parcels;
  const order = await history.record(name, 'order', { orderId: id }, () => client.admin.order.query({ id }));
  const open = order?.items.filter(({ toShip }) => toShip > 0) ?? [];
  const [first] = open;
  const isSplit = first !== undefined && open.reduce((sum, { toShip }) => sum + toShip, 0) > 1 && random.chance(0.5);
  const lines = isSplit ? { lines: [{ lineId: first.lineId, quantity: 1 }] } : {};
  const parcel = { ...aParcelOf(id, `T${random.integer(1, 1e9)}`), ...lines };
  const shipped = { orderId: id, shipmentId: parcel.key };
  await history.record(name, 'ship', shipped, () => statusOf(client.admin.ship.mutate(parcel)));
  if (!isSplit) return;
  await arrive(parcels, parcel.key);
  if (random.chance(0.5)) await refundRest(parcels);
}

/** Of an order of which nothing else is under way, this leads from confirmed to delivered. */
async function refundRest({ history, name, client, id }: Parcels): Promise<void> {
  const order = await history.record(name, 'order', { orderId: id }, () => client.admin.order.query({ id }));
  const lines = (order?.items ?? [])
    .filter(({ toShip }) => toShip > 0)
    .map(({ lineId, toShip }) => ({ lineId, unshipped: toShip, shipped: 0, restock: toShip }));
  if (lines.length === 0) return;
  const input = { id, key: newActionKey(), note: 'no longer to be had', lines };
  const named = { orderId: id, refundId: input.key };
  await history.record(name, 'refundRest', named, () => statusOf(client.admin.refund.mutate(input)));
}

async function arrive({ history, name, client, id }: Parcels, shipmentId: string): Promise<void> {
  const parcel = { id, shipmentId };
  await history.record(name, 'deliver', { orderId: id, shipmentId }, () =>
    statusOf(client.admin.deliver.mutate(parcel)),
  );
}

/** A parcel arrives, is voided, or its arrival is undone. */
export async function followParcel(parcels: Parcels): Promise<void> {
  const { history, name, client, id, random } = parcels;
  const order = await history.record(name, 'order', { orderId: id }, () => client.admin.order.query({ id }));
  const live = order?.shipments.filter(({ voidedAt }) => voidedAt === null) ?? [];
  if (live.length === 0) return;
  const { id: shipmentId, deliveredAt } = random.pick(live);
  const mistake = { id, shipmentId, reason: 'a mistake' };
  if (random.chance(0.15))
    await history.record(name, 'void', { orderId: id, shipmentId }, () =>
      statusOf(client.admin.voidShipment.mutate(mistake)),
    );
  else if (deliveredAt === null) await arrive(parcels, shipmentId);
  else if (random.chance(0.3))
    await history.record(name, 'undo', { orderId: id, shipmentId }, () =>
      statusOf(client.admin.undoDeliver.mutate(mistake)),
    );
}
