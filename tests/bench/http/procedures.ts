/** The measured procedures: how to ask ours and how to ask the bare route, a fresh request each time. */
import { randomBytes } from 'node:crypto';
import type { SentRequest } from 'autocannon';
import type { Order } from '../../../models/order-document.ts';
import { queryPath } from './caller.ts';
import { type Shopper, type StandingShop, signedCharge } from './standing-shop.ts';

export interface Procedure {
  name: string;
  /** A fixed rate that a small machine can hold, requests a second. */
  rate: number;
  ours(): SentRequest;
  bare(): SentRequest;
}

const ADDRESS = {
  name: 'Ada Obi',
  line1: '12 Marina Road',
  city: 'Lagos',
  state: 'Lagos',
  country: 'NG',
  phone: '+2348000000000',
};

/** `unpaid` gives an order that no webhook has been sent for. */
export function listProcedures(
  shop: StandingShop,
  shoppers: Shopper[],
  orders: Order[],
  unpaid: () => Order,
): Procedure[] {
  const nextShopper = inTurns(shoppers);
  const nextVariant = inTurns(shop.goods.variants);
  const nextOrder = inTurns(orders);
  const tokens = new Map(shoppers.map(({ id, token }) => [String(id), token]));
  return [
    {
      name: 'catalogue page',
      rate: 50,
      ours: () => ({ method: 'GET', path: queryPath('catalog.products', { limit: 20 }) }),
      bare: () => ({ method: 'GET', path: '/products' }),
    },
    {
      name: 'orders.get',
      rate: 100,
      ours: () => {
        const { _id, userId } = nextOrder();
        return get(queryPath('orders.get', { id: String(_id) }), tokens.get(String(userId)));
      },
      bare: () => {
        const { _id, userId } = nextOrder();
        return get(`/orders/${userId}/${_id}`);
      },
    },
    {
      name: 'cart.addItem',
      rate: 50,
      ours: () =>
        post('/trpc/cart.addItem', { variantId: String(nextVariant()._id), quantity: 1 }, nextShopper().token),
      bare: () => post(`/cart/${nextShopper().id}/${nextVariant()._id}`, {}),
    },
    {
      name: 'initializePayment',
      rate: 20,
      ours: () => {
        const input = { shippingAddress: ADDRESS, checkoutKey: randomBytes(12).toString('hex') };
        return post('/trpc/orders.initializePayment', input, nextShopper().token);
      },
      bare: () => post(`/initialize/${nextShopper().id}`, { checkoutKey: randomBytes(12).toString('hex') }),
    },
    {
      name: 'webhook ack',
      rate: 50,
      ours: () => webhook('/webhooks/paystack', unpaid()),
      bare: () => webhook('/webhook', unpaid()),
    },
  ];
}

function get(path: string, token?: string): SentRequest {
  return { method: 'GET', path, ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }) };
}

function post(path: string, body: object, token?: string): SentRequest {
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return { method: 'POST', path, headers, body: JSON.stringify(body) };
}

function webhook(path: string, { txRef, total }: Order): SentRequest {
  const { body, signature } = signedCharge({ reference: txRef, amount: total });
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', 'x-paystack-signature': signature },
    body,
  };
}

function inTurns<T>(values: readonly T[]): () => T {
  let next = 0;
  return () => {
    const value = values[next % values.length];
    next += 1;
    if (value === undefined) throw new Error('There is nothing to take turns.');
    return value;
  };
}
