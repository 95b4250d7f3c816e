/** A receipt: what went back and what is on its way, as the order's page shows them, and names in any script. */
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import PDFDocument from 'pdfkit';
import { breakLines, visualRuns, withBoxes } from '../../server/documents/bidi-text.ts';
import { SANS } from '../../server/documents/fonts/sans.ts';
import { SANS_BOLD } from '../../server/documents/fonts/sans-bold.ts';
import { PageWriter } from '../../server/documents/page-writer.ts';
import { renderReceipt, returnedOf } from '../../server/documents/receipt.ts';
import { aConfirmedOrder, aRefund } from '../support/an-order.ts';

test('what went back and what is on its way is taken off, and nothing is said where all was kept', () => {
  expect(returnedOf(aConfirmedOrder())).toEqual([]);
  const refunds = [
    aRefund({ refundId: 'r1', amount: 2_050, state: 'processed' }),
    aRefund({ refundId: 'r2', amount: 1_000, state: 'pending' }),
    aRefund({ refundId: 'r3', amount: 3_000, state: 'failed' }),
  ];
  expect(returnedOf(aConfirmedOrder({ refunds }))).toEqual([
    ['Refunded', '-₦20.50'],
    ['Refund on its way', '-₦10.00'],
    ['Paid in the end', '₦79.50'],
  ]);
});

describe('a line in several scripts', () => {
  test.each([
    ['Ada Obi', ['Ada Obi']],
    ['محمد بن عبد الله', ['محمد بن عبد الله']],
    ['2 × \u2068شمعة كبيرة\u2069, ₦50 each', ['2 × ', 'شمعة كبيرة', ', ₦50 each']],
    // The parenthesis at the left end of the line closes it, and is drawn as the one that opens.
    ['שדרות 12 (קטן)', [')קטן(', '12', 'שדרות']],
    ['Ada محمد 12', ['Ada ', '12', 'محمد ']],
  ])('%s is placed from left to right by its runs', (line, runs) => {
    expect(visualRuns(line).map((run) => run.trim())).toEqual(runs.map((run) => run.trim()));
  });

  test('breaks at blanks, and within words only if they are longer than a line', () => {
    const upTo = (most: number) => (line: string) => line.length <= most;
    expect(breakLines('one two three', upTo(8))).toEqual(['one two', 'three']);
    expect(breakLines(`a ${'W'.repeat(20)} b`, upTo(8))).toEqual(['a WWWWWW', 'WWWWWWWW', 'WWWWWW b']);
    expect(breakLines('', upTo(8))).toEqual(['']);
    expect(breakLines('👩‍👩‍👧👩‍👩‍👧', upTo(8))).toEqual(['👩‍👩‍👧', '👩‍👩‍👧']);
  });
});

test('the fonts have the letters of the shop’s customers; each other character is a box, which is explained', () => {
  const document = new PDFDocument({ font: inflateSync(Buffer.from(SANS, 'base64')) as unknown as string });
  for (const font of [SANS, SANS_BOLD]) {
    document.font(inflateSync(Buffer.from(font, 'base64')));
    for (const text of [
      'Ọ̀ṣun ẹ́gbẹ́ ńlá',
      'Ụ̀zọ̀',
      'Ƙwarya mai ɗumi ƴan',
      'محمد',
      'שדרות',
      'Иван',
      'Ωμέγα',
      'Đặng',
      '₦ ₵ € £',
    ])
      expect([text, new PageWriter(document).text(text).hasBoxes]).toEqual([text, false]);
    for (const text of ['李小龍', '🎉', 'เพชร'])
      expect([text, new PageWriter(document).text(text).hasBoxes]).toEqual([text, true]);
  }
  expect(withBoxes('👩‍👩‍👧 x李', (codePoint) => codePoint < 128)).toBe('□ x□');
});

test('names in any script and words of any length make a PDF', async () => {
  const order = aConfirmedOrder();
  const title = `عائشة 🌴 Ọ̀ṣun ${'W'.repeat(150)}`;
  const items = order.items.map((item) => ({ ...item, productSnapshot: { ...item.productSnapshot, title } }));
  const shop = { shopName: 'Ada, Sons', contact: { email: 'help@ada.example' }, timeZone: 'Africa/Lagos' };
  const bytes = await renderReceipt({ ...order, items }, shop);
  expect(Buffer.from(bytes).subarray(0, 5).toString()).toBe('%PDF-');
});
