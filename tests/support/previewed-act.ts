/** Staff look at the preview and act on it, while nothing else comes in between (I22). */
import { expect } from '@jest/globals';
import { Types } from 'mongoose';
import type { ActionPreview } from '../../models/contract/staff/action-preview.ts';
import type { Order } from '../../models/order/order-document.ts';
import { getOrder } from '../../models/order/queries/find-order.ts';
import { renderOrderEmail } from '../../server/email/order-email.ts';
import { findBrokenPreview } from './kept-preview.ts';
import { orRefused } from './model-step.ts';
import type { TestApp } from './test-app.ts';

type Books = Pick<TestApp, 'db' | 'ctx'>;

export interface PreviewedAct<T> {
  orderId: string;
  preview(): Promise<ActionPreview>;
  /** `expect`: the digest of the preview. */
  act(expected: { expect?: string }): Promise<T>;
}

/** The act's result; null when it was refused, which its preview must have said. */
export async function actAsPreviewed<T>(shop: Books, { orderId, preview, act }: PreviewedAct<T>): Promise<T | null> {
  const shown = await orRefused(preview());
  // Its input is refused, and so is that of the act.
  if (shown === null) return orRefused(act({}));
  const before = await booksOf(shop, orderId);
  const done = await orRefused(act({ expect: shown.digest }));
  const after = await booksOf(shop, orderId);
  const news = after.order.history.filter(({ seq }) => seq > before.order.version);
  const [entry] = news;
  expect([orderId, shown.why, news.map(({ type }) => type)]).toEqual([
    orderId,
    shown.why,
    shown.why === null ? [expect.any(String)] : [],
  ]);
  if (shown.why === null) expect([orderId, shown.units, done === null]).toEqual([orderId, shown.units, false]);
  if (entry === undefined) expect(after).toEqual(before);
  else {
    const { shopName, storefrontUrl, publicUrl } = shop.ctx.config;
    const render = (...email: [Parameters<typeof renderOrderEmail>[0], Order]) =>
      renderOrderEmail(...email, { shopName, storefrontUrl, publicUrl });
    expect(await findBrokenPreview(shop.db, shown, { order: after.order, entry }, { render })).toEqual([]);
    expect(differences(before.counts, after.counts)).toEqual(differencesIn(shown.stock));
  }
  return done;
}

type Counts = ReadonlyMap<string, { stock: number; reserved: number }>;

/** The order, and the counts of all variants. */
async function booksOf({ db }: Books, orderId: string): Promise<{ order: Order; counts: Counts }> {
  const [order, variants] = await Promise.all([
    getOrder(db, new Types.ObjectId(orderId)),
    db.variants.find().sort({ _id: 1 }).lean(),
  ]);
  return { order, counts: new Map(variants.map(({ _id, stock, reserved }) => [String(_id), { stock, reserved }])) };
}

function differences(before: Counts, after: Counts): unknown[] {
  return [...after]
    .map(([variantId, { stock, reserved }]) => {
      const was = before.get(variantId) ?? { stock: 0, reserved: 0 };
      return { variantId, stock: stock - was.stock, reserved: reserved - was.reserved };
    })
    .filter(({ stock, reserved }) => stock !== 0 || reserved !== 0);
}

function differencesIn(stock: ActionPreview['stock']): unknown[] {
  return stock.map(({ sku: _, ...counts }) => counts).sort((a, b) => (a.variantId < b.variantId ? -1 : 1));
}
