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
  useEffect(() => {
    if (takeHeadingFocusRequest()) heading.current?.focus({ preventScroll: true });
  }, []);
  useLayoutEffect(() => {
    const shown = heading.current;
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
