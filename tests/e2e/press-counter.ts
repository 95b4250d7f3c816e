import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';

/** As the desk promises: from its first page to the form, the paper or the figures of any job of a day. */
const PRESSES_OF_A_JOB = 3;

export interface PressCounter {
  read(): Promise<number>;
  /** Fails if it took more presses than the desk promises to come here since the last `reset`. */
  expectFew(what: string): Promise<void>;
  reset(): void;
}

/** Counts the presses of a person on this page from now on: clicks that the browser itself has made. */
export async function countPresses(page: Page): Promise<PressCounter> {
  let counted = 0;
  await page.exposeFunction('countPress', () => {
    counted += 1;
  });
  await page.addInitScript(
    "addEventListener('click', ({ isTrusted, detail }) => isTrusted && detail > 0 && countPress(), true)",
  );
  const read = async () => {
    // The page reports a press a moment after it.
    await page.evaluate('new Promise((done) => setTimeout(done, 50))');
    return counted;
  };
  return {
    read,
    async expectFew(what) {
      const presses = await read();
      expect({ what, presses, isFew: presses > 0 && presses <= PRESSES_OF_A_JOB }).toMatchObject({ isFew: true });
    },
    reset() {
      counted = 0;
    },
  };
}
