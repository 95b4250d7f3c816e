/**
 * A shop with its pages, its worker, Paystack's stand-in and a browser, for one file of end-to-end tests; and the steps
 * that people take in it again and again. What a test is about it does itself, through the page.
 */
import type { BrowserContextOptions, Page, Route } from 'playwright-core';
import { ensureStorefront } from '../../dev/start/storefront-build.ts';
import { openBrowser, type TestBrowser, type Visitor } from '../support/browser.ts';
import { type NewUser, PASSWORD, type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

export interface ShopFloor {
  world: TestApp;
  browser: TestBrowser;
  /** A visitor who is signed in as a new user. */
  enter(user?: NewUser, options?: BrowserContextOptions): Promise<Visitor & { user: SignedIn }>;
  close(): Promise<void>;
}

/** Opens it all; builds the storefront when that is missing or old. */
export async function openShopFloor(): Promise<ShopFloor> {
  const storefrontDir = await ensureStorefront(() => undefined);
  if (storefrontDir === null)
    throw new Error('the storefront cannot be built: npm run build -w @orders-module/storefront says why');
  const [browser, world] = await Promise.all([openBrowser(), startTestApp({ worker: true, storefrontDir })]);
  world.ctx.config.storefrontUrl = world.url;
  world.sandbox.setWebhookUrl(`${world.url}/webhooks/paystack`);
  return {
    world,
    browser,
    async enter(newUser, options = {}) {
      const user = await world.signUp(newUser);
      const session = await world.client().auth.login.mutate({ email: user.email, password: PASSWORD });
      const localStorage = [{ name: 'session', value: JSON.stringify(session) }];
      const storageState = { cookies: [], origins: [{ origin: world.url, localStorage }] };
      return { ...(await browser.visitor({ ...options, storageState })), user };
    },
    async close() {
      await browser.close();
      await world.stop();
    },
  };
}

/** From a product's page into the cart. */
export async function addToCart(page: Page, url: string, slug: string): Promise<void> {
  await page.goto(`${url}/products/${slug}`);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByText('In your cart').waitFor();
}

/** Checks out what is in the cart; ends wherever that leads. */
export async function checkOut(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/checkout`);
  await fillInAddress(page);
  await page.getByRole('button', { name: /^Pay/ }).click();
}

export async function fillInAddress(page: Page): Promise<void> {
  await page.getByLabel('Phone').fill('+234 801 234 5678');
  await page.getByLabel('Street and house number').fill('12 Admiralty Way');
  await page.getByLabel('City or town').fill('Lekki');
  await page.getByLabel('State or region').fill('Lagos');
}

/** Waits for Paystack's payment page, and gives the reference it is for. */
export async function reachPaystack(page: Page): Promise<string> {
  await page.getByRole('heading', { name: 'Secure payment' }).waitFor();
  const text = await page.getByText(/^Reference /).textContent();
  return (text ?? '').replace('Reference ', '');
}

/** On Paystack's page: pays with the test card that is filled in. */
export async function payByCard(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Pay ₦/ }).click();
}

/** On Paystack's page: one of the buttons that decide what happens. */
export async function decide(page: Page, outcome: string): Promise<void> {
  await page.getByText('Decide what happens').click();
  await page.getByRole('button', { name: outcome, exact: true }).click();
}

/** Waits for the headline of an order's page. */
export async function headline(page: Page, text: string): Promise<void> {
  await page.locator('.headline-title', { hasText: text }).waitFor();
}

/** On the sign-in page: signs in with the password that every user of a test has, or another one. */
export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** The shop does what it was asked, and the browser never hears of it. */
export async function loseTheAnswer(route: Route): Promise<void> {
  await route.fetch();
  await route.abort();
}
