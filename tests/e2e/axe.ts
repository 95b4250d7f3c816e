/** A page as it stands, held to what axe-core can find and to a narrow phone's width. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** A narrow phone, where nothing moves: a colour that is on its way to another is no colour to measure. */
export const PHONE = { viewport: { width: 360, height: 780 }, reducedMotion: 'reduce' } as const;

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails when the page scrolls sideways, or when axe-core finds a violation by daylight or by night. */
export async function check(page: Page, what: string): Promise<void> {
  const overflow = 'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)';
  expect({ what, sideways: await page.evaluate<number>(overflow) }).toEqual({ what, sideways: 0 });
  // Evaluated by the debugger, which no content security policy concerns; the page's own scripts stay bound by it.
  await page.evaluate(axe);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await page.evaluate<AxeResults>('axe.run({ preload: false })');
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    expect({ what, colorScheme, found }).toEqual({ what, colorScheme, found: [] });
  }
}
