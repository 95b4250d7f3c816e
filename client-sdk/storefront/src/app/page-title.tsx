/**
 * A page's heading: names the document too, and takes the focus when one has just come here from another page. Pages that
 * are still loading have one as well, which hands the focus on to the page's own; who has moved on meanwhile keeps theirs.
 */
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { takeFocusWish, wishForFocus } from './router.tsx';
import { shopName } from './shop-name.ts';

interface PageTitleProps {
  /** For the browser's tab; also what is shown when there are no children. */
  title: string;
  children?: ReactNode;
  className?: string;
}

export function PageTitle({ title, children, className }: PageTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title === shopName ? shopName : `${title} · ${shopName}`;
  }, [title]);
  useEffect(() => {
    if (takeFocusWish()) heading.current?.focus({ preventScroll: true });
  }, []);
  useLayoutEffect(() => {
    const shown = heading.current;
    return () => {
      if (shown !== null && document.activeElement === shown) wishForFocus();
    };
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} className={className}>
      {children ?? title}
    </h1>
  );
}
