/** A whole purchase by a person who has no pointer: Tab, Enter, the arrow keys and typing alone. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { stockVariant } from '../support/stocked-variant.ts';
import { PASSWORD } from '../support/test-app.ts';
import { type BrowserShop, headline, startBrowserShop } from './browser-shop.ts';

jest.setTimeout(240_000);

let shop: BrowserShop;
beforeAll(async () => {
  shop = await startBrowserShop();
});
afterAll(() => shop.close());

interface Focused {
  name: string;
  /** The focus can be seen: an outline, inside of the window. */
  isSeen: boolean;
}

const FOCUSED = `(() => {
  const element = document.activeElement;
  // Between the last element of the page and its first one.
  if (element === document.body) return { name: '', isSeen: true };
  const label = element.labels?.[0]?.textContent ?? element.getAttribute('aria-label') ?? element.textContent;
  const { top, bottom, width, height } = element.getBoundingClientRect();
  const ringOf = ({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  const hasRing = [getComputedStyle(element), getComputedStyle(element, '::after')].some(ringOf);
  return {
    name: label.replace(/\\\\s+/g, ' ').trim(),
    isSeen: hasRing && width > 0 && height > 0 && bottom > 0 && top < innerHeight,
  };
})()`;

/** More presses than any page of this purchase needs. */
const MAX_TABS = 60;

async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let n = 0; n < MAX_TABS; n += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate<Focused>(FOCUSED);
    expect({ page: page.url(), ...focused }).toEqual({ page: page.url(), name: focused.name, isSeen: true });
    if (name.test(focused.name)) return;
    passed.push(focused.name);
  }
  throw new Error(`Tab does not lead to ${name}, but to ${passed.join(', ')}`);
}

async function press(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

async function type(page: Page, name: RegExp, text: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.type(text);
}

test('from the search to the paid order by Tab, Enter and typing, each focus in sight', async () => {
  await stockVariant(shop.app.db, { title: 'Bronze bell' });
  const { email } = await shop.app.signUp();
  const { page, problems } = await shop.browser.visitor();
  await page.goto(shop.app.url);
  await type(page, /^Search products$/, 'bronze');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Results for “bronze”' }).waitFor();
  await press(page, /^Bronze bell$/);
  await page.getByRole('heading', { name: 'Bronze bell' }).waitFor();
  await press(page, /^Add to cart$/);
  await page.getByText('In your cart').waitFor();
  await press(page, /^See the cart and check out$/);
  await page.getByRole('heading', { name: 'Your cart' }).waitFor();
  await press(page, /^One more of Bronze bell/);
  await page.getByRole('link', { name: /^Cart.*2 items$/ }).waitFor();
  await press(page, /^Check out$/);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await type(page, /^Email$/, email);
  await type(page, /^Password$/, PASSWORD);
  await press(page, /^Sign in$/);
  await page.getByRole('heading', { name: 'Checkout' }).waitFor();
  await type(page, /^Phone$/, '0803 123 4567');
  await type(page, /^Street and house number$/, '12 Admiralty Way');
  await type(page, /^City or town$/, 'Lekki');
  await type(page, /^State$/, 'Lag');
  await press(page, /^Pay ₦/);
  await page.getByRole('heading', { name: 'Secure payment' }).waitFor();
  await press(page, /^Pay ₦/);
  await headline(page, 'Your order is confirmed');
  await press(page, /receipt/i);
  expect(problems).toEqual([]);
});
