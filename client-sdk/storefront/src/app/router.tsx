/**
 * Client-side routing over real paths. After a navigation the new page's heading takes the focus (app/page-title), so
 * that a screen reader announces the page. Some twenty patterns do not justify a library.
 */
import { type AnchorHTMLAttributes, type MouseEvent, useMemo, useSyncExternalStore } from 'react';

const MOVED = 'storefront:moved';

export interface Location {
  path: string;
  query: URLSearchParams;
}

let headingFocusRequested = false;

/** The next heading that is mounted will take the focus. */
export function requestHeadingFocus(): void {
  headingFocusRequested = true;
}

/** True once after each navigation to another path. */
export function takeHeadingFocusRequest(): boolean {
  const requested = headingFocusRequested;
  headingFocusRequested = false;
  return requested;
}

/** Navigates within the shop. `replace` adds no entry to the browser's history. */
export function navigate(to: string, { replace = false }: { replace?: boolean } = {}): void {
  const before = window.location.pathname;
  if (replace) window.history.replaceState(null, '', to);
  else window.history.pushState(null, '', to);
  if (window.location.pathname !== before) {
    headingFocusRequested = true;
    window.scrollTo(0, 0);
  }
  window.dispatchEvent(new Event(MOVED));
}

function subscribe(onMove: () => void): () => void {
  const onBack = () => {
    headingFocusRequested = true;
    onMove();
  };
  window.addEventListener(MOVED, onMove);
  window.addEventListener('popstate', onBack);
  return () => {
    window.removeEventListener(MOVED, onMove);
    window.removeEventListener('popstate', onBack);
  };
}

/** The address that the server renders; rendering is synchronous, so one at a time. */
let renderedAddress: string | null = null;

/** For the server, which has no window. */
export function renderAt<T>(address: string, render: () => T): T {
  renderedAddress = address;
  try {
    return render();
  } finally {
    renderedAddress = null;
  }
}

function currentAddress(): string {
  return renderedAddress ?? window.location.pathname + window.location.search;
}

export function useLocation(): Location {
  const address = useSyncExternalStore(subscribe, currentAddress, currentAddress);
  return useMemo(() => {
    // The origin plays no part: only path and query are read.
    const url = new URL(`http://shop${address}`);
    return { path: url.pathname.replace(/(.)\/$/, '$1'), query: url.searchParams };
  }, [address]);
}

/** Prevents open redirects: `path` if it is a path of this shop, else the home page. */
export function safePath(path: string | null): string {
  return path !== null && /^\/(?![/\\])/.test(path) ? path : '/';
}

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  to: string;
}

let prepare: (path: string) => void = () => undefined;

/** `handler` is called when a visitor points at a link or focuses it: the page's code can be loaded before the press. */
export function onLinkPointed(handler: (path: string) => void): void {
  prepare = handler;
}

/** A link that navigates without a page load. With a modifier key it opens a tab or window, like any link. */
export function Link({ to, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const otherwise = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (event.defaultPrevented || otherwise) return;
    event.preventDefault();
    navigate(to);
  };
  const preparing = () => prepare(to);
  return <a href={to} onClick={follow} onPointerEnter={preparing} onFocus={preparing} {...rest} />;
}
