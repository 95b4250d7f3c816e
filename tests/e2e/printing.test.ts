/** Slips, pick list and receipts as a printer gets them: rendered to PDF, and their text read back. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { formatMoney } from '../../client-sdk/src/index.ts';
import type { Variant } from '../../models/catalogue/variant.ts';
import { MAX_LENGTH } from '../../models/contract/limits.ts';
import { newActionKey } from '../support/action-keys.ts';
import { makeConfirmedOrders } from '../support/confirmed-orders.ts';
import { eventually } from '../support/eventually.ts';
import { ADDRESS } from '../support/orders.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';
import { placeConfirmedOrder } from './place-order.ts';
import { printPage, type Sheet } from './read-pdf.ts';

jest.setTimeout(240_000);

/** More than one printing takes. */
const ORDERS = 52;
const AT_ONCE = 50;
const A6 = { width: 298, height: 420 };
const A4 = { width: 595, height: 842 };
/** Points that a printer leaves white. */
const A6_MARGIN = 17;
const A4_MARGIN = 42;

interface Printed {
  id: string;
  code: string;
  name: string;
  /** Units by SKU. */
  units: [string, number][];
}

let shop: BrowserShop;
let url: string;
let page: Page;
let problems: string[];
let orders: Printed[];
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
  orders = await manyOrders();
  ({ page, problems } = await shop.openAsUser({ role: 'packer', name: 'Peju Packer' }));
});
afterAll(() => shop.close());

async function manyOrders(): Promise<Printed[]> {
  const { app } = shop;
  const variants = await Promise.all(
    ['Aso oke fila', 'Indigo cloth'].map(async (title) => {
      const { variantId } = await stockVariant(app.db, { title, stock: 1_000 });
      return app.db.variants.findById(variantId).lean<Variant>().orFail();
    }),
  );
  const lines = variants.map((variant, index) => ({ variant, quantity: index + 2 }));
  const made = await makeConfirmedOrders(app, ORDERS, lines);
  const { client } = await app.signUp({ role: 'support' });
  return Promise.all(
    made.map(async ({ _id, code }, index) => {
      const name = `Customer ${String(index).padStart(2, '0')} of many`;
      await client.admin.correctAddress.mutate({ id: String(_id), address: { ...ADDRESS, name } });
      return { id: String(_id), code, name, units: lines.map(({ variant, quantity }) => [variant.sku, quantity]) };
    }),
  );
}

const sizeOf = ({ width, height }: Sheet) => ({ width: Math.round(width), height: Math.round(height) });

/** Every text of the sheet stands inside of its margins, apart from what rounded widths of letters add up to. */
function expectNothingCut(sheet: Sheet, margin: number): void {
  const least = margin - 2;
  const cut = sheet.texts.filter(
    ({ left, right, top, bottom }) =>
      left < least || top < least || right > sheet.width - least || bottom > sheet.height - least,
  );
  expect(cut).toEqual([]);
}

/** How often the text stands on the sheets together. */
const countOf = (sheets: readonly Sheet[], text: string) =>
  sheets.reduce((sum, sheet) => sum + sheet.text.split(text).length - 1, 0);

async function open(what: string, chosen: readonly Pick<Printed, 'id'>[]): Promise<void> {
  await page.goto(`${url}/desk/print?what=${what}&orders=${chosen.map(({ id }) => id).join(',')}`);
  await page.locator('.sheet').first().waitFor();
}

function expectSlips(sheets: readonly Sheet[], of: readonly Printed[], size: typeof A6, margin: number): void {
  expect(sheets.map(sizeOf)).toEqual(of.map(() => size));
  for (const [index, { code, name, units }] of of.entries()) {
    const sheet = sheets[index] as Sheet;
    expect(sheet.text).toContain(`Test Shop ${code}`);
    for (const text of [name, '1 Marina', 'Lagos', 'Nigeria', '+2348000000000']) expect(sheet.text).toContain(text);
    for (const [sku, count] of units) expect(sheet.text).toMatch(new RegExp(`${count} × [^×]* ${sku}\\b`));
    // Neither the goods of another order nor what belongs to the screen.
    for (const other of of) if (other.code !== code) expect(sheet.text).not.toContain(other.code);
    expect(sheet.text).not.toContain('Print');
    expectNothingCut(sheet, margin);
  }
}

test('of all the orders chosen in the list, the first fifty are printed, and the button says so', async () => {
  await page.goto(`${url}/desk/orders`);
  const rows = page.locator('.orders-table tbody tr');
  await rows.first().waitFor();
  await eventually('all rows', async () => {
    if ((await rows.count()) === ORDERS) return true;
    const more = page.getByRole('button', { name: 'Show more' });
    if ((await more.count()) > 0) await more.click();
    return false;
  });
  await page.getByLabel('Choose all orders that are shown').check();
  await page.getByRole('link', { name: `Print the first ${AT_ONCE}` }).click();
  await page.getByRole('button', { name: `Print ${AT_ONCE} slips` }).waitFor();
  expectSlips(await printPage(page), orders.slice(0, AT_ONCE), A6, A6_MARGIN);
  expect(problems).toEqual([]);
});

test('fifty slips on A4 are fifty sheets, and one slip is one sheet', async () => {
  await open('slips-a4', orders.slice(0, AT_ONCE));
  expectSlips(await printPage(page), orders.slice(0, AT_ONCE), A4, A4_MARGIN);
  await open('slips', orders.slice(3, 4));
  expectSlips(await printPage(page), orders.slice(3, 4), A6, A6_MARGIN);
});

