/**
 * The acts of staff on parcels and units in a chaos run: whole orders and single units leave, arrive, are taken back, voided and
 * refunded.
 */
import type { TRPCClient } from '@trpc/client';
import type { SeededRandom } from '../../../dev/history/seeded-random.ts';
import type { AppRouter } from '../../../server/trpc/router.ts';
import { aParcelOf, newActionKey } from '../../support/action-keys.ts';
import type { History } from './history.ts';
import { actOnPreview } from './previewed.ts';

interface Parcels {
  history: History;
  name: string;
  client: TRPCClient<AppRouter>;
  id: string;
  random: SeededRandom;
}

interface UnitsOfLine {
  lineId: number;
  unshipped: number;
  shipped: number;
  restock: number;
}

const statusOf = async (call: Promise<{ status: string }>) => (await call).status;

const readOrder = ({ history, name, client, id }: Parcels) =>
  history.record(name, 'order', { orderId: id }, () => client.admin.order.query({ id }));

/** Sends all that is left, or one unit, which then arrives; the rest of such an order may be refunded. */
export async function sendParcel(parcels: Parcels): Promise<void> {
  const { history, name, client, id, random } = parcels;
  const order = await readOrder(parcels);
  const open = order?.items.filter(({ toShip }) => toShip > 0) ?? [];
  const [first] = open;
  const isSplit = first !== undefined && open.reduce((sum, { toShip }) => sum + toShip, 0) > 1 && random.chance(0.5);
  const lines = isSplit ? { lines: [{ lineId: first.lineId, quantity: 1 }] } : {};
  const { key, ...parcel } = { ...aParcelOf(id, `T${random.integer(1, 1e9)}`), ...lines };
  await actOnPreview(history, name, {
    name: 'ship',
    orderId: id,
    id: key,
    preview: () => client.admin.previewShip.mutate(parcel),
    act: (expected) => client.admin.ship.mutate({ ...parcel, key, ...expected }),
  });
  if (!isSplit) return;
  await arrive(parcels, key);
  if (random.chance(0.5)) await refundRest(parcels);
}

/** Of an order of which nothing else is under way, this leads from confirmed to delivered. */
async function refundRest(parcels: Parcels): Promise<void> {
  const order = await readOrder(parcels);
  const lines = (order?.items ?? [])
    .filter(({ toShip }) => toShip > 0)
    .map(({ lineId, toShip }) => ({ lineId, unshipped: toShip, shipped: 0, restock: toShip }));
  if (lines.length > 0) await refundUnits(parcels, lines, false);
}

/** Refunds a unit of one line, not shipped yet or come back, into stock or not, with the delivery fee or without. */
export async function refundLine(parcels: Parcels): Promise<void> {
  const { random } = parcels;
  const order = await readOrder(parcels);
  const choices = (order?.items ?? []).flatMap(({ lineId, toShip, shipped, givenBack }) => [
    ...(toShip > 0 ? [{ lineId, unshipped: 1, shipped: 0 }] : []),
    ...(shipped > givenBack ? [{ lineId, unshipped: 0, shipped: 1 }] : []),
  ]);
  if (order === null || choices.length === 0) return;
  const line = { ...random.pick(choices), restock: random.integer(0, 1) };
  await refundUnits(parcels, [line], order.refundable?.deliveryRefunded === false && random.chance(0.3));
}

async function refundUnits(
  { history, name, client, id }: Parcels,
  lines: UnitsOfLine[],
  delivery: boolean,
): Promise<void> {
  const input = { id, note: 'no longer to be had', lines, delivery };
  const key = newActionKey();
  await actOnPreview(history, name, {
    name: 'refundLines',
    orderId: id,
    id: key,
    preview: () => client.admin.previewRefund.mutate(input),
    act: (expected) => client.admin.refund.mutate({ ...input, key, ...expected }),
  });
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
  const order = await readOrder(parcels);
  const live = order?.shipments.filter(({ voidedAt }) => voidedAt === null) ?? [];
  if (live.length === 0) return;
  const { id: shipmentId, deliveredAt } = random.pick(live);
  const mistake = { id, shipmentId, reason: 'a mistake' };
  if (random.chance(0.15))
    await actOnPreview(history, name, {
      name: 'void',
      orderId: id,
      id: shipmentId,
      preview: () => client.admin.previewVoidShipment.mutate(mistake),
      act: (expected) => client.admin.voidShipment.mutate({ ...mistake, ...expected }),
    });
  else if (deliveredAt === null) await arrive(parcels, shipmentId);
  else if (random.chance(0.3))
    await history.record(name, 'undo', { orderId: id, shipmentId }, () =>
      statusOf(client.admin.undoDeliver.mutate(mistake)),
    );
}
