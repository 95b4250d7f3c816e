/** SendGrid's events about emails, as the failures of delivery among them (Twilio's documentation, "Event Webhook reference"). */
import { z } from 'zod';
import type { DeliveryFailureKind } from '../../../models/contract/statuses.ts';
import type { UndeliveredReport } from '../../../models/messaging/delivery/mark-undelivered.ts';
import { oneLine } from '../templates/plain-text.ts';

const MAX_REASON = 300;

/** `outboxKey` is the custom argument of the email. Other fields are ignored, the address among them. */
const event = z.object({
  event: z.string(),
  /** Unix seconds. */
  timestamp: z.number().min(0).max(9_999_999_999),
  outboxKey: z.string().min(1).max(200),
  sg_message_id: z.string().max(300).optional(),
  reason: z.string().optional(),
  /** Of a bounce: `bounce` or `blocked`. */
  type: z.string().optional(),
});

/** null when the body is no list of events. Events that report no failure, or about no email of ours, are left out. */
export function readDeliveryFailures(bytes: Buffer): UndeliveredReport[] | null {
  const items = parseList(bytes);
  return items?.flatMap((item) => toReport(item) ?? []) ?? null;
}

function parseList(bytes: Buffer): unknown[] | null {
  try {
    const parsed: unknown = JSON.parse(bytes.toString());
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function toReport(item: unknown): UndeliveredReport | null {
  const read = event.safeParse(item);
  const what = read.success ? failureOf(read.data) : null;
  if (!read.success || what === null) return null;
  const { outboxKey, sg_message_id: copyId, timestamp, reason = '' } = read.data;
  const words = withoutAddresses(oneLine(reason, 2_000));
  return {
    emailId: outboxKey,
    copyId: copyId ?? null,
    failure: { what, at: new Date(timestamp * 1_000), ...(words === '' ? {} : { reason: oneLine(words, MAX_REASON) }) },
  };
}

/** A deferred email is still tried, and the others have arrived. */
function failureOf({ event: name, type }: z.output<typeof event>): DeliveryFailureKind | null {
  if (name === 'dropped') return 'dropped';
  if (name !== 'bounce' && name !== 'blocked') return null;
  return name === 'blocked' || type === 'blocked' ? 'blocked' : 'bounced';
}

/** Mail servers repeat the customer's address in their words. */
function withoutAddresses(text: string): string {
  return text.replace(/<?[^\s<>@,;:"()]+@[^\s<>@,;:"()]+>?/g, 'the address').trim();
}
