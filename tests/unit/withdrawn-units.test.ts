import { expect, test } from '@jest/globals';
import type { Refund, Shipment } from '../../models/order/order-document.ts';
import { restOf } from '../../models/refund/goods/withdrawn-units.ts';
import { anOrder, PLACED_AT, REFERENCE } from '../support/an-order.ts';

const refund: Refund = {
  refundId: 'r-1',
  reference: REFERENCE,
  amount: 5_000,
  cause: 'unavailable',
  state: 'processed',
  requestedAt: PLACED_AT,
  requestedBy: 'staff:1',
  attempts: 0,
  lines: [{ lineId: 1, unshipped: 1, shipped: 0, restock: 1 }],
};
const shipment: Shipment = {
  shipmentId: 's-1',
  kind: 'parcel',
  lines: [{ lineId: 1, quantity: 1 }],
  shippedAt: PLACED_AT,
  by: 'staff:1',
};

test('the rest of an order is what was neither withdrawn by a refund nor shipped', () => {
  const unitsOf = (order: Parameters<typeof restOf>[0]) => restOf(order).map(({ quantity }) => quantity);
  expect(unitsOf(anOrder())).toEqual([2]);
  expect(unitsOf(anOrder({ refunds: [refund] }))).toEqual([1]);
  expect(unitsOf(anOrder({ shipments: [shipment] }))).toEqual([1]);
  expect(unitsOf(anOrder({ refunds: [refund], shipments: [shipment] }))).toEqual([]);
});
