import type { PaidOrder } from './settlement-changes.ts';

/** Beyond this many document writes a commit exceeds its deadline on a small machine. */
const MAX_WRITES = 4_000;
/** The order, its email, its cart and its ledger row. */
const PER_ORDER = 4;
/** The ledger's index has an entry per line, which was measured at a tenth of a document. */
const PER_LINE = 0.1;

/** The longest prefix whose writes stay within the limit; always at least one order. Pure. */
export function withinWriteLimit<Batched extends Pick<PaidOrder, 'items'>>(orders: readonly Batched[]): Batched[] {
  const variants = new Set<string>();
  let ownWrites = 0;
  const end = orders.findIndex(({ items }) => {
    for (const { variantId } of items) variants.add(String(variantId));
    ownWrites += PER_ORDER + PER_LINE * items.length;
    return ownWrites + variants.size > MAX_WRITES;
  });
  return end === -1 ? [...orders] : orders.slice(0, Math.max(end, 1));
}
