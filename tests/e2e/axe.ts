import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** A narrow phone with reduced motion, because axe-core cannot measure colours during a transition. */
export const PHONE = { viewport: { width: 360, height: 780 }, reducedMotion: 'reduce' } as const;

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** All rules that axe-core runs by itself, and WCAG 2.2's size of targets, which it leaves off. */
const RULES = "{ preload: false, rules: { 'target-size': { enabled: true } } }";

/** Fails if the page scrolls horizontally, or if axe-core finds a violation in the light or the dark scheme. */
export async function check(page: Page, what: string): Promise<void> {
  await expectNoOverflow(page, what);
  for (const colorScheme of ['light', 'dark'] as const) await expectNoViolations(page, what, colorScheme);
}

/** Fails if axe-core finds a violation in this scheme. */
export async function expectNoViolations(page: Page, what: string, colorScheme: 'light' | 'dark'): Promise<void> {
  // An address may have loaded while its page is not drawn yet.
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  // The debugger evaluates this, so the content security policy does not block it and needs no exception.
  if (await page.evaluate<boolean>('globalThis.axe === undefined')) await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${RULES})`);
  const problems = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  expect({ what, colorScheme, problems }).toEqual({ what, colorScheme, problems: [] });
}

/** Texts and controls that stand out of the window at its right or left, also where scrolling sideways is switched off. */
const OUTSIDE = `[...document.querySelectorAll('body *')]
  .filter((each) => !each.closest('.visually-hidden, .art, .skip-link') && each.checkVisibility())
  .filter((each) => {
    const { left, right, width } = each.getBoundingClientRect();
    return width > 0 && (right > document.documentElement.clientWidth + 1 || left < -1);
  })
  .map((each) => each.outerHTML.slice(0, 120))`;

/** Fails if the page scrolls horizontally, or if something of it stands outside of the window. */
export async function expectNoOverflow(page: Page, what: string): Promise<void> {
  const overflow = 'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)';
  expect({
    what,
    sideways: await page.evaluate<number>(overflow),
    outside: await page.evaluate<string[]>(OUTSIDE),
  }).toEqual({ what, sideways: 0, outside: [] });
}
