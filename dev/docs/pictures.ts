/**
 * `npm run pictures`: takes the screenshots in docs/pictures from a shop on free ports that keeps nothing. They show the
 * pages as they are, so a change of the pages is followed by a run of this.
 */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { payByCard } from '../demo/browser.ts';
import { Shopper, signIn } from '../demo/shopper.ts';
import { SEED_CUSTOMER, SEED_STAFF, type SeedAccount, seedShop } from '../seed/seed.ts';
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
    pages: () => ensurePages(say),
  });
  try {
    if (shop.storefrontDir === null || shop.deskDir === null)
      throw new StartError('There are no pages to take pictures of.');
    await seedShop(shop.ctx.db, { currency: shop.ctx.config.currency, now: shop.ctx.clock.now() });
    await leaveRefundForStaff(shop);
    await mkdir(FOLDER, { recursive: true });
    const browser = await launchChromium(readMachineEnvironment().CHROMIUM_PATH);
    try {
      const orderId = await takeShop(browser, shop.url);
      await takePhone(browser, shop.url, orderId);
      await takeStaff(browser, shop.url, orderId);
    } finally {
      await browser.close();
    }
  } finally {
    await shop.stop();
  }
}

/** A cancelled order whose refund Paystack cannot carry out, so that the staff page has something to show. */
async function leaveRefundForStaff({ url, ctx }: LocalServer): Promise<void> {
  const shopper = await Shopper.register(url, {
    name: 'Ngozi Eze',
    email: 'ngozi@example.com',
    password: 'ngozi-weaves-baskets',
  });
  const variant = await ctx.db.variants.findOne({ sku: 'ANK-SUN' }).lean();
  if (variant === null) throw new Error('the seed has no ANK-SUN');
  await shopper.fillCart([{ variantId: String(variant._id), quantity: 2 }]);
  const { orderId, authorizationUrl } = await shopper.checkOut();
  const order = await shopper.follow(orderId);
  await payByCard(authorizationUrl, 'refund-needs-attention');
  await order.until(({ status }) => status === 'confirmed', 'the confirmation');
  const staff = await signIn(url, SEED_STAFF);
  await staff.client.admin.cancel.mutate({ id: orderId });
  await order.until(({ refunds }) => refunds.some(({ state }) => state === 'needs_attention'), 'the refund');
  order.close();
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

async function takeStaff(browser: Browser, url: string, orderId: string): Promise<void> {
  for (const [device, suffix] of [
    [DESKTOP, ''],
    [PHONE, '-phone'],
  ] as const) {
    const page = await openSignedIn(browser, url, device, SEED_STAFF);
    await page.goto(`${url}/desk/attention`);
    await page.getByRole('region', { name: 'Refunds needing attention' }).getByText('Ngozi Eze').waitFor();
    await take(page, `staff${suffix}`);
    await page.goto(`${url}/desk/orders/${orderId}`);
    await page.getByRole('button', { name: 'Ship', exact: true }).waitFor();
    await take(page, `staff-order${suffix}`);
    await page.context().close();
  }
}

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
  await page.getByLabel('Email').fill(email);
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
