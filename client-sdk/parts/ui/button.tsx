/** A busy button keeps its size and the focus, and ignores presses. */
import type { ButtonHTMLAttributes } from 'react';

/** `danger` does something that cannot be undone; `final` opens the confirmation for it. */
export type Look = 'primary' | 'secondary' | 'quiet' | 'final' | 'danger';

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> {
  look?: Look;
  /** The text while the action runs. */
  busy?: string | false;
  wide?: boolean;
}

export function Button({ look = 'primary', busy = false, wide = false, onClick, children, ...rest }: ButtonProps) {
  const isBusy = busy !== false;
  return (
    <button
      type="button"
      {...rest}
      className={buttonClass(look, wide)}
      // Not `disabled`, because a disabled button loses the focus.
      aria-disabled={isBusy || undefined}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {isBusy ? (
        <>
          <span className="spinner" aria-hidden="true" />
          {busy}
        </>
      ) : (
        children
      )}
    </button>
  );
}

export function buttonClass(look: Look, wide = false): string {
  return `button button-${look}${wide ? ' button-wide' : ''}`;
}
