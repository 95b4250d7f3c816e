import type { BrowserContextOptions } from 'playwright-core';
import { PHONE } from './axe.ts';

const LAPTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' };

/** What the people of the stories work on, with its name for the names of tests. */
export const DEVICES = [
  { device: 'a laptop', isPhone: false, options: LAPTOP },
  { device: 'a phone', isPhone: true, options: PHONE },
] as const;

export type Device = (typeof DEVICES)[number];
