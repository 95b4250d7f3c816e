/** The first page of the desk on Fast 3G: with its code in the browser's cache, as staff open it each day, and without. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { stockVariant } from '../support/stocked-variant.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';
import { FAST_3G, PHONE } from './page-timing.ts';
import { placeConfirmedOrder } from './place-order.ts';

jest.setTimeout(120_000);

/** Other programs share the machine of the tests, so the best of a few visits counts. */
const VISITS = 3;

let shop: BrowserShop;
beforeAll(async () => {
  shop = await startBrowserShop();
  const shopper = await shop.app.signUp();
  await placeConfirmedOrder(shop.app, shopper, [{ variant: await stockVariant(shop.app.db) }]);
});
afterAll(() => shop.close());

/** In each page that is opened after it: the time at which the figures stand in the frame that is painted next. */
const WATCH_FIGURES = `
  globalThis.figuresAt = null;
  const look = () => {
    if (document.querySelector('.counter-number')) globalThis.figuresAt = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;
const FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null";

/** Milliseconds from the request of the page to the first paint and to the figures. */
async function openSlowly({ isCached }: { isCached: boolean }): Promise<{ paint: number; figures: number }> {
  const { page, problems } = await shop.openAsUser({ role: 'owner' }, PHONE);
  await page.addInitScript(WATCH_FIGURES);
  const figures = page.getByRole('link', { name: /^To ship 1/ });
  if (isCached) {
    await page.goto(`${shop.app.url}/desk`);
    await figures.waitFor();
    await page.waitForLoadState('load');
  }
  const session = await page.context().newCDPSession(page);
  await session.send('Network.emulateNetworkConditions', FAST_3G);
  await page.goto(`${shop.app.url}/desk`, { waitUntil: 'commit' });
  await figures.waitFor();
  const times = await page.evaluate<[number, number]>(`[${FIRST_PAINT}, figuresAt]`);
  expect(problems).toEqual([]);
  await page.context().close();
  return { paint: times[0], figures: times[1] };
}

async function bestOf(isCached: boolean, isEnough: (times: { paint: number; figures: number }) => boolean) {
  const best = { paint: Number.POSITIVE_INFINITY, figures: Number.POSITIVE_INFINITY };
  for (let n = 0; n < VISITS && !isEnough(best); n += 1) {
    const { paint, figures } = await openSlowly({ isCached });
    best.paint = Math.min(best.paint, paint);
    best.figures = Math.min(best.figures, figures);
  }
  return { ...best, isFast: isEnough(best) };
}

test('staff who had the desk open before read what waits within 1.5 s', async () => {
  expect(await bestOf(true, ({ figures }) => figures <= 1_500)).toMatchObject({ isFast: true });
});

test('on a new device, the desk says within 1.5 s that it opens, and shows what waits within 3.5 s', async () => {
  const isFast = ({ paint, figures }: { paint: number; figures: number }) => paint <= 1_500 && figures <= 3_500;
  expect(await bestOf(false, isFast)).toMatchObject({ isFast: true });
});
