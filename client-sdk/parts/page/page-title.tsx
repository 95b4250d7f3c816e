/**
 * A page's heading. It sets the document's title and takes the focus after a navigation. A loading page has a heading
 * too, which passes the focus on to its successor if it still has it.
 */
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { useShopName } from '../data/shop.ts';
import { requestHeadingFocus, takeHeadingFocusRequest } from './heading-focus.ts';

interface PageTitleProps {
  /** The title of the browser's tab, and the heading's text if there are no children. Null: the shop's name alone. */
  title: string | null;
  children?: ReactNode;
  className?: string;
}

export function PageTitle({ title, children, className }: PageTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shopName = useShopName();
  useEffect(() => {
    document.title = title === null ? shopName : `${title} · ${shopName}`;
  }, [title, shopName]);
  // Before the page shows: later the heading would take the focus from a field in which somebody types already.
  useLayoutEffect(() => {
    const shown = heading.current;
    if (takeHeadingFocusRequest()) shown?.focus({ preventScroll: true });
    return () => {
      if (shown !== null && document.activeElement === shown) requestHeadingFocus();
    };
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} className={className}>
      {children ?? title ?? shopName}
    </h1>
  );
}
