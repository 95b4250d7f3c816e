/**
 * Sends one email through SendGrid. Throws only MailerError, whose message holds neither the API key nor an address: the
 * package's own errors contain both. Sending is at-least-once: SendGrid has no idempotency key, so after a lost reply the
 * retry sends a copy with the same outbox key.
 */
import { MailService } from '@sendgrid/mail';
import * as z from 'zod';
import { type Mailer, MailerError, type OutgoingEmail } from '../../jobs/ports.ts';
import { MAX_LENGTH } from '../../models/contract/limits.ts';
import { createExchange, type Exchange, type ExchangeRequest } from './keep-alive-exchange.ts';
import { oneLine } from './templates/plain-text.ts';

export interface MailerOptions {
  apiKey: string;
  /** Replaces the address of SendGrid's API. */
  baseUrl?: string;
  /** `name` replaces the sender's name that an email has. */
  from: { email: string; name: string | null };
  /** The time budget of one send. */
  timeoutMs: number;
}

type SendGridClient = Parameters<MailService['setClient']>[0];

/** The package's service with the client that its constructor makes, which its types leave out. */
class ShopMailService extends MailService {
  declare readonly client: SendGridClient;
}

/** A mailer for one key. `send` may run concurrently. */
export function createMailer(options: MailerOptions): Mailer {
  const exchange = createExchange();
  return {
    async send(email) {
      try {
        assertAddress(email.to);
        return { messageId: await sendWithDeadline(options, exchange, email) };
      } catch (thrown) {
        throw reduceError(thrown, options.timeoutMs);
      }
    },
  };
}

/** Races the send against the deadline, which also cuts the connection. Returns SendGrid's message id. */
async function sendWithDeadline(
  options: MailerOptions,
  exchange: Exchange,
  email: OutgoingEmail,
): Promise<string | null> {
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      deadline.abort();
      reject(new MailerError(`SendGrid did not answer within ${options.timeoutMs} ms.`, { permanent: false }));
    }, options.timeoutMs);
  });
  try {
    const [response] = await Promise.race([
      createSender(options, exchange, deadline.signal).send({
        to: { email: email.to },
        from: { email: options.from.email, name: options.from.name ?? oneLine(email.senderName, MAX_LENGTH.name) },
        ...(email.replyTo === undefined ? {} : { replyTo: { email: email.replyTo } }),
        subject: email.subject,
        text: email.text,
        html: email.html,
        customArgs: { outboxKey: email.key },
        // Tracking would lead links through a third party, and the shop makes no use of its figures.
        trackingSettings: { clickTracking: { enable: false }, openTracking: { enable: false } },
      }),
      expired,
    ]);
    return readAcceptance(response);
  } finally {
    clearTimeout(timer);
  }
}

const messageIdSchema = z.object({ 'x-message-id': z.string().min(1).max(200) });
/** SendGrid sends no body with its 202; an empty JSON value counts as none. */
const emptyReplySchema = z.object({ body: z.union([z.literal(''), z.null(), z.strictObject({})]) });

/**
 * The message id of an accepted email, null when the reply has none. The package resolves for every 2xx, but SendGrid
 * accepts with 202 only, and with an empty body. Another status, or a body without SendGrid's message id, comes from a
 * proxy. The outcome is then unknown, and a second copy is better than a lost email.
 */
function readAcceptance(response: { statusCode: number; headers: unknown }): string | null {
  const { statusCode } = response;
  const messageId = messageIdSchema.safeParse(response.headers).data?.['x-message-id'] ?? null;
  if (statusCode === 202 && (messageId !== null || emptyReplySchema.safeParse(response).success)) return messageId;
  throw new MailerError(`The reply is not SendGrid's acceptance (HTTP ${statusCode}).`, { permanent: false });
}

/** A sender for one email, because the package passes no abort signal on. Its client sends through `exchange`. */
function createSender({ apiKey, baseUrl }: MailerOptions, exchange: Exchange, signal: AbortSignal): MailService {
  const service = new ShopMailService();
  // First, because setApiKey resets the address.
  service.setApiKey(apiKey);
  const { client } = service;
  if (baseUrl !== undefined) client.setDefaultRequest('baseUrl', baseUrl);
  const request = async (given: Parameters<SendGridClient['request']>[0]) => {
    // The package's types describe what is given to createRequest, not what it returns.
    const reply = await exchange(client.createRequest(given) as unknown as ExchangeRequest, signal);
    return [reply, reply.body];
  };
  service.setClient(Object.create(client, { request: { value: request } }));
  return service;
}

/** Accepts one plain address: a line break, a list or a display name could change the recipients. */
function assertAddress(to: string): void {
  if (!/^[^\s@,;<>"]+@[^\s@,;<>"]+$/.test(to)) {
    throw new MailerError('The recipient is not one plain email address.', { permanent: true });
  }
}

/** SendGrid's refusal (`code` is the HTTP status), or a failed connection (`code` is the system's, if any). */
const refusalSchema = z.object({
  code: z.number().int(),
  response: z.object({ headers: z.object({ 'retry-after': z.unknown().optional() }) }).optional(),
});
const connectionSchema = z.object({ code: z.string().regex(/^[A-Z][A-Z0-9_]{2,40}$/) });

/** SendGrid would refuse the same email again: bad address or content, too large, unprocessable. */
const PERMANENT_STATUSES = [400, 413, 422];

/**
 * Any failure as a MailerError with a message of our own. 401 and 403 are not permanent: staff can correct a wrong key or
 * sender, and the email must still be sent.
 */
function reduceError(thrown: unknown, timeoutMs: number): MailerError {
  if (thrown instanceof MailerError) return thrown;
  const refusal = refusalSchema.safeParse(thrown).data;
  if (refusal !== undefined) {
    return new MailerError(`SendGrid refused the email (HTTP ${refusal.code}).`, {
      permanent: PERMANENT_STATUSES.includes(refusal.code),
      retryAfterMs: refusal.code === 429 ? retryAfterMs(refusal.response?.headers['retry-after']) : null,
    });
  }
  const code = connectionSchema.safeParse(thrown).data?.code ?? 'no code';
  if (code === 'ECONNABORTED' || code === 'ERR_CANCELED') {
    return new MailerError(`SendGrid did not answer within ${timeoutMs} ms.`, { permanent: false });
  }
  return new MailerError(`The email could not be handed to SendGrid (${code}).`, { permanent: false });
}

/** Milliseconds from a Retry-After in seconds; null for anything else, and the outbox's own back-off then applies. */
function retryAfterMs(header: unknown): number | null {
  return typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : null;
}
