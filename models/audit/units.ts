/**
 * I18: the units of each line are accounted for, and the status follows from them. I6: the history replays to the
 * shipments. I22: each shipment was created once, by its key.
 */
import type { HistoryEntry } from '../order/history.ts';
import type { Order, Shipment } from '../order/order-document.ts';
import { deriveStatus, type LineUnits, unitsByLine } from '../order/units.ts';
import type { OrderCheck } from './scan-orders.ts';

export const unitsCheck: OrderCheck = {
  id: 'I18',
  name: 'units',
  question:
    'Per line, withdrawn and shipped units are at most those ordered, and no more came back than were shipped; the status of a sold order follows from them.',
  inspect: ({ order }) => [
    ...(order.shipments ?? []).flatMap((shipment) => shipmentProblems(order, shipment)),
    ...refundLineProblems(order),
    ...unitsByLine(order).flatMap(lineProblems),
    ...statusProblems(order),
  ],
};

function shipmentProblems(order: Order, { shipmentId, lines }: Shipment): string[] {
  const name = `shipment ${shipmentId}`;
  return [
    ...(lines.length === 0 ? [`${name} has no lines`] : []),
    ...lineIdProblems(order, name, lines),
    ...lines
      .filter(({ quantity }) => !Number.isSafeInteger(quantity) || quantity < 1)
      .map(({ lineId, quantity }) => `${name} has ${quantity} units of line ${lineId}`),
  ];
}

function refundLineProblems(order: Order): string[] {
  return order.refunds.flatMap(({ refundId, lines = [] }) => [
    ...lineIdProblems(order, `refund ${refundId}`, lines),
    ...lines
      .filter((line) => [line.unshipped, line.shipped].some((units) => !Number.isSafeInteger(units) || units < 0))
      .map(({ lineId, unshipped, shipped }) => `refund ${refundId} has ${unshipped} and ${shipped} of line ${lineId}`),
  ]);
}

function lineIdProblems({ items }: Order, name: string, lines: readonly { lineId: number }[]): string[] {
  const unknown = lines.filter(({ lineId }) => items[lineId - 1] === undefined);
  const isRepeated = new Set(lines.map(({ lineId }) => lineId)).size < lines.length;
  return [
    ...unknown.map(({ lineId }) => `${name} names line ${lineId} of ${items.length}`),
    ...(isRepeated ? [`${name} names a line twice`] : []),
  ];
}

function lineProblems({ lineId, ordered, unshipped, shipped, toShip, givenBack }: LineUnits): string[] {
  return [
    ...(toShip < 0 ? [`line ${lineId}: ${unshipped} withdrawn and ${shipped} shipped of ${ordered} ordered`] : []),
    ...(givenBack > shipped ? [`line ${lineId}: ${givenBack} came back of ${shipped} shipped`] : []),
  ];
}

function statusProblems(order: Order): string[] {
  const status = deriveStatus(order);
  const problems = status === order.status ? [] : [`status is ${order.status} instead of ${status}`];
  if (order.status !== 'pending' || order.shipments === undefined) return problems;
  return [...problems, 'a pending order has shipments'];
}

export const shipmentEntriesCheck: OrderCheck = {
  id: 'I6',
  name: 'shipment-entries',
  question:
    'Each shipment was created by one history entry, whose key it is named by, and its state is what its entries say.',
  inspect: ({ order }) => {
    const { shipments = [], history } = order;
    const ids = new Set(shipments.map(({ shipmentId }) => shipmentId));
    const entries = history.filter(isAboutShipment);
    const unknown = entries.filter(({ data }) => !ids.has(data.shipmentId));
    return [
      ...(ids.size < shipments.length ? ['a shipment id occurs twice'] : []),
      ...unknown.map(({ seq, data }) => `entry #${seq} is about an unknown shipment ${data.shipmentId}`),
      ...shipments.flatMap((shipment) => entryProblems(shipment, entries)),
    ];
  },
};

type ShipmentEntry = Extract<HistoryEntry, { data: { shipmentId: string } }>;

function isAboutShipment(entry: HistoryEntry): entry is ShipmentEntry {
  return 'data' in entry && 'shipmentId' in entry.data;
}

function entryProblems(shipment: Shipment, entries: readonly ShipmentEntry[]): string[] {
  const { shipmentId, deliveredAt, voidedAt } = shipment;
  const own = entries.filter(({ data }) => data.shipmentId === shipmentId);
  const created = own.filter(({ type }) => type === 'shipment_created');
  const voided = own.filter(({ type }) => type === 'shipment_voided').length;
  const lastDelivery = own.findLast(({ type }) => type === 'shipment_delivered' || type === 'delivery_undone');
  const isDelivered = lastDelivery?.type === 'shipment_delivered';
  return [
    ...(created.length === 1 ? [] : [`${created.length} entries create shipment ${shipmentId}`]),
    ...created
      .filter(({ key }) => key?.id !== shipmentId)
      .map(({ seq }) => `entry #${seq} creates shipment ${shipmentId} without its key`),
    ...(voided === (voidedAt === undefined ? 0 : 1) ? [] : [`${voided} entries void shipment ${shipmentId}`]),
    ...(isDelivered === (deliveredAt !== undefined)
      ? []
      : [`shipment ${shipmentId} is ${isDelivered ? 'delivered by its entries only' : 'delivered without an entry'}`]),
  ];
}
