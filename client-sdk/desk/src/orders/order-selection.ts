import { useMemo, useState } from 'react';

/** The chosen rows of a list, in the order of the list. A row that leaves the list is not chosen any more. */
export function useSelection<Row extends { id: string }>(rows: readonly Row[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const selected = useMemo(() => rows.filter(({ id }) => ids.has(id)), [rows, ids]);
  const toggle = (id: string) =>
    setIds((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  const toggleAll = () => setIds(selected.length === rows.length ? new Set() : new Set(rows.map(({ id }) => id)));
  return { selected, has: (id: string) => ids.has(id), toggle, toggleAll, clear: () => setIds(new Set()) };
}

export type Selection<Row extends { id: string }> = ReturnType<typeof useSelection<Row>>;
