import { newCheckoutKey } from './checkout-key.ts';

/**
 * A new idempotency key for one action of staff that a repeat would do twice, such as a note. Create one when the person
 * begins, and send the same one with every attempt.
 */
export function newActionKey(): string {
  return newCheckoutKey();
}
