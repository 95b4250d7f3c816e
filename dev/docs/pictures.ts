/**
 * `npm run pictures`: takes the screenshots in docs/pictures from a shop on free ports that keeps nothing. They show the
 * pages as they are, so a change of the pages is followed by a run of this.
 */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { SEED_CUSTOMER, SEED_STAFF, type SeedAccount } from '../seed/seed.ts';
import { ensurePages } from '../start/built-pages.ts';
import { PROJECT_FOLDER, readMachineEnvironment } from '../start/environment.ts';
import { type LocalServer, startLocalServer } from '../start/local-server.ts';
import { failToStart } from '../start/report-failure.ts';
import { StartError } from '../start/start-error.ts';
import { launchChromium } from './launch-chromium.ts';

const FOLDER = join(PROJECT_FOLDER, 'docs/pictures');
/** A README that loads slowly is not read; larger pictures are refused. */
const MAX_BYTES = 300_000;
const PAGE_TIMEOUT_MS = 20_000;

const LOCALE: BrowserContextOptions = { locale: 'en-GB', timezoneId: 'Africa/Lagos', reducedMotion: 'reduce' };
const DESKTOP: BrowserContextOptions = { ...LOCALE, viewport: { width: 1200, height: 800 } };
const PHONE: BrowserContextOptions = {
  ...LOCALE,
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 1.5,
  isMobile: true,
  hasTouch: true,
};

const say = (line: string) => console.log(line);

async function main(): Promise<void> {
  const shop = await startLocalServer({
    env: { PORT: '0', LOG_LEVEL: 'silent', SWEEP_SECONDS: '1', CALLS_PER_MINUTE: '1000000' },
    folder: null,
    ports: { sandbox: 0, mailbox: 0 },
    log: say,
    refundStepMs: 100,
    history: new AbortController().signal,
    pages: () => ensurePages(say),
  });
  try {
    if (shop.storefrontDir === null || shop.deskDir === null)
      throw new StartError('There are no pages to take pictures of.');
    await mkdir(FOLDER, { recursive: true });
    const browser = await launchChromium(readMachineEnvironment().CHROMIUM_PATH);
    try {
      const orderId = await takeShop(browser, shop.url);
      await takePhone(browser, shop.url, orderId);
      await takeDesk(browser, shop, orderId);
    } finally {
      await browser.close();
    }
  } finally {
    await shop.stop();
  }
}

/** A purchase on a desktop, from the catalogue to the confirmed order, whose id is returned. */
async function takeShop(browser: Browser, url: string): Promise<string> {
  const page = await openSignedIn(browser, url, DESKTOP, SEED_CUSTOMER);
  await page.goto(url);
  await page.getByRole('link', { name: 'Aso oke fila' }).waitFor();
  await take(page, 'shop-home');
  await addToCart(page, url, 'aso-oke-fila');
  await page.goto(`${url}/products/ankara-wax-print`);
  await page.getByRole('button', { name: 'Add to cart' }).waitFor();
  await take(page, 'shop-product');
  await addToCart(page, url, 'ankara-wax-print');
  await page.goto(`${url}/cart`);
  await page.getByRole('link', { name: 'Check out' }).waitFor();
  await take(page, 'shop-cart');
  await page.goto(`${url}/checkout`);
  await page.getByLabel('Phone').fill('+234 803 555 0142');
  await page.getByLabel('Street and house number').fill('14 Adeniyi Jones Avenue');
  await page.getByLabel('City or town').fill('Ikeja');
  await page.getByLabel('State').selectOption('Lagos');
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.getByRole('heading', { name: 'Secure payment' }).waitFor();
  await take(page, 'payment-page');
  await page.getByRole('button', { name: /^Pay ₦/ }).click();
  await page.locator('.headline-title', { hasText: 'Your order is confirmed' }).waitFor();
  await take(page, 'shop-order');
  const orderId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await page.context().close();
  return orderId;
}

async function takePhone(browser: Browser, url: string, orderId: string): Promise<void> {
  const page = await openSignedIn(browser, url, PHONE, SEED_CUSTOMER);
  await page.goto(url);
  await page.getByRole('link', { name: 'Aso oke fila' }).waitFor();
  await take(page, 'shop-home-phone');
  await addToCart(page, url, 'ankara-wax-print');
  await take(page, 'shop-product-phone');
  await page.goto(`${url}/cart`);
  await page.getByRole('link', { name: 'Check out' }).waitFor();
  await take(page, 'shop-cart-phone');
  await page.goto(`${url}/orders/${orderId}`);
  await page.locator('.headline-title', { hasText: 'Your order is confirmed' }).waitFor();
  await take(page, 'shop-order-phone');
  await page.context().close();
}

