/**
 * SendGrid's signed event webhook: ECDSA on P-256 with SHA-256 over the timestamp's text and the raw body. SendGrid's
 * settings show the public key in base 64. Source: Twilio's documentation, "Event Webhook security features".
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';

export const SIGNATURE_HEADER = 'x-twilio-email-event-webhook-signature';
export const TIMESTAMP_HEADER = 'x-twilio-email-event-webhook-timestamp';

/**
 * SendGrid repeats events for 24 hours, and its documentation leaves open whether a repeat is signed anew. A recorded request
 * that is sent again within that time changes nothing, because events are recorded once.
 */
const OLDEST_MS = 25 * 3600_000;
/** For clocks that differ. */
const NEWEST_MS = 10 * 60_000;

/** null for anything but the public key of P-256 in base 64. */
export function readVerificationKey(text: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null;
  } catch {
    return null;
  }
}

export interface SignedHeaders {
  signature: string;
  timestamp: string;
}

/** null without one signature and one timestamp of the right form: such a request is refused before its body is read. */
export function readSignedHeaders(headers: Record<string, unknown>): SignedHeaders | null {
  const signature = headers[SIGNATURE_HEADER];
  const timestamp = headers[TIMESTAMP_HEADER];
  if (typeof signature !== 'string' || !/^[A-Za-z0-9+/]{60,120}={0,2}$/.test(signature)) return null;
  return typeof timestamp === 'string' && /^\d{1,12}$/.test(timestamp) ? { signature, timestamp } : null;
}

/** Never throws. */
export function isSignedBySendGrid(
  bytes: Uint8Array,
  { signature, timestamp }: SignedHeaders,
  { key, now }: { key: KeyObject; now: Date },
): boolean {
  const ageMs = now.getTime() - Number(timestamp) * 1_000;
  if (ageMs > OLDEST_MS || ageMs < -NEWEST_MS) return false;
  try {
    const signed = Buffer.concat([Buffer.from(timestamp), bytes]);
    return verify('sha256', signed, { key, dsaEncoding: 'der' }, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
