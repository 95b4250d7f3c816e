/** Properties of the token rules, for any text that people and browsers can produce. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Types } from 'mongoose';
import { compactChunks, compactText, foldText } from '../../models/search/fold-text.ts';
import { MAX_TOKENS, type SearchedOrder, toSearchTokens } from '../../models/search/order-tokens.ts';
import { parseSearch } from '../../models/search/parse-search.ts';
import { randomRuns } from '../support/property-runs.ts';
import { isFound } from '../support/search-match.ts';

const RUNS = randomRuns(250);

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 120 }), fc.string({ unit: 'grapheme', maxLength: 120 }));
const word = fc.stringMatching(/^[a-zß-öø-ÿā-žạ-ỹɓɗƙ]{3,12}$/u);
const order: fc.Arbitrary<SearchedOrder> = fc.record({
  _id: fc.constant(new Types.ObjectId()),
  code: fc.stringMatching(/^[2-9A-HJKMNP-TV-Z]{12}$/),
  status: fc.constantFrom('pending', 'confirmed', 'shipped'),
  paymentStatus: fc.constantFrom('unpaid', 'paid'),
  delivery: fc.record({ methodId: text }),
  version: fc.nat(),
  contactSnapshot: fc.record({ email: fc.oneof(fc.emailAddress(), text), name: text }),
  shippingAddressSnapshot: fc.record({
    name: fc.oneof(
      text,
      fc.tuple(word, word).map((words) => words.join(' ')),
    ),
    phone: fc.oneof(text, fc.stringMatching(/^\+?[0-9 ()-]{5,25}$/)),
    country: fc.oneof(fc.constantFrom('NG', 'GH', 'ng', 'ZZ'), text),
  }),
  items: fc.array(
    fc.record({
      variantSnapshot: fc.record({ sku: text }),
      productSnapshot: fc.record({ productId: fc.constant(new Types.ObjectId()) }),
    }),
    { minLength: 1, maxLength: 100 },
  ),
  payments: fc.array(fc.record({ reference: text, channel: fc.oneof(text, fc.constant(null)) }), { maxLength: 3 }),
});

test('folding twice is folding once, in every writing of the text', () => {
  fc.assert(
    fc.property(text, (any) => {
      expect(foldText(foldText(any))).toBe(foldText(any));
      expect(compactText(compactText(any))).toBe(compactText(any));
      for (const form of ['NFC', 'NFD', 'NFKC'] as const)
        expect(compactText(any.normalize(form))).toBe(compactText(any));
    }),
    RUNS,
  );
});

test('an order has a bounded number of tokens of bounded length, each once, and the same every time', () => {
  fc.assert(
    fc.property(order, (any) => {
      const tokens = toSearchTokens(any);
      expect(tokens.length).toBeLessThanOrEqual(MAX_TOKENS);
      expect(tokens.filter((token) => token.length > 140)).toEqual([]);
      expect(new Set(tokens).size).toBe(tokens.length);
      expect(toSearchTokens(any)).toEqual(tokens);
    }),
    RUNS,
  );
});

test('any text is a bounded number of alternatives, none of them empty', () => {
  fc.assert(
    fc.property(text, (any) => {
      const alternatives = parseSearch(any);
      expect(alternatives.length).toBeLessThanOrEqual(10);
      for (const { all, prefix } of alternatives) {
        expect(all.length + (prefix === undefined ? 0 : 1)).toBeGreaterThan(0);
        expect(all.length).toBeLessThanOrEqual(6);
      }
    }),
    RUNS,
  );
});

test('every order is found by its code, its beginnings, its email, its names and each of its SKUs', () => {
  fc.assert(
    fc.property(order, fc.integer({ min: 4, max: 12 }), (any, length) => {
      const tokens = toSearchTokens(any);
      const names = [any.contactSnapshot.name, any.shippingAddressSnapshot.name].flatMap(compactChunks);
      const texts = [any.code, any.code.slice(0, length), any.contactSnapshot.email, ...names];
      const skus = any.items.map(({ variantSnapshot }) => variantSnapshot.sku);
      // A pathological order fills its tokens before the last SKUs.
      const searches = tokens.length < MAX_TOKENS ? [...texts, ...skus] : texts.slice(0, 3);
      const lost = searches.filter((search) => compactText(search) !== '' && !isFound(tokens, parseSearch(search)));
      expect(lost).toEqual([]);
    }),
    RUNS,
  );
});

test('a name is found by each of its words without marks, in any case', () => {
  fc.assert(
    fc.property(order, word, word, (any, first, last) => {
      const tokens = toSearchTokens({ ...any, contactSnapshot: { email: 'a@example.com', name: `${first} ${last}` } });
      const plain = last.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
      expect(isFound(tokens, parseSearch(plain))).toBe(true);
      expect(isFound(tokens, parseSearch(`${plain} ${first}`))).toBe(true);
    }),
    RUNS,
  );
});
