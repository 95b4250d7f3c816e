import { useEffect, useRef } from 'react';

/**
 * For a form that is open while a colleague saves: the fields that were not touched get the stored values, so that saving
 * reverts nothing. Returns the handler of the dialog's fields, which calls `follow` after each change.
 */
export function useStoredFields<Name extends string>(
  stored: Readonly<Record<Name, string>>,
  follow: (form: HTMLFormElement) => void,
): (form: HTMLFormElement) => void {
  const shown = useRef<HTMLFormElement>(null);
  const before = useRef<Readonly<Record<string, string>>>(stored);
  useEffect(() => {
    const changed = Object.entries<string>(stored).filter(([name, value]) => before.current[name] !== value);
    if (changed.length === 0) return;
    const form = shown.current;
    for (const [name, value] of changed) {
      const field = form?.elements.namedItem(name);
      const isText = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;
      if (isText && field.value === before.current[name]) field.value = value;
    }
    before.current = stored;
    if (form?.isConnected) follow(form);
  });
  return (form) => {
    shown.current = form;
    follow(form);
  };
}
