/**
 * A shop with storefront, desk, worker, Paystack sandbox and browser for one file of end-to-end tests, and the steps that
 * several tests share.
 */
import type { BrowserContextOptions, Page, Route } from 'playwright-core';
import { ensurePages } from '../../dev/start/built-pages.ts';
import { openBrowser, type TestBrowser, type Visitor } from '../support/browser.ts';
import {
  type NewUser,
  PASSWORD,
  type SignedIn,
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from '../support/test-app.ts';

export interface BrowserShop {
  app: TestApp;
  browser: TestBrowser;
  /** Opens a page in a new browser context, signed in as a new user. */
  openAsUser(user?: NewUser, options?: BrowserContextOptions): Promise<Visitor & { user: SignedIn }>;
  close(): Promise<void>;
}

/** Builds the pages first if they are missing or older than their sources. */
export async function startBrowserShop(options: Pick<TestAppOptions, 'env' | 'context'> = {}): Promise<BrowserShop> {
  const { storefrontDir, deskDir } = await ensurePages(() => undefined);
  if (storefrontDir === null || deskDir === null)
    throw new Error('the pages cannot be built: npm run build --workspaces --if-present says why');
  const [browser, app] = await Promise.all([
    openBrowser(),
    startTestApp({ ...options, worker: true, storefrontDir, deskDir }),
  ]);
  app.ctx.config.storefrontUrl = app.url;
  app.sandbox.setWebhookUrl(`${app.url}/webhooks/paystack`);
  return {
    app,
    browser,
    async openAsUser(newUser, options = {}) {
      const user = await app.signUp(newUser);
      const session = await app.client().auth.login.mutate({ email: user.email, password: PASSWORD });
      const localStorage = [{ name: 'session', value: JSON.stringify(session) }];
      const storageState = { cookies: [], origins: [{ origin: app.url, localStorage }] };
      return { ...(await browser.visitor({ ...options, storageState })), user };
    },
    async close() {
      await browser.close();
      await app.stop();
    },
  };
}

export async function addToCart(page: Page, url: string, slug: string): Promise<void> {
  await page.goto(`${url}/products/${slug}`);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByText('In your cart').waitFor();
}

/** Submits the checkout form. Does not wait for the page that follows. */
export async function checkOut(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/checkout`);
  await fillInAddress(page);
  await page.getByRole('button', { name: /^Pay/ }).click();
}

export async function fillInAddress(page: Page): Promise<void> {
  await page.getByLabel('Phone').fill('+234 801 234 5678');
  await page.getByLabel('Street and house number').fill('12 Admiralty Way');
  await page.getByLabel('City or town').fill('Lekki');
  await page.getByLabel('State').selectOption('Lagos');
}

/** Waits for the sandbox's payment page. Returns its reference. */
export async function reachPaystack(page: Page): Promise<string> {
  await page.getByRole('heading', { name: 'Secure payment' }).waitFor();
  const text = await page.getByText(/^Reference /).textContent();
  return (text ?? '').replace('Reference ', '');
}

/** On the payment page: pays with the test card that is filled in. */
export async function payByCard(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Pay ₦/ }).click();
}

/** On the payment page: presses the button of an outcome. */
export async function decide(page: Page, outcome: string): Promise<void> {
  await page.getByText('Decide what happens').click();
  await page.getByRole('button', { name: outcome, exact: true }).click();
}

/** Waits for this headline on an order's page. */
export async function headline(page: Page, text: string): Promise<void> {
  await page.locator('.headline-title', { hasText: text }).waitFor();
}

/** On the sign-in page: signs in, by default with the password of all test users. */
export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** The server executes the request, but the browser gets no response. */
export async function dropResponse(route: Route): Promise<void> {
  await route.fetch();
  await route.abort();
}
