/** No text for people holds a number of subunits, an id, a word of code or a raw instant; tests/unit/texts walks made texts. */
import { describe, expect, test } from '@jest/globals';
import { ERROR_CODES } from '../../models/contract/errors.ts';
import { parseSource, readSources } from '../support/source-files.ts';
import { faultsOf, findAllTexts, findErrorTexts, findForbiddenNames } from '../support/text-walk.ts';

const sources = readSources([
  'models',
  'jobs',
  'server',
  'client-sdk/storefront/src',
  'client-sdk/desk/src',
  'client-sdk/parts',
]);
const forbidden = findForbiddenNames();

/** Files that hold texts for people and little else. */
const TEXT_FILES =
  /^(?:models\/contract\/(?!money\.ts)|server\/email\/|server\/trpc\/views\/|models\/messaging\/webhook-outcome|models\/order\/guards|models\/pricing\/|models\/cart\/|models\/staff-actions\/|server\/http\/classify-error|client-sdk\/(?:storefront|desk|parts)\/)/;

const errorTexts = sources.flatMap(findErrorTexts);
const pages = sources.filter(({ path }) => TEXT_FILES.test(path));

test('the messages of every error code are among the texts', () => {
  const codes = new Set(errorTexts.map(({ code }) => code));
  const byHelpers: readonly string[] = ['NOT_FOUND', 'ORDER_STATE_CONFLICT', 'INTERNAL'];
  expect(ERROR_CODES.filter((code) => !codes.has(code) && !byHelpers.includes(code))).toEqual([]);
  expect(errorTexts.length).toBeGreaterThan(60);
});

test('the contract’s amounts, ids, instants and codes are known by their names', () => {
  for (const name of ['amount', 'total', 'unitPrice', 'id', 'variantId', 'createdAt', 'paymentStatus', 'state', 'kind'])
    expect([name, forbidden.has(name)]).toEqual([name, true]);
  for (const name of ['title', 'quantity', 'code', 'message', 'currency', 'city'])
    expect([name, forbidden.has(name)]).toEqual([name, false]);
});

test('messages of errors', () => {
  expect(errorTexts.flatMap((text) => faultsOf(text, forbidden))).toEqual([]);
});

/** The values within their texts are walked where the texts are made, by tests/unit/texts. */
const MADE_AND_WALKED = /^server\/(?:email|trpc\/views)\//;

test.each(pages.map((file) => [file.path, file] as const))('%s', (path, file) => {
  const texts = findAllTexts(file).map((text) => (MADE_AND_WALKED.test(path) ? { ...text, values: [] } : text));
  expect(texts.flatMap((text) => faultsOf(text, forbidden))).toEqual([]);
});

describe('the walk finds', () => {
  test.each([
    ['an amount in an error', 'conflict(order, `${charge.amount} is left to refund`)'],
    ['a code in an error', "throw new AppError('INVALID_INPUT', 'the order is partially_refunded')"],
    ['an id in an error', 'invalidInput("x", `there is no ${variantId}`)'],
    ['a value of unknown making in an error', 'conflict(order, order.paymentStatus)'],
  ])('%s', (_name, code) => {
    const found = findErrorTexts(parseSource('models/a.ts', code));
    expect(found.flatMap((text) => faultsOf(text, forbidden))).toHaveLength(1);
  });

  test.each([
    ['a code on a page', '<p>It is {order.paymentStatus}</p>'],
    ['a code with its signs taken out', "<b>{refund.state.replaceAll('_', ' ')}</b>"],
    ['an amount on a page', '<p>You paid {total}</p>'],
    ['an instant on a page', '<p>Placed {isOld ? order.createdAt : null}</p>'],
    ['an id in a sentence', 'const a = `Order ${order.id} is paid`;'],
    ['a word of code in a sentence', 'const a = "the needsAttention list";'],
  ])('%s', (_name, code) => {
    const found = findAllTexts(parseSource('client-sdk/storefront/src/a.tsx', code));
    expect(found.flatMap((text) => faultsOf(text, forbidden))).toHaveLength(1);
  });

  test('nothing in links, classes and amounts with their currency', () => {
    const code = '<Link to={`/a b/${id}`} className="big red">Pay <Money amount={total} currency={currency} /></Link>';
    expect(
      findAllTexts(parseSource('client-sdk/storefront/src/a.tsx', code)).flatMap((text) => faultsOf(text, forbidden)),
    ).toEqual([]);
  });
});
