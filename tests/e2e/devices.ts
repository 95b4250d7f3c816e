import type { BrowserContextOptions } from 'playwright-core';
import { PHONE } from './axe.ts';

const LAPTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' };

/** The people of the stories work on each of these. */
export const DEVICES = [
  { device: 'a laptop', isPhone: false, options: LAPTOP },
  { device: 'a phone', isPhone: true, options: PHONE },
] as const;

export type Device = (typeof DEVICES)[number];
