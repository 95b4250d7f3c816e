/** What must not compile. Nothing here is run. */
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
  // @ts-expect-error nothing is asked for without its id
  await shop.orders.get.query({});
  // @ts-expect-error a number is no text
  await shop.cart.addItem.mutate({ variantId: order.id, quantity: '1' });
  // @ts-expect-error a field that the server refuses
  await shop.cart.setQuantity.mutate({ variantId: order.id, quantity: 1, price: 1 });
  // @ts-expect-error no order has this status
  await shop.orders.list.query({ status: 'lost' });
  // @ts-expect-error a checkout has a key
  await shop.orders.initializePayment.mutate({ shippingAddress: address });
  // @ts-expect-error an address has a city
  const incomplete: ShippingAddress = { name: 'A', line1: 'B', state: 'C', country: 'NG', phone: '+2348000000000' };
  // @ts-expect-error the owner does not see this
  order.payments;
  // @ts-expect-error nothing of the server's is in what it sends
  order._id;
  // @ts-expect-error instants are text
  const at: Date = order.createdAt;
  // @ts-expect-error a status is one of six
  const status: OrderStatus = 'paid';
  // @ts-expect-error a watch gives orders
  shop.orders.watch.subscribe({ id: order.id }, { onData: (number: number) => number });
  // @ts-expect-error no such code
  const code: OrdersErrorCode = 'OUT_OF_STOCK';
  // @ts-expect-error no such code
  isOrdersError(error, 'OUT_OF_STOCK');
  // @ts-expect-error an error is not one of the shop's until it is looked at
  error.data;
  // @ts-expect-error these are not the details of this code
  if (isOrdersError(error, 'PRICE_CHANGED')) error.data.details.shortages;
  // @ts-expect-error this code has no details
  if (isOrdersError(error, 'NOT_FOUND')) error.data.details.orders;
  // @ts-expect-error the shop takes no euros
  const euro: Currency = 'EUR';
  // @ts-expect-error an amount is nothing without its currency
  formatMoney({ amount: 100 });
  // @ts-expect-error text that is no amount gives null
  const amount: number = parseMoney('1', 'NGN');
  return { incomplete, at, status, code, euro, amount };
}
