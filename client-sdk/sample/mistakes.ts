/** Mistakes that the compiler must reject. Only compiled, never run. */
import {
  type Currency,
  formatMoney,
  isOrdersError,
  type Order,
  type OrderStatus,
  type OrdersClient,
  type OrdersErrorCode,
  parseMoney,
  type ShippingAddress,
} from '@orders-module/client';

export async function mistakes(shop: OrdersClient, order: Order, address: ShippingAddress, error: unknown) {
  // @ts-expect-error no such procedure
  await shop.orders.destroy.mutate({ id: order.id });
  // @ts-expect-error a query is no mutation
  await shop.orders.get.mutate({ id: order.id });
  // @ts-expect-error the id is required
  await shop.orders.get.query({});
  // @ts-expect-error a quantity is a number
  await shop.cart.addItem.mutate({ variantId: order.id, quantity: '1' });
  // @ts-expect-error a field that the server rejects
  await shop.cart.setQuantity.mutate({ variantId: order.id, quantity: 1, price: 1 });
  // @ts-expect-error no order has this status
  await shop.orders.list.query({ status: 'lost' });
  // @ts-expect-error the checkoutKey is required
  await shop.orders.initializePayment.mutate({ shippingAddress: address });
  // @ts-expect-error the city is required
  const incomplete: ShippingAddress = { name: 'A', line1: 'B', state: 'C', country: 'NG', phone: '+2348000000000' };
  // @ts-expect-error only staff see the payments
  order.payments;
  // @ts-expect-error fields of the database are not published
  order._id;
  // @ts-expect-error instants are strings
  const at: Date = order.createdAt;
  // @ts-expect-error a status is one of six
  const status: OrderStatus = 'paid';
  // @ts-expect-error the subscription's data are orders
  shop.orders.watch.subscribe({ id: order.id }, { onData: (number: number) => number });
  // @ts-expect-error no such code
  const code: OrdersErrorCode = 'OUT_OF_STOCK';
  // @ts-expect-error no such code
  isOrdersError(error, 'OUT_OF_STOCK');
  // @ts-expect-error an unknown error has to be narrowed first
  error.data;
  // @ts-expect-error these are not the details of this code
  if (isOrdersError(error, 'PRICE_CHANGED')) error.data.details.shortages;
  // @ts-expect-error this code has no details
  if (isOrdersError(error, 'NOT_FOUND')) error.data.details.orders;
  // @ts-expect-error euros are not supported
  const euro: Currency = 'EUR';
  // @ts-expect-error the currency is required
  formatMoney({ amount: 100 });
  // @ts-expect-error parseMoney may return null
  const amount: number = parseMoney('1', 'NGN');
  return { incomplete, at, status, code, euro, amount };
}
