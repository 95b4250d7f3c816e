/**
 * A page's code may be gone after a release: an open tab names files of the release before. Loading the page once more
 * fetches the new names. It happens once in a while for each page, so that a file that is really missing makes no loop.
 */
import { type ComponentType, lazy } from 'react';

/** A second failure within this time is not of a release. */
const ONCE_IN_MS = 60_000;
/** In the state of the browser's history, which outlives a reload even where storage is blocked. */
const RELOADED_AT = 'reloadedAt';

let isReloading = false;
/** Loads before a page is opened: they may fail unseen. */
let early = 0;
/** The errors of files that could not be loaded. */
const lost = new WeakSet<object>();

/** Vite reports a file that could not be loaded. */
export function reloadOnLostChunk(): void {
  window.addEventListener('vite:preloadError', (event) => {
    lost.add(event.payload);
    // If the page has been opened meanwhile, its own failure follows.
    if (early > 0) return;
    reloadOnce();
    if (isReloading) event.preventDefault();
  });
}

function reloadOnce(): void {
  if (isReloading) return;
  const now = Date.now();
  const state: unknown = window.history.state;
  const before = typeof state === 'object' && state !== null && RELOADED_AT in state ? state[RELOADED_AT] : null;
  if (typeof before === 'number' && now - before < ONCE_IN_MS) return;
  isReloading = true;
  // With what a router keeps there, or it would take the entry for one of another app.
  window.history.replaceState({ ...window.history.state, [RELOADED_AT]: now }, '');
  window.location.reload();
}

/** A page whose code is loaded when it is shown first, or by `load` before. While the browser reloads, it stays as it is. */
export function lazyPage<Props>(load: () => Promise<ComponentType<Props>>) {
  const page = lazy(async () => {
    try {
      return { default: await load() };
    } catch (error) {
      if (typeof error === 'object' && error !== null && lost.has(error)) reloadOnce();
      if (isReloading) return new Promise<never>(() => undefined);
      throw error;
    }
  });
  return Object.assign(page, { load });
}

/** Loads a page's code before it is opened. A failure is met again, and shown, when it is opened. */
export async function loadEarly(load: () => Promise<unknown>): Promise<void> {
  early += 1;
  try {
    await load();
  } catch {
    // The page reports it when it is shown.
  } finally {
    early -= 1;
  }
}
