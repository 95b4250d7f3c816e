/** What a visitor wanted to put into the cart before signing in; put there right after. Kept by the tab. */
import type { Cart } from '@orders-module/client';
import { client } from './client.ts';
import { tabNotes } from './notes.ts';

const NOTE = 'wanted-item';

export function rememberWanted(variantId: string, quantity: number): void {
  tabNotes.keep(NOTE, `${variantId}:${quantity}`);
}

/** Adds what was wanted, once. Null when there was nothing, or it can no longer be had: the shop goes on either way. */
export async function addWanted(): Promise<Cart | null> {
  const [variantId, quantity] = (tabNotes.read(NOTE) ?? '').split(':');
  tabNotes.drop(NOTE);
  if (!variantId || !quantity) return null;
  try {
    return await client.cart.addItem.mutate({ variantId, quantity: Number(quantity) });
  } catch {
    return null;
  }
}
