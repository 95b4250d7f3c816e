/**
 * Client-side routing over real paths. After a navigation the new page's heading takes the focus (app/page-title), so
 * that a screen reader announces the page. Some twenty patterns do not justify a library.
 */
import { type AnchorHTMLAttributes, type MouseEvent, useMemo, useSyncExternalStore } from 'react';
import { requestHeadingFocus } from '../../../parts/page/heading-focus.ts';

const MOVED = 'storefront:moved';

export interface Location {
  path: string;
  query: URLSearchParams;
}

/** Navigates within the shop. `replace` adds no entry to the browser's history. */
export function navigate(to: string, { replace = false }: { replace?: boolean } = {}): void {
  // The desk is another app.
  if (/^\/desk(\/|$)/.test(to)) {
    window.location.replace(to);
    return;
  }
  const before = window.location.pathname;
  if (replace) window.history.replaceState(null, '', to);
  else window.history.pushState(null, '', to);
  if (window.location.pathname !== before) {
    requestHeadingFocus();
    window.scrollTo(0, 0);
  }
  window.dispatchEvent(new Event(MOVED));
}

function subscribe(onMove: () => void): () => void {
  const onBack = () => {
    requestHeadingFocus();
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
