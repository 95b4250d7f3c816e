/** The sums of a receipt: what went back and what is on its way, as the order's page shows them. */
import { expect, test } from '@jest/globals';
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

test('names in any script and words of any length make a PDF', async () => {
  const order = aConfirmedOrder();
  const title = `عائشة 🌴 Ọ̀ṣun ${'W'.repeat(150)}`;
  const items = order.items.map((item) => ({ ...item, productSnapshot: { ...item.productSnapshot, title } }));
  const shop = { shopName: 'Ada, Sons', contact: { email: 'help@ada.example' }, timeZone: 'Africa/Lagos' };
  const bytes = await renderReceipt({ ...order, items }, shop);
  expect(Buffer.from(bytes).subarray(0, 5).toString()).toBe('%PDF-');
});
