/** The first page of the desk on Fast 3G: with its code in the browser's cache, as staff open it each day, and without. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { check } from '../e2e/axe.ts';
import { type BrowserShop, startBrowserShop } from '../e2e/browser-shop.ts';
import { FAST_3G, PHONE } from '../e2e/page-timing.ts';
import { placeConfirmedOrder } from '../e2e/place-order.ts';
import { stockVariant } from '../support/stocked-variant.ts';

jest.setTimeout(240_000);

/** Other programs share the machine of the tests, so the best of some visits counts. */
const VISITS = 12;

let shop: BrowserShop;
beforeAll(async () => {
  shop = await startBrowserShop();
  const shopper = await shop.app.signUp();
  await placeConfirmedOrder(shop.app, shopper, [{ variant: await stockVariant(shop.app.db) }]);
});
afterAll(() => shop.close());

interface Times {
  paint: number | null;
  figures: number;
  /** How often the figures have been taken away since. */
  gone: number;
}

/** In each page that is opened after it: what stands in the frame that is painted next. */
const WATCH_FIGURES = `
  globalThis.seen = { figures: null, gone: 0, boxes: [] };
  let areShown = false;
  const look = () => {
    const figures = [...document.querySelectorAll('.counter-number')];
    const wereShown = areShown;
    areShown = figures.length > 0;
    if (wereShown && !areShown) seen.gone += 1;
    if (areShown) {
      seen.figures ??= performance.now();
      const boxes = figures.map((figure) => {
        const { left, top, width, height } = figure.getBoundingClientRect();
        return [figure.textContent, left, top, width, height].join(' ');
      });
      const all = boxes.join(', ');
      if (seen.boxes.at(-1) !== all) seen.boxes.push(all);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;
const READ_TIMES = `({
  paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
  figures: seen.figures,
  gone: seen.gone,
})`;

/** A slow visit of the first page, until its figures are shown. */
async function openSlowly({ isCached, device = PHONE }: { isCached: boolean; device?: typeof PHONE }) {
  const visitor = await shop.openAsUser({ role: 'owner' }, device);
  const { page } = visitor;
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
  return { ...visitor, times: await page.evaluate<Times>(READ_TIMES) };
}

/** The best times of some visits: as soon as they are `isEnough`, no further one is made. */
async function bestOf(isCached: boolean, isEnough: (times: { paint: number; figures: number }) => boolean) {
  const best = { paint: Number.POSITIVE_INFINITY, figures: Number.POSITIVE_INFINITY };
  for (let n = 0; n < VISITS && !isEnough(best); n += 1) {
    const { page, problems, times } = await openSlowly({ isCached });
    best.paint = Math.min(best.paint, times.paint ?? Number.POSITIVE_INFINITY);
    best.figures = Math.min(best.figures, times.figures);
    expect(problems).toEqual([]);
    await page.context().close();
  }
  return { ...best, isFast: isEnough(best) };
}

test('staff who had the desk open before read what waits within 1.5 s', async () => {
  expect(await bestOf(true, ({ figures }) => figures <= 1_500)).toMatchObject({ isFast: true });
});

test('on a new device, the desk is painted and shows what waits within 1.5 s', async () => {
  const isFast = ({ paint, figures }: { paint: number; figures: number }) => paint <= 1_500 && figures <= 1_500;
  expect(await bestOf(false, isFast)).toMatchObject({ isFast: true });
});

test.each([
  ['a phone', PHONE],
  ['a desktop', { viewport: { width: 1280, height: 800 } }],
])(
  'on %s, the figures stay where they are when the code of the desk has come, and are read once',
  async (_, device) => {
    const { page, problems } = await openSlowly({ isCached: false, device });
    const reads: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('admin.today')) reads.push(request.url());
    });
    await page.getByRole('searchbox').waitFor();
    const begun = await page.evaluate<number>(
      "performance.getEntriesByType('resource').filter(({ name }) => name.includes('admin.today')).length",
    );
    expect(await page.evaluate('seen')).toMatchObject({ gone: 0, boxes: [expect.stringMatching(/^1 /)] });
    expect([begun, reads]).toEqual([1, []]);
    expect(problems).toEqual([]);
    await page.context().close();
  },
);

const LINKS = `[...document.querySelectorAll('.counter')].map((link) => [link.textContent, link.getAttribute('href')])`;

test('the figures lead to their lists before the code of the desk has come', async () => {
  const { page } = await shop.openAsUser({ role: 'owner' }, PHONE);
  await page.route(/assets\/.*\.js$/, () => undefined);
  await page.goto(`${shop.app.url}/desk`, { waitUntil: 'commit' });
  await page.locator('.counter-number').first().waitFor();
  await check(page, 'the first figures');
  const early = await page.evaluate(LINKS);
  await page.unrouteAll();
  await page.reload();
  await page.getByRole('searchbox').waitFor();
  await page.locator('.counter-number').first().waitFor();
  expect(early).toEqual(await page.evaluate(LINKS));
  await page.context().close();
});

test('others than staff, and staff whose session has ended, are shown no figures', async () => {
  const customer = await shop.openAsUser({}, PHONE);
  const calls: string[] = [];
  customer.page.on('request', (request) => calls.push(request.url()));
  await customer.page.goto(`${shop.app.url}/desk`);
  await customer.page.getByRole('heading', { name: 'staff' }).waitFor();
  expect(calls.filter((url) => url.includes('admin.'))).toEqual([]);
  const ended = await shop.openAsUser({ role: 'owner' }, PHONE);
  await ended.user.client.auth.signOut.mutate({ everywhere: true });
  await ended.page.goto(`${shop.app.url}/desk`);
  await ended.page.getByRole('dialog').getByLabel('Password').waitFor();
  expect(await ended.page.locator('.counter-number').count()).toBe(0);
});