test('the pick list adds up the units of fifty orders by SKU, with the code of each', async () => {
  const picked = orders.slice(0, AT_ONCE);
  await open('pick-list', picked);
  const sheets = await printPage(page);
  expect(new Set(sheets.map(sizeOf).map(({ width, height }) => `${width}×${height}`))).toEqual(new Set(['595×842']));
  const text = sheets.map((sheet) => sheet.text).join(' ');
  expect(text).toContain(`${5 * AT_ONCE} units, ${AT_ONCE} orders`);
  for (const [sku, count] of orders[0]?.units ?? []) {
    expect(text).toContain(`${count * AT_ONCE} ${sku}`);
    for (const { code } of picked) expect(countOf(sheets, `${code}×${count}`)).toBe(1);
  }
  for (const sheet of sheets) expectNothingCut(sheet, A4_MARGIN);
});

test('fifty receipts are fifty sheets, each with its prices, sums and payment', async () => {
  const chosen = orders.slice(0, AT_ONCE);
  await open('receipts', chosen);
  const sheets = await printPage(page);
  expect(sheets.map(sizeOf)).toEqual(chosen.map(() => A4));
  const naira = (amount: number) => formatMoney({ amount, currency: 'NGN' });
  for (const [index, { id, code, name }] of chosen.entries()) {
    const sheet = sheets[index] as Sheet;
    const { total, subtotal, items } = (await shop.app.db.orders.findById(id).lean()) ?? { items: [] };
    for (const text of [`Test Shop ${code}`, name, 'paid', naira(total ?? -1), naira(subtotal ?? -1)])
      expect(sheet.text).toContain(text);
    for (const { unitPrice, lineTotal } of items)
      expect(sheet.text).toContain(`${naira(unitPrice)} ${naira(lineTotal)}`);
    expectNothingCut(sheet, A4_MARGIN);
  }
});

/** A text that is written from the right, as a PDF holds it. */
const fromTheLeft = (text: string) => [...text].reverse().join('');

/** Forty lines, the longest values without a blank, and names in Arabic letters. */
async function extremeOrder() {
  const { app } = shop;
  const wide = (length: number) => 'W'.repeat(length);
  const titles = ['مصباح من سعف النخيل', wide(MAX_LENGTH.title), ...Array.from({ length: 38 }, (_, n) => `Cup ${n}`)];
  const lines = await Promise.all(
    titles.map(async (title, index) => ({
      variant: await stockVariant(app.db, { title, stock: 99 }),
      quantity: index + 1,
    })),
  );
  const address = {
    name: 'عائشة بنت محمد',
    line1: wide(MAX_LENGTH.addressLine),
    line2: 'شقة 3',
    city: wide(MAX_LENGTH.city),
  };
  const { orderId, code } = await placeConfirmedOrder(app, await app.signUp(), lines, address);
  return { id: orderId, code, lines, address };
}

test('forty lines, the longest values and Arabic names are printed whole, with the code on each sheet', async () => {
  const order = await extremeOrder();
  const { address, code, lines } = order;
  for (const [what, size, margin] of [
    ['slips', A6, A6_MARGIN],
    ['slips-a4', A4, A4_MARGIN],
    ['receipts', A4, A4_MARGIN],
    ['pick-list', A4, A4_MARGIN],
  ] as const) {
    await open(what, [order]);
    const sheets = await printPage(page);
    const isOfOrder = what !== 'pick-list';
    expect({ what, sizes: sheets.map(sizeOf) }).toEqual({ what, sizes: sheets.map(() => size) });
    for (const sheet of sheets) {
      expectNothingCut(sheet, margin);
      expect(sheet.text).toContain(code);
    }
    // A long word is broken into lines, which stand one after the other.
    const all = sheets.map(({ text }) => text).join(' ');
    const packed = all.replace(/\s/g, '');
    for (const word of [...(isOfOrder ? [address.line1, address.city] : []), 'W'.repeat(MAX_LENGTH.title)])
      expect({ what, isWhole: packed.includes(word) }).toEqual({ what, isWhole: true });
    for (const arabic of [...(isOfOrder ? [address.name, address.line2] : []), 'مصباح من سعف النخيل'])
      expect(all).toContain(fromTheLeft(arabic));
    if (what === 'receipts') continue;
    for (const { variant, quantity } of lines) {
      const line = what === 'pick-list' ? ` ${quantity} ${variant.sku} ` : ` ${variant.sku} `;
      expect({ what, line, count: countOf([{ text: `${all} ` } as Sheet], line) }).toEqual({ what, line, count: 1 });
    }
  }
  expect(problems).toEqual([]);
});

test('a receipt says what went back', async () => {
  const { app } = shop;
  const owner = await app.signUp({ role: 'owner' });
  const variant = await stockVariant(app.db, { price: 250_050 });
  const { orderId, code } = await placeConfirmedOrder(app, await app.signUp(), [{ variant, quantity: 2 }]);
  await owner.client.admin.refund.mutate({ key: newActionKey(), id: orderId, note: 'torn', amount: 120_025 });
  await eventually('the refund at Paystack', () => app.sandbox.finishRefunds() > 0);
  await eventually('the refund to be processed', async () =>
    Boolean(await app.db.orders.exists({ code, 'refunds.state': 'processed' })),
  );
  await open('receipts', [{ id: orderId }]);
  const [sheet, ...others] = await printPage(page);
  expect(others).toEqual([]);
  expect(sheet?.text).toMatch(/₦1,200\.25/);
});
