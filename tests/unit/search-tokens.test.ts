/** Which searches find an order: tokens of orders and of searches follow the same rules. */
import { describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { listOf } from '../../models/order/queries/order-lists.ts';
import { type SearchedOrder, toSearchTokens } from '../../models/search/order-tokens.ts';
import { parseSearch } from '../../models/search/parse-search.ts';
import { isFound } from '../support/search-match.ts';

const PRODUCT = new Types.ObjectId('65f0000000000000000000aa');
const ORDER: SearchedOrder = {
  _id: new Types.ObjectId(),
  code: 'K7QF3M9XWZ2B',
  status: 'confirmed',
  paymentStatus: 'paid',
  delivery: { methodId: 'standard' },
  version: 3,
  contactSnapshot: { email: 'tolu.adeyemi@mail.example.com', name: 'Tolú Adéyẹmí' },
  shippingAddressSnapshot: { name: "Ngọzi Okafor-O'Neill", phone: '0803 123 4567', country: 'NG' },
  items: [
    { variantSnapshot: { sku: 'ANKARA-XL-07' }, productSnapshot: { productId: PRODUCT } },
    { variantSnapshot: { sku: 'Ɓàgà 9' }, productSnapshot: { productId: PRODUCT } },
  ],
  payments: [{ reference: 'ord-K7QF3M9XWZ2B-1', channel: 'mobile_money' }],
  paidReference: 'ord-K7QF3M9XWZ2B-1',
  shipments: [{ trackingNumber: 'GIG 5566-77' }],
};

const found = (text: string, changes: Partial<SearchedOrder> = {}) =>
  isFound(toSearchTokens({ ...ORDER, ...changes }), parseSearch(text));

describe('an order is found', () => {
  test.each([
    ['its code', ['K7QF3M9XWZ2B', '#K7QF3M9XWZ2B', 'k7qf-3m9x-wz2b', ' K7QF 3M9X WZ2B ', '＃Ｋ7QF3M9XWZ2B']],
    ['the beginning of its code, from four characters', ['K7QF', 'k7qf3', '#k7qf-3m9x', 'K7QF3M9XWZ2']],
    ['a payment reference', ['ord-K7QF3M9XWZ2B-1', 'ORD-k7qf3m9xwz2b-2']],
    ['a name with and without marks', ['Tolú', 'tolu', 'TOLÚ', 'adeyemi', 'Adéyẹmí', 'ade\u0301yẹmi\u0301', 'ngozi']],
    ['several words in any order', ['Tolu Adeyemi', 'adeyemi tolu', 'Okafor Ngozi', 'tolu ankara-xl-07']],
    [
      'a name with hyphens and apostrophes',
      ['Okafor', "o'neill", 'oneill', 'okafor-oneill', 'O’Neill', 'Oʼneill', 'neill'],
    ],
    ['the beginning of a word, from three characters', ['ade', 'tolu ade', 'ngo', 'anka', 'gig55']],
    [
      'its email',
      ['tolu.adeyemi@mail.example.com', 'TOLU.Adeyemi@Mail.Example.COM', ' tolu.adeyemi@mail.example.com '],
    ],
    [
      'half of its email',
      ['tolu.ade', 'tolu.adeyemi@', 'tolu.adeyemi@mail.ex', '@mail.example.com', 'adeyemi@mail.exam'],
    ],
    ['its phone number', ['08031234567', '0803 123 4567', '+234 803 123 4567', '2348031234567', '00234-803-123-4567']],
    [
      'its phone number in other writings',
      ['(0803) 123.4567', '+234 (0) 803 123 4567', '８０３１２３４５６７', '0803‑123‑4567'],
    ],
    ['the last digits of its phone number', ['4567', '1234567', '8031234567', '34 567']],
    ['a SKU', ['ANKARA-XL-07', 'ankara-xl-07', 'ankaraxl07', 'ankara xl 07', 'baga 9', 'ɓaga']],
    ['its tracking number', ['GIG 5566-77', 'gig556677', 'GIG-5566-77']],
  ])('by %s', (_what, texts) => {
    expect(texts.filter((text) => !found(text))).toEqual([]);
  });
});

describe('an order is not found', () => {
  test.each([
    ['another code or too little of one', ['K7Q', 'K7QG', 'Q3M9XWZ2B', 'K7QF3M9XWZ2BA']],
    ['words of which one does not agree', ['Tolu Bello', 'tolu ankara-xl-08', 'adeyemi 9999']],
    ['the middle or two letters of a word', ['yem', 'ad', 'tolu ad']],
    ['another email', ['tolu.adeyemi@other.example.com', 'adeyemi.tolu@mail.example.com', 'tolu@example.com']],
    ['another phone number or three digits', ['08031234568', '+233 803 123 456', '567', '5678']],
    ['a text without letters and digits', ['', '   ', '#', '@', '-', '...', '()']],
    ['the names of its filters', ['st:confirmed', 'confirmed', 'ch:card', 'mobile_money']],
  ])('by %s', (_what, texts) => {
    expect(texts.filter((text) => found(text))).toEqual([]);
  });
});

test('numbers are found in any country, also those that the country does not have', () => {
  const phone = (number: string, country: string) => ({
    shippingAddressSnapshot: { name: 'A', phone: number, country },
  });
  expect(found('+233 24 412 3456', phone('024 412 3456', 'GH'))).toBe(true);
  expect(found('0244123456', phone('+233244123456', 'GH'))).toBe(true);
  expect(found('+44 20 7946 0958', phone('020 7946 0958', 'GB'))).toBe(true);
  expect(found('8051234567', phone('08031234567/08051234567', 'NG'))).toBe(true);
  expect(found('08031234567', phone('08031234567 ext 2', 'NG'))).toBe(true);
  expect(found('080 312', phone('080312', 'ZZ'))).toBe(true);
  expect(toSearchTokens({ ...ORDER, ...phone('-----', 'NG') }).filter((token) => token.startsWith('p:'))).toEqual([]);
});

test('the filters of an order are its status and the channel of the charge that pays it', () => {
  const filters = (order: SearchedOrder) => toSearchTokens(order).filter((token) => /^(st|ch):/.test(token));
  expect(filters(ORDER)).toEqual(['st:confirmed', 'ch:mobile_money']);
  const { paidReference, ...unpaid } = ORDER;
  expect(filters({ ...unpaid, status: 'pending' })).toEqual(['st:pending']);
});

describe('filters', () => {
  test('an order has tokens of its list, product, way of delivery and paying channel', () => {
    const tokens = toSearchTokens(ORDER);
    expect(tokens).toEqual(
      expect.arrayContaining(['in:to_ship', `pr:${PRODUCT}`, 'dm:standard', 'ch:mobile_money', 'st:confirmed']),
    );
  });

  test.each([
    ['pending', 'unpaid', 'unpaid'],
    ['pending', 'paid', null],
    ['confirmed', 'paid', 'to_ship'],
    ['shipped', 'paid', 'shipped'],
    ['delivered', 'partially_refunded', 'delivered'],
    ['cancelled', 'refunded', 'cancelled'],
    ['refunded', 'refunded', 'cancelled'],
  ] as const)('an order that is %s and %s is in the list %s', (status, paymentStatus, list) => {
    expect(listOf({ status, paymentStatus })).toBe(list);
    const inLists = toSearchTokens({ ...ORDER, status, paymentStatus }).filter((token) => token.startsWith('in:'));
    expect(inLists).toEqual(list === null ? [] : [`in:${list}`]);
  });
});
