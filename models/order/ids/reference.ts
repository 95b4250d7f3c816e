/** `ord-<code>-<n>`: within Paystack's alphabet, and recognisable on an account that other systems charge through too. */
const PREFIX = 'ord-';

/** The reference of an order's n-th payment attempt, n from 1. */
export function referenceOf(code: string, n: number): string {
  return `${PREFIX}${code}-${n}`;
}

export function isOurReference(reference: string): boolean {
  return reference.startsWith(PREFIX);
}
