import { useNavigate, useRouterState } from '@tanstack/react-router';
import { type SubmitEvent, useEffect, useRef } from 'react';
import { Icon } from '../../../parts/ui/icon.tsx';

/** The one search: orders by anything that a customer or a parcel names. `/` goes to it from anywhere. */
export function SearchBox() {
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const searched = useRouterState({
    select: ({ location: { pathname, search } }) => (pathname === '/orders' && 'q' in search ? String(search.q) : ''),
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const q = String(new FormData(event.currentTarget).get('q') ?? '').trim();
    void navigate({ to: '/orders', search: q === '' ? {} : { q } });
  };
  return (
    <search className="desk-search">
      <form className="search" onSubmit={submit} key={searched}>
        <label htmlFor="search" className="visually-hidden">
          Code, name, email, phone or SKU
        </label>
        <input
          ref={field}
          id="search"
          name="q"
          type="search"
          defaultValue={searched}
          placeholder="Code, name, email, phone or SKU"
          aria-keyshortcuts="/"
          autoComplete="off"
          maxLength={254}
        />
        <button type="submit" aria-label="Find orders">
          <Icon name="search" />
        </button>
      </form>
    </search>
  );
}

/** True where a key is text, and where a dialog is open. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.closest('input:not([type=checkbox]), textarea, select, [contenteditable], dialog, [role=menu]') !== null
  );
}
