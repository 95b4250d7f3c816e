import { type KeyboardEvent, useRef } from 'react';
import { isTyping } from '../app/search-box.tsx';

/** `j` and `k` move through the links of a list's rows, `x` chooses the row that has the focus. */
export function useListKeys(onChoose: (id: string) => void) {
  const list = useRef<HTMLTableSectionElement>(null);
  const onKeyDown = ({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
    if (ctrlKey || metaKey || altKey || isTyping(target)) return;
    const links = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const row = target instanceof HTMLElement ? target.closest('tr')?.querySelector<HTMLElement>('[data-row]') : null;
    if (key === 'x') {
      if (row?.dataset.row !== undefined) onChoose(row.dataset.row);
    } else if (key === 'j' || key === 'k') {
      const at = row ? links.indexOf(row) : -1;
      links[Math.max(0, at + (key === 'j' ? 1 : -1))]?.focus();
    }
  };
  return { list, onKeyDown };
}
