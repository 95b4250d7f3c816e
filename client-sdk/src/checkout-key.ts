/** The key that names one checkout, so that trying it again finds the same order instead of making a second. */

const KEY_BYTES = 16;

/**
 * A new key, 32 hexadecimal digits from the platform's random source. Make one when the checkout begins, keep it (over
 * a reload too) until the order stands, and send the same one with every try.
 */
export function newCheckoutKey(): string {
  // Not randomUUID: browsers offer that only on https.
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
