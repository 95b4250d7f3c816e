/** Largest paint, layout shifts and the answer to presses, as Chrome measures them. */
import type { Page } from 'playwright-core';

export const PHONE = { viewport: { width: 390, height: 844 } };

/** The presets of Chrome's developer tools: latency in ms, bytes per second. */
export const FAST_3G = { offline: false, latency: 562.5, downloadThroughput: 188_744, uploadThroughput: 86_400 };
export const SLOW_3G = { offline: false, latency: 2_000, downloadThroughput: 51_200, uploadThroughput: 51_200 };

/** Runs in each page that is opened after it. */
export const OBSERVE = `
  globalThis.seen = { lcp: 0, largest: '', shifts: 0, inp: 0, sources: [] };
  new PerformanceObserver((list) => {
    for (const { startTime, url, element } of list.getEntries()) {
      seen.lcp = startTime;
      seen.largest = url || element?.className || element?.nodeName;
    }
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (hadRecentInput) continue;
      seen.shifts += value;
      for (const { node } of sources) seen.sources.push(node?.className || node?.nodeName);
    }
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId) seen.inp = Math.max(seen.inp, duration);
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
`;

export interface Seen {
  lcp: number;
  /** The address of the picture that the largest paint is of, or the class or name of another element. */
  largest: string;
  shifts: number;
  inp: number;
  sources: string[];
}

/** Since the page was opened. */
export const readSeen = (page: Page) => page.evaluate<Seen>('globalThis.seen');

/** A quarter of a second of latency, so that frames, skeletons and data are painted one after the other. */
const LATE = { offline: false, latency: 250, downloadThroughput: 188_744, uploadThroughput: 86_400 };

/** The pages that are opened after it are observed, and their data arrive late. */
export async function observeLate(page: Page): Promise<void> {
  await page.addInitScript(OBSERVE);
  const session = await page.context().newCDPSession(page);
  await session.send('Network.emulateNetworkConditions', LATE);
}
