/**
 * The router: addresses are real paths, the page is chosen in the browser. After a move the new page's heading takes the
 * focus (app/page-title), so that a screen reader says where one is. Small on purpose: seven patterns need no library.
 */
import { type AnchorHTMLAttributes, type MouseEvent, useMemo, useSyncExternalStore } from 'react';

const MOVED = 'storefront:moved';

export interface Place {
  path: string;
  query: URLSearchParams;
}

/** Set by a move, taken by the heading of the page that it leads to. */
let focusWanted = false;

/** The next heading is to take the focus. */
export function wishForFocus(): void {
  focusWanted = true;
}

/** True once after each move to another path. */
export function takeFocusWish(): boolean {
  const wanted = focusWanted;
  focusWanted = false;
  return wanted;
}

/** Goes to an address of this shop. `replace` leaves no step to come back to. */
export function navigate(to: string, { replace = false }: { replace?: boolean } = {}): void {
  const before = window.location.pathname;
  if (replace) window.history.replaceState(null, '', to);
  else window.history.pushState(null, '', to);
  if (window.location.pathname !== before) {
    focusWanted = true;
    window.scrollTo(0, 0);
  }
  window.dispatchEvent(new Event(MOVED));
}

function subscribe(onMove: () => void): () => void {
  const onBack = () => {
    focusWanted = true;
    onMove();
  };
  window.addEventListener(MOVED, onMove);
  window.addEventListener('popstate', onBack);
  return () => {
    window.removeEventListener(MOVED, onMove);
    window.removeEventListener('popstate', onBack);
  };
}

/** Where the browser is; follows every move. */
export function usePlace(): Place {
  const address = useSyncExternalStore(subscribe, () => window.location.pathname + window.location.search);
  return useMemo(() => {
    const url = new URL(address, window.location.origin);
    return { path: url.pathname.replace(/(.)\/$/, '$1'), query: url.searchParams };
  }, [address]);
}

/** The values of a pattern's `:name` parts, or null when the path is another. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const values: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) values[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return values;
}

/** A path of this shop that a query may name as the next one; anything else leads home. */
export function safePath(wanted: string | null): string {
  return wanted !== null && /^\/(?![/\\])/.test(wanted) ? wanted : '/';
}

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  to: string;
}

/** An ordinary link that moves without loading the page again; opens new tabs and windows as links do. */
export function Link({ to, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const otherwise = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (event.defaultPrevented || otherwise) return;
    event.preventDefault();
    navigate(to);
  };
  return <a href={to} onClick={follow} {...rest} />;
}
