/**
 * Paystack's webhook signature: the lowercase hex HMAC-SHA512 of the raw body under the secret key, sent as
 * `x-paystack-signature` (Paystack's documentation, "Verifying events"). The signer stands beside the verifier, so that
 * the sandbox and the tests sign with the code that checks. Called by rest/paystack-webhook and dev.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

const SIGNATURE_PATTERN = /^[0-9a-fA-F]{128}$/;

/** The signature of exactly these bytes. Any JSON encoding is legal, so hash what travels, never a re-serialised body. */
export function sign(bytes: Uint8Array, secret: string): string {
  return createHmac('sha512', secret).update(bytes).digest('hex');
}

/** True for what may be a signature at all: one string of 128 hex digits. Tells before a body is read. */
export function isSignature(header: unknown): header is string {
  return typeof header === 'string' && SIGNATURE_PATTERN.test(header);
}

/**
 * True when `header` is the signature of `bytes` under `secret`. Never throws: a missing header, a repeated one (an
 * array), a wrong length or anything but hex is simply false. Takes the same time wherever the first difference is.
 */
export function verifySignature(bytes: Uint8Array, header: unknown, secret: string): boolean {
  if (!isSignature(header)) return false;
  const expected = createHmac('sha512', secret).update(bytes).digest();
  return timingSafeEqual(expected, Buffer.from(header, 'hex'));
}
