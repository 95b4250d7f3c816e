/**
 * A headless Chromium for end-to-end tests: one a file, a context a visitor. It reaches loopback alone, and writes down
 * what a page should not do: errors on its console, exceptions, refused requests, requests to other hosts. For tests/e2e.
 */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../../dev/docs/launch-chromium.ts';

/** What cannot be seen within this time will not be seen, ms. */
const PATIENCE_MS = 20_000;

/** Somebody before a browser of their own: cookies and storage are shared with nobody. */
export interface Visitor {
  page: Page;
  /** A further tab of the same visitor, watched like the first. */
  newTab(): Promise<Page>;
  /** What went wrong on any of the visitor's pages so far, in words; a refusal as `409 POST /trpc/…`. */
  problems: string[];
}

export interface TestBrowser {
  visitor(options?: BrowserContextOptions): Promise<Visitor>;
  close(): Promise<void>;
}

/** Starts the browser of CHROMIUM_PATH, else Debian's. Rejects with what to do when there is none. */
export async function openBrowser(): Promise<TestBrowser> {
  const browser = await launchChromium(process.env.CHROMIUM_PATH);
  return { visitor: (options) => newVisitor(browser, options), close: () => browser.close() };
}

async function newVisitor(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Africa/Lagos', ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const problems: string[] = [];
  context.on('request', (request) => {
    if (!isOnLoopback(request.url())) problems.push(`request to ${request.url()}`);
  });
  context.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (response.status() >= 400) problems.push(`${response.status()} ${response.request().method()} ${pathname}`);
  });
  const newTab = async () => {
    const page = await context.newPage();
    page.on('console', (message) => {
      // Said better by the response above.
      if (message.text().startsWith('Failed to load resource: the server responded')) return;
      if (message.type() === 'error' || message.type() === 'warning') problems.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
    return page;
  };
  return { page: await newTab(), newTab, problems };
}

function isOnLoopback(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'data:' || protocol === 'blob:' || hostname === '127.0.0.1';
}
