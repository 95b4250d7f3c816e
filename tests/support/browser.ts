/**
 * Headless Chromium for end-to-end tests: one browser per file, one context per visitor. It connects to loopback only.
 * It records console errors, exceptions, failed responses and requests to other hosts.
 */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../../dev/docs/launch-chromium.ts';

/** How long an assertion waits for an element, ms. */
const PATIENCE_MS = 60_000;

/** A browser context: it shares cookies and storage with no other visitor. */
export interface Visitor {
  page: Page;
  /** Opens another tab of the same visitor. Its problems are recorded too. */
  newTab(): Promise<Page>;
  /** The problems on all pages of the visitor so far; a failed response as `409 POST /trpc/…`. */
  problems: string[];
}

export interface TestBrowser {
  visitor(options?: BrowserContextOptions): Promise<Visitor>;
  close(): Promise<void>;
}

/** Starts the browser at CHROMIUM_PATH, or Debian's. Rejects with instructions if there is none. */
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
      // The response handler reports these with more detail.
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
