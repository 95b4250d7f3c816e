/**
 * Paystack's webhook signature: the lowercase hex HMAC-SHA512 of the raw body under the secret key, sent as
 * `x-paystack-signature` (Paystack's documentation, "Verifying events"). The sandbox and the tests sign with this code
 * too, so the two sides cannot differ.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

const SIGNATURE_PATTERN = /^[0-9a-fA-F]{128}$/;

/** The signature of exactly these bytes. Any JSON encoding is legal, so never pass a body that was serialised again. */
export function sign(bytes: Uint8Array, secret: string): string {
  return createHmac('sha512', secret).update(bytes).digest('hex');
}

/** True for one string of 128 hex digits. A request without it is refused before its body is read. */
export function isSignature(header: unknown): header is string {
  return typeof header === 'string' && SIGNATURE_PATTERN.test(header);
}

/**
 * True when `header` is the signature of `bytes` under `secret`. Never throws: a missing header, a repeated one (an
 * array), a wrong length or anything but hex is false. Takes the same time wherever the first difference is.
 */
export function verifySignature(bytes: Uint8Array, header: unknown, secret: string): boolean {
  if (!isSignature(header)) return false;
  const expected = createHmac('sha512', secret).update(bytes).digest();
  return timingSafeEqual(expected, Buffer.from(header, 'hex'));
}
