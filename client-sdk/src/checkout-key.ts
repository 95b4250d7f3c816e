const KEY_BYTES = 16;

/**
 * A new idempotency key for one checkout: 32 hexadecimal digits from the platform's random source. Create one when the
 * checkout begins, keep it (over a reload too) until the order exists, and send the same one with every attempt. A repeat
 * then finds the same order instead of placing a second.
 */
export function newCheckoutKey(): string {
  return randomKey();
}

/**
 * A new idempotency key for one action of staff, such as a shipment. Create one when the form opens, and send the same one
 * with every attempt: a repeat then changes nothing.
 */
export function newActionKey(): string {
  return randomKey();
}

function randomKey(): string {
  // Not randomUUID: browsers offer that only on https.
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
