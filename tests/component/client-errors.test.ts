import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TRPCClientError } from '@trpc/client';
import {
  createOrdersClient,
  isConnectionError,
  isOrdersError,
  newCheckoutKey,
  type OrdersClient,
  type OrdersErrorCode,
} from '../../client-sdk/src/index.ts';
import { ERROR_STATUSES } from '../../server/http/error-statuses.ts';
import { reply, startScriptedServer } from '../support/scripted-server.ts';
import { refuse } from '../support/scripted-trpc.ts';
import { ADDRESS, checkOut, type Shop, startTestShop } from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('against a shop', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startTestShop();
  });
  afterAll(() => shop.stop());

  const clientOf = async () => createOrdersClient({ url: shop.url, token: (await shop.signUp()).token });
  const pay = (client: OrdersClient, more = {}) =>
    client.orders.initializePayment.mutate({ checkoutKey: newCheckoutKey(), shippingAddress: ADDRESS, ...more });

  test('INVALID_INPUT names the fields', async () => {
    const client = await clientOf();
    const error = await failureOf(pay(client, { shippingAddress: { ...ADDRESS, city: ' ', phone: 'x' } }));
    if (!isOrdersError(error, 'INVALID_INPUT')) throw error;
    expect(error.data.details.issues).toEqual([{ path: 'shippingAddress.city', message: 'must not be empty' }]);
    const wrongPhone = await failureOf(pay(client, { shippingAddress: { ...ADDRESS, phone: 'x' } }));
    if (!isOrdersError(wrongPhone, 'INVALID_INPUT')) throw wrongPhone;
    expect(wrongPhone.data.details.issues).toEqual([
      { path: 'shippingAddress.phone', message: 'must be a phone number; “x” has no digits' },
    ]);
  });

  test('PRICE_CHANGED and TOO_MANY_UNPAID_ORDERS carry the data to show', async () => {
    const client = await clientOf();
    const { variantId } = await stockVariant(shop.db, { price: 100_000 });
    await client.cart.addItem.mutate({ variantId, quantity: 1 });
    const changed = await failureOf(pay(client, { expectedTotal: 99_999 }));
    if (!isOrdersError(changed, 'PRICE_CHANGED')) throw changed;
    expect(changed.data.details).toEqual({ expectedTotal: 99_999, total: 250_000, currency: 'NGN' });

    const orders = [];
    for (let n = 0; n < 5; n += 1) orders.push((await pay(client)).orderId);
    const tooMany = await failureOf(pay(client));
    if (!isOrdersError(tooMany, 'TOO_MANY_UNPAID_ORDERS')) throw tooMany;
    expect(tooMany.data.details.orders.map(({ id }) => id).sort()).toEqual(orders.sort());
  });

  test('without a code every error of the shop matches, and its code narrows the details', async () => {
    const { shopper, orderId } = await checkOut(shop);
    const client = createOrdersClient({ url: shop.url, token: shop.staff.token });
    const error = await failureOf(client.admin.deliver.mutate({ id: orderId }));
    if (!isOrdersError(error)) throw error;
    if (error.data.code !== 'ORDER_STATE_CONFLICT') throw error;
    expect(error.data.details).toEqual({ status: 'pending', paymentStatus: 'unpaid' });

    const mine = createOrdersClient({ url: shop.url, token: shopper.token });
    const forbidden = await failureOf(mine.admin.deliver.mutate({ id: orderId }));
    expect(isOrdersError(forbidden, 'FORBIDDEN')).toBe(true);
    expect(isOrdersError(forbidden, 'NOT_FOUND')).toBe(false);
  });
});

describe('against a scripted server', () => {
  async function failureAfter(answer: Parameters<typeof startScriptedServer>[0]): Promise<unknown> {
    const server = await startScriptedServer(answer);
    const error = await failureOf(createOrdersClient({ url: server.url, maxRetries: 0 }).cart.get.query());
    await server.close();
    return error;
  }

  test('every error code of the server is recognised', async () => {
    const codes = Object.keys(ERROR_STATUSES) as OrdersErrorCode[]; // the keys of the map are the codes
    for (const code of codes) {
      const error = await failureAfter(refuse({ code, httpStatus: ERROR_STATUSES[code].http, details: {} }));
      expect([code, isOrdersError(error, code)]).toEqual([code, true]);
    }
  });

  test('INVALID_INPUT raised before the input was parsed has no issues', async () => {
    const error = await failureAfter(refuse({ code: 'INVALID_INPUT', httpStatus: 413 }));
    if (!isOrdersError(error, 'INVALID_INPUT')) throw error;
    expect(error.data.details.issues).toEqual([]);
  });

  test('an unknown code, and a code without its details, are not narrowed', async () => {
    expect(isOrdersError(await failureAfter(refuse({ code: 'TEAPOT', httpStatus: 418 })))).toBe(false);
    expect(isOrdersError(await failureAfter(refuse({ code: 'PRICE_CHANGED', httpStatus: 409 })))).toBe(false);
  });

  test('a response that is not the shop’s is a connection error', async () => {
    const html = await failureAfter(reply(502, '<html>', { 'content-type': 'text/html' }));
    const garbage = await failureAfter(reply(200, '{"result":'));
    const gone = await failureOf(createOrdersClient({ url: 'http://127.0.0.1:9', maxRetries: 0 }).cart.get.query());
    for (const error of [html, garbage, gone]) {
      expect(isConnectionError(error)).toBe(true);
      expect(isOrdersError(error)).toBe(false);
    }
  });

  test('other errors are neither shop errors nor connection errors', () => {
    for (const error of [null, undefined, 'INTERNAL', new Error('x'), { data: { code: 'NOT_FOUND' } }]) {
      expect(isOrdersError(error)).toBe(false);
      expect(isConnectionError(error)).toBe(false);
    }
    expect(isOrdersError(new TRPCClientError('x'))).toBe(false);
  });
});
