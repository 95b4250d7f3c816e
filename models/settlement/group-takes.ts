import type { SettlementDecision } from './decide-settlement.ts';

/** Variants that give up the same units each. */
export interface TakeGroup {
  /** Sorted. */
  variantIds: string[];
  fromStock: number;
  fromReserved: number;
}

/**
 * Groups the takes by their units, because parsing and planning a statement costs the server as much as a write. `takes`
 * are sorted by id, each variant once. So are the ids of a group, and the groups follow the order of their smallest id. Pure.
 */
export function groupTakes(takes: SettlementDecision['takes']): TakeGroup[] {
  const groups = new Map<string, TakeGroup>();
  for (const { variantId, fromStock, fromReserved } of takes) {
    const key = `${fromStock} ${fromReserved}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { variantIds: [variantId], fromStock, fromReserved });
    else group.variantIds.push(variantId);
  }
  return [...groups.values()];
}
