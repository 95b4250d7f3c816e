import { describe, expect, test } from '@jest/globals';
import type { Request } from 'express';
import { DEADLINES } from '../../models/deadlines.ts';
import { classOf, routeName } from '../../server/http/request-class.ts';

/** As Express passes it to the first middleware. */
const requestFor = (originalUrl: string, method = 'GET') =>
  ({ originalUrl, url: originalUrl, method, baseUrl: '' }) as Request;

describe('the class of a request', () => {
  test('is computed once, cannot be changed, and survives the URL that a mounted router cuts short', () => {
    const req = requestFor('/trpc/cart.get?input=1');
    const first = classOf(req);
    Object.assign(req, { url: '/cart.get?input=1', baseUrl: '/trpc', originalUrl: '/elsewhere' });
    expect(classOf(req)).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
    expect(first).toEqual({
      path: '/trpc/cart.get',
      isTrpc: true,
      procedures: ['cart.get'],
      type: 'query',
      priority: 'cart',
      isSubscription: false,
      isCatalogueRead: false,
      isAlikeForAll: false,
      deadlineMs: DEADLINES.call + DEADLINES.callSlack,
    });
  });

  test.each([
    ['/trpc/catalog.products', 'catalogue', 'query', true],
    ['/trpc/catalog.products,cart.get', 'cart', 'query', false],
    ['/trpc/cart.get,orders.initializePayment', 'checkout', null, false],
    ['/trpc/catalog.products,orders.nonsense', 'catalogue', null, false],
    ['/trpc/%63atalog.products', 'catalogue', 'query', true],
    ['/trpc/%E0%A4%A', 'catalogue', null, false],
  ])('%s has the highest priority and the common type of its calls', (url, priority, type, isCatalogueRead) => {
    expect(classOf(requestFor(url))).toMatchObject({ isTrpc: true, priority, type, isCatalogueRead });
  });

  test.each([
    ['/trpc/catalog.products', true],
    ['/trpc/catalog.products,catalog.product', true],
    ['/trpc/catalog.products,cart.get', false],
    ['/trpc/cart.get', false],
    ['/trpc', false],
    ['/orders/0123456789abcdef01234567/', false],
    ['/assets/app.js', true],
  ])('%s is compressed only if its reply holds no user’s data', (url, isAlikeForAll) => {
    expect(classOf(requestFor(url))).toMatchObject({ isAlikeForAll });
  });

  test.each([
    ['/trpc', true],
    ['/trpc/', true],
    ['/trpc/cart/get', true],
    ['/trpcx/cart.get', false],
    ['/TRPC/cart.get', false],
  ])('%s names no procedure', (url, isTrpc) => {
    expect(classOf(requestFor(url))).toMatchObject({ procedures: null, type: null, priority: 'catalogue', isTrpc });
  });

  test.each([
    ['/webhooks/paystack', 'essential', DEADLINES.webhookRequest],
    ['/livez', 'catalogue', DEADLINES.call],
    ['/orders/verify-payment/r-1/', 'checkout', DEADLINES.call],
    ['/ordersx', 'catalogue', DEADLINES.call],
    ['/webhooksx', 'catalogue', DEADLINES.call],
  ])('%s has the priority and the deadline of its path', (url, priority, deadlineMs) => {
    expect(classOf(requestFor(url))).toMatchObject({ procedures: null, priority, deadlineMs });
  });

  test('has no deadline for a subscription, alone or in a batch', () => {
    for (const url of ['/trpc/orders.watch', '/trpc/orders.get,orders.watch'])
      expect(classOf(requestFor(url))).toMatchObject({ isSubscription: true, deadlineMs: null });
  });

  test('counts as a read of the catalogue by GET only', () => {
    expect(classOf(requestFor('/trpc/catalog.products', 'POST')).isCatalogueRead).toBe(false);
  });
});

test('the route name is of a closed set, and that of a plain route depends on the route that answered', () => {
  expect(routeName(requestFor('/trpc/cart.get'))).toBe('trpc:cart.get');
  expect(routeName(requestFor('/trpc/cart.get,auth.me'))).toBe('trpc:batch');
  expect(routeName(requestFor('/trpc/toString'))).toBe('trpc:unknown');
  const req = requestFor('/orders/65f');
  expect(routeName(req)).toBe('unmatched');
  Object.assign(req, { route: { path: '/orders/:id' } });
  expect(routeName(req)).toBe('/orders/:id');
});
