/**
 * Reads a reply of Paystack as its data or as one GatewayError. Paystack's messages may quote the payer's address, so
 * they only select one of our own messages and are repeated nowhere.
 */
import * as z from 'zod';
import type { Clock } from '../../jobs/ports.ts';
import { GatewayError, type GatewayErrorKind } from '../../models/payment/gateway-reports.ts';
import type { RawReply } from './calls/bounded-call.ts';
import { parseJsonKeepingDigits } from './json.ts';

/** `status` is true when the call succeeded, paid or not. One published sample carries it as a string. */
const envelopeSchema = z.object({
  status: z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]),
  message: z.string().catch(''),
  code: z.string().catch(''),
  data: z.unknown().optional(),
  meta: z.unknown().optional(),
});

export type Envelope = z.infer<typeof envelopeSchema> & { httpStatus: number };

/**
 * The envelope of a call that succeeded; throws GatewayError for every other reply. The statuses 401, 429 and 5xx need no
 * body. Any other refusal counts as definite only in Paystack's own envelope: a proxy may have sent it.
 */
export function readEnvelope(reply: RawReply, clock: Clock): Envelope {
  const { status } = reply;
  if (status === 401) throw new GatewayError('unauthorized', status, 'Paystack does not accept the secret key.');
  if (status === 429) {
    const retryAfterMs = parseRetryAfter(reply.retryAfter, clock);
    throw new GatewayError('rate_limited', status, 'Paystack asks us to slow down.', retryAfterMs);
  }
  if (status >= 500 || status === 408) {
    const retryAfterMs = parseRetryAfter(reply.retryAfter, clock);
    throw new GatewayError('unavailable', status, `Paystack is not able to answer (HTTP ${status}).`, retryAfterMs);
  }
  const envelope = envelopeSchema.safeParse(parseOrNull(reply.body)).data;
  if (envelope === undefined && status === 403)
    throw new GatewayError('blocked', status, 'A firewall in front of Paystack refuses our requests (HTTP 403).');
  if (envelope === undefined) {
    throw new GatewayError('malformed', status, `The reply of Paystack is not what it documents (HTTP ${status}).`);
  }
  if (envelope.status && status >= 200 && status < 300) return { ...envelope, httpStatus: status };
  if (envelope.status) {
    throw new GatewayError('malformed', status, `Paystack says that the call worked, with HTTP ${status}.`);
  }
  const refusal = refusalOf(envelope);
  throw new GatewayError(refusal.kind, status, refusal.message);
}

/** The data of a call that succeeded, parsed by `schema`; throws GatewayError `malformed` when it does not fit. */
export function readData<T>(envelope: Envelope, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(envelope.data);
  if (parsed.success) return parsed.data;
  // Paths only: zod's messages would quote what was received.
  const paths = parsed.error.issues.map((issue) => issue.path.join('.') || 'data').slice(0, 5);
  throw new GatewayError(
    'malformed',
    envelope.httpStatus,
    `The reply of Paystack cannot be read at: ${paths.join(', ')}.`,
  );
}

/**
 * Milliseconds from a Retry-After header: seconds, or an HTTP date against our clock; null for none and for nonsense.
 * Never negative, and not capped: the caller compares it with its deadline.
 */
export function parseRetryAfter(header: string | null, clock: Clock): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header.trim()) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - clock.now().getTime());
}

/** The refusals with a kind of their own, by Paystack's code or, without one, its message. The first match counts. */
const REFUSALS: { kind: GatewayErrorKind; code: RegExp; words: RegExp; message: string }[] = [
  {
    kind: 'duplicate_reference',
    code: /^duplicate_reference$/,
    words: /duplicate transaction reference/i,
    message: 'Paystack knows this reference already.',
  },
  {
    kind: 'already_refunded',
    code: /^transaction_reversed$/,
    words: /(fully|already|been) (reversed|refunded)/i,
    message: 'Paystack has given this charge back in full already.',
  },
  {
    // Paystack publishes no code for it, so any that names the balance is accepted.
    kind: 'insufficient_balance',
    code: /(insufficient|low|not_enough)_?(balance|funds)/i,
    words: /(insufficient|not enough|too low|low).*balance|balance.*(insufficient|not enough|too low)/i,
    message: "The shop's balance at Paystack does not cover this refund.",
  },
  {
    kind: 'unknown_reference',
    code: /^(transaction|refund|dispute)_not_found$/,
    words: /(transaction|reference|refund|dispute).*not found/i,
    message: 'Paystack has no such transaction.',
  },
  {
    kind: 'unauthorized',
    code: /^invalid_key$/i,
    words: /^invalid key/i,
    message: 'Paystack does not accept the secret key.',
  },
];

/** Codes that a message may contain, because they are constants. Any other text of Paystack might quote the payer. */
const KNOWN_CODES = ['missing_params', 'invalid_params', 'invalid_amount', 'invalid_reference', 'unsupported_currency'];

function refusalOf(envelope: z.infer<typeof envelopeSchema>): { kind: GatewayErrorKind; message: string } {
  const known = REFUSALS.find(({ code, words }) => code.test(envelope.code) || words.test(envelope.message));
  if (known !== undefined) return known;
  const code = KNOWN_CODES.includes(envelope.code) ? envelope.code : 'no code that we know';
  return { kind: 'rejected', message: `Paystack refused the request (${code}).` };
}

function parseOrNull(body: string): unknown {
  try {
    return parseJsonKeepingDigits(body);
  } catch {
    return null;
  }
}
