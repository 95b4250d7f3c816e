import type { ReactNode } from 'react';

/** A skeleton for text that is still loading. */
export function Skeleton({ size = 'full' }: { size?: 'full' | 'half' | 'third' | 'title' | 'block' }) {
  return <span className={`bone bone-${size}`} />;
}

/** Wraps skeletons: a screen reader announces "Loading" once, and the skeletons are hidden from it. */
export function Loading({ what, children }: { what: string; children: ReactNode }) {
  return (
    <div className="loading">
      <p className="visually-hidden" role="status">
        Loading {what}…
      </p>
      <div aria-hidden="true">{children}</div>
    </div>
  );
}
