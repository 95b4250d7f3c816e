/** Every page of the desk with long values: at all widths, with large text, in the light and the dark scheme. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { runReconcileOnce } from '../../jobs/reconcile/reconcile.ts';
import { MAX_LENGTH } from '../../models/contract/limits.ts';
import { newActionKey } from '../support/action-keys.ts';
import { eventually } from '../support/eventually.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import type { SignedIn } from '../support/test-app.ts';
import { expectNoOverflow, expectNoViolations } from './axe.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';
import { placeConfirmedOrder, placeOrder } from './place-order.ts';

jest.setTimeout(60_000);

const WIDTHS = [320, 360, 390, 600, 768, 1024, 1280, 1920];
const longest = (length: number) => 'W'.repeat(length);

/** Codes, references, sums and dates that stand on more than one line, where they would be misread, and a line's mark that begins the next. */
const BROKEN = `(() => {
  const WHOLE = /ord-[0-9A-Z]{6,14}-\\d+|(?<![\\w-])(?=[A-Z]*\\d)[0-9A-Z]{8,14}(?![\\w-])|[₦$€£]\\s?\\d[\\d,]*\\.\\d\\d|\\d{1,2}\\s[A-Z][a-z]{2,3}\\s\\d{4}/g;
  const broken = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.parentElement.checkVisibility() || text.parentElement.closest('.visually-hidden')) continue;
    const inOneLine = text.previousSibling?.matches?.('.code, .whole, .money, time') ? text.previousSibling : null;
    const [before] = [...(inOneLine?.getClientRects() ?? [])].slice(-1);
    if (before !== undefined && /^[,.:;)]/.test(text.data)) {
      const mark = document.createRange();
      mark.setStart(text, 0);
      mark.setEnd(text, 1);
      if (mark.getBoundingClientRect().top > before.bottom) broken.push(text.data + ' after ' + text.previousSibling.outerHTML);
    }
    for (const { 0: found, index } of text.data.matchAll(WHOLE)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + found.length);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (lines.size > 1) broken.push(found + ' in ' + text.parentElement.outerHTML.slice(0, 80));
    }
  }
  return broken;
})()`;

let shop: BrowserShop;
let page: Page;
let problems: string[];
/** Ids and codes in the paths below. */
let order: { orderId: string; code: string };
let productId: string;
let payoutId: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  await fillShop();
  const owner = { role: 'owner', name: longest(MAX_LENGTH.name) } as const;
  ({ page, problems } = await shop.openAsUser(owner, { reducedMotion: 'reduce' }));
});
afterAll(() => shop.close());

/** One of everything that the pages list, with values as long as the shop takes them. */
async function fillShop(): Promise<void> {
  const { app } = shop;
  const owner = await app.signUp({ role: 'owner', name: longest(MAX_LENGTH.name) });
  const shopper = await app.signUp({ name: longest(MAX_LENGTH.name), email: `${longest(60)}@${longest(60)}.example` });
  const variant = await stockVariant(app.db, { title: longest(MAX_LENGTH.title), price: 9_999_999_900, stock: 30 });
  ({ productId } = variant);
  await addPicture(owner);
  const address = {
    name: longest(MAX_LENGTH.name),
    line1: longest(MAX_LENGTH.addressLine),
    city: longest(MAX_LENGTH.city),
  };
  order = await placeConfirmedOrder(app, shopper, [{ variant, quantity: 3 }], address);
  await workOn(owner, order.orderId);
  await placeOrder(shopper, variant);
  const disputed = await placeConfirmedOrder(app, shopper, [{ variant }], address);
  app.sandbox.openDispute(disputed.txRef, { category: 'fraud' });
  const [payout] = app.sandbox.settle();
  payoutId = String(payout?.id);
  await runReconcileOnce(app.ctx, { force: true });
  const inReview = await placeOrder(shopper, await stockVariant(app.db));
  app.sandbox.pay(inReview.txRef, { capture: { amount: 1 } });
  await eventually('a charge in review', async () =>
    Boolean(await app.db.orders.exists({ code: inReview.code, reviewSince: { $exists: true } })),
  );
  await app.sandbox.webhooksIdle();
}

