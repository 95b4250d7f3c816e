import type { Page } from 'playwright-core';

/** Counts the presses of a person on this page from now on: clicks that the browser itself has made. */
export async function countPresses(page: Page): Promise<{ read(): Promise<number>; reset(): void }> {
  let counted = 0;
  await page.exposeFunction('countPress', () => {
    counted += 1;
  });
  await page.addInitScript(
    "addEventListener('click', ({ isTrusted, detail }) => isTrusted && detail > 0 && countPress(), true)",
  );
  return {
    async read() {
      // The page reports a press a moment after it.
      await page.evaluate('new Promise((done) => setTimeout(done, 50))');
      return counted;
    },
    reset() {
      counted = 0;
    },
  };
}
