/**
 * SendGrid's signed event webhook: ECDSA on P-256 with SHA-256 over the timestamp's text and the raw body. SendGrid's
 * settings show the public key in base 64. Source: Twilio's documentation, "Event Webhook security features".
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';

export const SIGNATURE_HEADER = 'x-twilio-email-event-webhook-signature';
export const TIMESTAMP_HEADER = 'x-twilio-email-event-webhook-timestamp';

/** A signed request older or newer than this is refused, so that a recorded one cannot be sent again later. */
const TOLERANCE_MS = 10 * 60_000;

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
  if (Math.abs(Number(timestamp) * 1_000 - now.getTime()) > TOLERANCE_MS) return false;
  try {
    const signed = Buffer.concat([Buffer.from(timestamp), bytes]);
    return verify('sha256', signed, { key, dsaEncoding: 'der' }, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
