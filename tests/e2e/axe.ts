import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** A narrow phone with reduced motion, because axe-core cannot measure colours during a transition. */
export const PHONE = { viewport: { width: 360, height: 780 }, reducedMotion: 'reduce' } as const;

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails if the page scrolls horizontally, or if axe-core finds a violation in the light or the dark scheme. */
export async function check(page: Page, what: string): Promise<void> {
  const overflow = 'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)';
  expect({ what, sideways: await page.evaluate<number>(overflow) }).toEqual({ what, sideways: 0 });
  // The debugger evaluates this, so the content security policy does not block it and needs no exception.
  await page.evaluate(axe);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await page.evaluate<AxeResults>('axe.run({ preload: false })');
    const problems = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    expect({ what, colorScheme, problems }).toEqual({ what, colorScheme, problems: [] });
  }
}