/** Every page of the desk, as its owner sees it. */
async function takeDesk(browser: Browser, shop: LocalServer, orderId: string): Promise<void> {
  const ids = await findIds(shop);
  for (const [device, suffix] of [
    [DESKTOP, ''],
    [PHONE, '-phone'],
  ] as const) {
    const page = await openSignedIn(browser, shop.url, device, SEED_STAFF);
    for (const [name, path, sign] of DESK_PAGES) {
      await page.goto(`${shop.url}/desk${path({ ...ids, order: orderId })}`);
      await page.getByText(sign).filter({ visible: true }).first().waitFor();
      await page.locator('.loading').waitFor({ state: 'detached' });
      await take(page, `desk-${name}${suffix}`);
    }
    await page.context().close();
  }
}

interface Ids {
  order: string;
  product: string;
  payout: string;
  /** Of orders to ship, with commas between them. */
  toShip: string;
  codes: string;
}

async function findIds({ ctx: { db } }: LocalServer): Promise<Omit<Ids, 'order'>> {
  const product = await db.products.findOne({ slug: 'ankara-wax-print' }).lean();
  const payout = await db.payouts.findOne({}).sort({ _id: -1 }).lean();
  const toShip = await db.orders.find({ status: 'confirmed' }).limit(4).lean();
  if (product === null || payout === null || toShip.length === 0) throw new Error('the history is not complete');
  const codes = toShip.map(({ code }) => code).join(',');
  return { product: String(product._id), payout: payout._id, toShip: toShip.map(({ _id }) => _id).join(','), codes };
}

/** Each with its address and a text that it shows once it is complete. */
const DESK_PAGES: readonly (readonly [name: string, path: (ids: Ids) => string, sign: string | RegExp])[] = [
  ['today', () => '', 'Best sellers'],
  ['orders', () => '/orders', /^\d+ orders$/],
  ['orders-all', () => '/orders?tab=all', /orders$/],
  ['order', ({ order }) => `/orders/${order}`, 'Ada Obi'],
  ['ship-many', ({ codes }) => `/ship-many?orders=${codes}`, /ready/],
  ['slips', ({ toShip }) => `/print?orders=${toShip}`, /^Print \d/],
  ['pick-list', ({ toShip }) => `/print?what=pick-list&orders=${toShip}`, /units, /],
  ['receipts', ({ toShip }) => `/print?what=receipts&orders=${toShip}`, 'Goods of'],
  ['attention', () => '/attention', 'Refunds needing attention'],
  ['disputes', () => '/disputes', /left, until/],
  ['payouts', () => '/payouts', 'proved'],
  ['payout', ({ payout }) => `/payouts/${payout}`, 'less Paystack’s fees'],
  ['products', () => '/products', 'Plateau coffee'],
  ['product', ({ product }) => `/products/${product}`, 'Sunburst orange'],
  ['new-product', () => '/products/new', 'Make the product'],
  ['import', () => '/products/import', 'Choose a CSV file'],
  ['people', () => '/people', 'Halima Sani'],
  ['jobs', () => '/jobs', 'Failures'],
  ['settings', () => '/settings', 'Settings'],
];

async function openSignedIn(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
  { email, password }: SeedAccount,
): Promise<Page> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PAGE_TIMEOUT_MS);
  const page = await context.newPage();
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'));
  return page;
}

async function addToCart(page: Page, url: string, slug: string): Promise<void> {
  await page.goto(`${url}/products/${slug}`);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByText('In your cart').waitFor();
}

async function take(page: Page, name: string): Promise<void> {
  // Not 'networkidle': the order page keeps an event stream open.
  await page.evaluate('document.fonts.ready.then(() => true)');
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  const { size } = await stat(path);
  if (size > MAX_BYTES) throw new Error(`${path} has ${size} bytes, more than ${MAX_BYTES}`);
  say(`docs/pictures/${name}.png, ${Math.round(size / 1000)} kB`);
}

await main().catch(failToStart);
process.exit(0);
