/** Source of the request and error bodies: SendGrid's v3 Mail Send reference. */
import * as z from 'zod';

export const mailSchema = z.strictObject({
  /** Counts from 1. */
  id: z.number().int(),
  to: z.string(),
  from: z.string(),
  /** Null where the sender gave none; so is `replyTo`. */
  fromName: z.string().nullable(),
  replyTo: z.string().nullable(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  customArgs: z.record(z.string(), z.string()),
  /** The outbox key, equal on every copy of one email; null if the sender set none. */
  key: z.string().nullable(),
  /** When it was accepted, ISO 8601. */
  at: z.string(),
  /** The x-message-id of the reply. */
  messageId: z.string(),
});

export type Mail = z.infer<typeof mailSchema>;

const address = z.object({ email: z.string(), name: z.string().optional() });
const customArgs = z.record(z.string(), z.string()).optional();

export const sendRequestSchema = z.object({
  personalizations: z
    .array(z.object({ to: z.array(address).min(1), subject: z.string().optional(), custom_args: customArgs }))
    .min(1),
  from: address,
  reply_to: address.optional(),
  subject: z.string().min(1),
  content: z.array(z.object({ type: z.string().min(1), value: z.string().min(1) })).min(1),
  custom_args: customArgs,
});

export type SendRequest = z.infer<typeof sendRequestSchema>;

/** The custom argument that carries the outbox key. */
const KEY_ARGUMENT = 'outboxKey';

export type NewMail = Omit<Mail, 'id' | 'at' | 'messageId'>;

function contentOf(request: SendRequest, type: string): string {
  return request.content.find((part) => part.type === type)?.value ?? '';
}

/** One mail per recipient, as at SendGrid. */
export function mailsOf(request: SendRequest): NewMail[] {
  return request.personalizations.flatMap((personalization) => {
    const args = { ...request.custom_args, ...personalization.custom_args };
    return personalization.to.map(({ email }) => ({
      to: email,
      from: request.from.email,
      fromName: request.from.name ?? null,
      replyTo: request.reply_to?.email ?? null,
      subject: personalization.subject ?? request.subject,
      text: contentOf(request, 'text/plain'),
      html: contentOf(request, 'text/html'),
      customArgs: args,
      key: args[KEY_ARGUMENT] ?? null,
    }));
  });
}

export function errorBody(message: string, field: string | null = null): object {
  return { errors: [{ message, field, help: null }] };
}

const statusMessages = new Map([
  [400, 'Bad Request'],
  [401, 'The provided authorization grant is invalid, expired, or revoked'],
  [403, 'The from address does not match a verified Sender Identity'],
  [413, 'The JSON payload you have included in your request is too large'],
  [429, 'too many requests'],
]);

export function errorBodyOf(status: number): object {
  return errorBody(statusMessages.get(status) ?? 'Internal error');
}

/** The path of the first address that SendGrid would refuse; null if there is none. */
export function badAddressField(request: SendRequest): string | null {
  for (const [index, { to }] of request.personalizations.entries()) {
    const bad = to.findIndex(({ email }) => !/^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@.]+$/.test(email));
    if (bad >= 0) return `personalizations.${index}.to.${bad}.email`;
  }
  return null;
}
