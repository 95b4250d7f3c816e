/**
 * A headless Chromium for end-to-end tests: one a file, a context a visitor. It reaches loopback alone, and writes down
 * what a page should not do: errors on its console, exceptions, refused requests, requests to other hosts. For tests/e2e.
 */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const DEBIAN_CHROMIUM = '/usr/bin/chromium';
/** What cannot be seen within this time will not be seen, ms. */
const PATIENCE_MS = 20_000;

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Whatever a page or the browser itself asks for elsewhere has no address to go to.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

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
  const executablePath = process.env.CHROMIUM_PATH || DEBIAN_CHROMIUM;
  if (!existsSync(executablePath)) {
    throw new Error(`no browser at ${executablePath}: run .ci/install-browser, or set CHROMIUM_PATH to a Chromium`);
  }
  const browser = await chromium.launch({ executablePath, headless: true, args: FLAGS });
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
