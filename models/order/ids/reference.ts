/** `ord-<code>-<n>`: within Paystack's alphabet, and recognisable on an account that other systems charge through too. */
const PREFIX = 'ord-';

/** The reference of an order's n-th payment attempt, n from 1. */
export function referenceOf(code: string, n: number): string {
  return `${PREFIX}${code}-${n}`;
}

/** The order's code in a reference; null for a reference of another system. */
export function codeOfReference(reference: string): string | null {
  return /^ord-([0-9A-Z]{4,20})-\d{1,3}$/.exec(reference)?.[1] ?? null;
}

export function isOurReference(reference: string): boolean {
  return reference.startsWith(PREFIX);
}
