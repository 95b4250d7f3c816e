/** The measured procedures, with the requests to ours and to the bare route. */
import { randomBytes } from 'node:crypto';
import type { SentRequest } from 'autocannon';
import type { Order } from '../../../models/order/order-document.ts';
import type { Shop } from '../load.ts';
import { signedCharge } from './bench-server.ts';
import { queryPath } from './caller.ts';
import type { Side } from './side.ts';
import { inTurns, type Supply } from './supply.ts';

export interface Procedure {
  name: string;
  /** Requests per second, so few that a small machine can serve them. */
  rate: number;
  ours: Calls;
  bare: Calls;
}

export interface Calls {
  url: string;
  make(): SentRequest;
  /** The test data that each call uses up; null if none. */
  supply: Supply<unknown> | null;
}

const ADDRESS = {
  name: 'Ada Obi',
  line1: '12 Marina Road',
  city: 'Lagos',
  state: 'Lagos',
  country: 'NG',
  phone: '+2348000000000',
};

export function listProcedures(ours: Side, bare: Side, catalogue: Shop): Procedure[] {
  const nextVariant = inTurns(catalogue.variants);
  const calls = ({ url }: Side, make: () => SentRequest, supply: Supply<unknown> | null = null) => ({
    url,
    make,
    supply,
  });
  const newKey = () => randomBytes(12).toString('hex');
  return [
    {
      name: 'catalogue page',
      rate: 50,
      ours: calls(ours, () => get(queryPath('catalog.products', { limit: 20 }))),
      bare: calls(bare, () => get('/products')),
    },
    {
      name: 'orders.get',
      rate: 100,
      ours: calls(ours, () => {
        const { order, shopper } = ours.placed();
        return get(queryPath('orders.get', { id: String(order._id) }), shopper.token);
      }),
      bare: calls(bare, () => {
        const { order, shopper } = bare.placed();
        return get(`/orders/${shopper.id}/${order._id}`);
      }),
    },
    {
      name: 'cart.addItem',
      rate: 50,
      ours: calls(ours, () => {
        const input = { variantId: String(nextVariant()._id), quantity: 1 };
        return post('/trpc/cart.addItem', input, ours.shopper().token);
      }),
      bare: calls(bare, () => post(`/cart/${bare.shopper().id}/${nextVariant()._id}`, {})),
    },
    {
      name: 'initializePayment',
      rate: 20,
      ours: calls(
        ours,
        () => {
          const input = { shippingAddress: ADDRESS, checkoutKey: newKey() };
          return post('/trpc/orders.initializePayment', input, ours.checkouts.take().token);
        },
        ours.checkouts,
      ),
      bare: calls(
        bare,
        () => post(`/initialize/${bare.checkouts.take().id}`, { checkoutKey: newKey() }),
        bare.checkouts,
      ),
    },
    {
      name: 'webhook ack',
      rate: 50,
      ours: calls(ours, () => webhook('/webhooks/paystack', ours.unpaid.take()), ours.unpaid),
      bare: calls(bare, () => webhook('/webhook', bare.unpaid.take()), bare.unpaid),
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