async function addPicture({ token, client }: SignedIn): Promise<void> {
  const png = await sharp({ create: { width: 600, height: 900, channels: 3, background: '#335588' } })
    .png()
    .toBuffer();
  const reply = await fetch(`${shop.app.url}/admin/pictures`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(png),
  });
  const { pictureId } = (await reply.json()) as { pictureId: string };
  const { rev } = await client.admin.product.query({ productId });
  await client.admin.setPictures.mutate({ productId, rev, pictures: [{ pictureId, text: longest(100) }] });
}

/** A parcel with a long number, a refund, a note and tags. */
async function workOn({ client }: SignedIn, id: string): Promise<void> {
  const parcel = { carrier: longest(MAX_LENGTH.carrier), trackingNumber: longest(MAX_LENGTH.trackingNumber) };
  await client.admin.ship.mutate({ id, key: newActionKey(), lines: [{ lineId: 1, quantity: 1 }], ...parcel });
  await client.admin.refund.mutate({ id, key: newActionKey(), note: longest(200), amount: 500_00 });
  await eventually('the refund at Paystack', () => shop.app.sandbox.finishRefunds() > 0);
  await client.admin.addNote.mutate({ id, key: newActionKey(), text: longest(500) });
  await client.admin.setTags.mutate({ id, tags: ['vip', longest(40)] });
}

const PAGES: readonly (readonly [name: string, path: () => string])[] = [
  ['the first page', () => ''],
  ['the orders to ship', () => '/orders'],
  ['all orders, filtered', () => '/orders?tab=all&from=2020-01-01&q=WWWW'],
  ['an order', () => `/orders/${order.orderId}`],
  ['the lists of what needs attention', () => '/attention'],
  ['the shipping of many', () => `/ship-many?orders=${order.code},NOSUCH42`],
  ['slips on the screen', () => `/print?orders=${order.orderId}`],
  ['a pick list on the screen', () => `/print?what=pick-list&orders=${order.orderId}`],
  ['a receipt on the screen', () => `/print?what=receipts&orders=${order.orderId}`],
  ['disputes', () => '/disputes'],
  ['payouts', () => '/payouts'],
  ['a payout', () => `/payouts/${payoutId}`],
  ['products', () => '/products'],
  ['a product', () => `/products/${productId}`],
  ['a new product', () => '/products/new'],
  ['the import of products', () => '/products/import'],
  ['people', () => '/people'],
  ['jobs', () => '/jobs'],
  ['settings', () => '/settings'],
  ['a page that does not exist', () => '/nowhere'],
];

test.each(PAGES)('%s fits 320 to 1,920 px and 200 %% text, in the light and the dark scheme', async (name, path) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${shop.app.url}/desk${path()}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await eventually('the content', async () => (await page.locator('.loading').count()) === 0, 20_000);
  const broken: [number, string[]][] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await expectNoOverflow(page, `${name} at ${width} px`);
    // Paper has the width of a small screen at least.
    if (width >= 768 || !path().startsWith('/print')) broken.push([width, await page.evaluate<string[]>(BROKEN)]);
  }
  expect(broken.filter(([, texts]) => texts.length > 0)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await expectNoViolations(page, `${name} on a laptop`, 'light');
  await page.setViewportSize({ width: 360, height: 780 });
  await expectNoViolations(page, `${name} on a phone`, 'dark');
  await page.evaluate("document.documentElement.style.fontSize = '200%'");
  await expectNoOverflow(page, `${name} with text of 200 %`);
  expect(problems.filter((problem) => problem !== '404 GET /desk/nowhere')).toEqual([]);
});
