/** SendGrid's `POST /v3/mail/send`. */
import express, { type Express, type Request, type Response } from 'express';
import * as z from 'zod';
import {
  injectedFaultSchema,
  injectFault,
  isCarriedOutByDefault,
  type PlainReply,
  pauseFor,
} from '../paystack-sandbox/src/http/index.ts';
import { badAddressField, errorBody, errorBodyOf, mailsOf, type SendRequest, sendRequestSchema } from './mail.ts';
import type { MailStore } from './store.ts';

export const mailFaultSchema = z.strictObject({
  /** Only mails to this address. */
  to: z.string().optional(),
  /** Only mails with this outbox key. */
  key: z.string().optional(),
  /** The number of requests that it applies to; missing: all until cleared. */
  times: z.number().int().min(1).optional(),
  /**
   * Whether the mail is accepted although the reply is faulty. Missing: true for delay, drip, huge and malformed, false
   * for the others. {fault: {kind: 'drop'}, carriedOut: true} accepts the mail and then drops the connection.
   */
  carriedOut: z.boolean().optional(),
  /** bad-address: SendGrid refuses the recipient permanently (400). */
  fault: z.union([injectedFaultSchema, z.strictObject({ kind: z.literal('bad-address') })]),
});

export type MailFault = z.infer<typeof mailFaultSchema>;

export interface SendAttempt {
  at: string;
  to: string[];
  key: string | null;
  /** Whether the mail was stored, so that the recipient receives it. */
  accepted: boolean;
  /** HTTP status sent; null if there was no reply. */
  status: number | null;
}

export interface SendRouteOptions {
  /** The only key that is accepted; null accepts any bearer. */
  apiKey: string | null;
  store: MailStore;
  faults: MailFault[];
  attempts: SendAttempt[];
  now: () => Date;
}

/** Returns the newest matching rule and uses it up by one. */
function takeFault(faults: MailFault[], mails: { to: string; key: string | null }[]): MailFault | null {
  const index = faults.findIndex((rule) =>
    mails.some(
      (mail) => (rule.to === undefined || rule.to === mail.to) && (rule.key === undefined || rule.key === mail.key),
    ),
  );
  const rule = faults[index];
  if (rule === undefined) return null;
  if (rule.times !== undefined) {
    rule.times -= 1;
    if (rule.times <= 0) faults.splice(index, 1);
  }
  return rule;
}

function isAuthorized(req: Request, apiKey: string | null): boolean {
  const sent = /^Bearer (\S+)$/i.exec(req.get('authorization') ?? '')?.[1];
  return sent !== undefined && (apiKey === null || sent === apiKey);
}

function accept(request: SendRequest, authorized: boolean, attempt: SendAttempt, store: MailStore): PlainReply {
  if (!authorized) return { status: 401, body: errorBodyOf(401) };
  const badField = badAddressField(request);
  if (badField !== null) return { status: 400, body: errorBody('Does not contain a valid address.', badField) };
  const messageId = store.accept(mailsOf(request));
  attempt.accepted = true;
  return { status: 202, body: {}, headers: { 'x-message-id': messageId } };
}

function send(res: Response, { status, body, headers }: PlainReply): void {
  if (res.destroyed) return;
  res.status(status).set(headers ?? {});
  if (status === 202) res.end();
  else res.json(body);
}

async function handle(req: Request, res: Response, options: SendRouteOptions): Promise<void> {
  const read = sendRequestSchema.safeParse(req.body);
  if (!read.success) {
    const issue = read.error.issues[0];
    res.status(400).json(errorBody(issue?.message ?? 'Bad Request', issue?.path.join('.') ?? null));
    return;
  }
  const mails = mailsOf(read.data);
  const key = mails[0]?.key ?? null;
  const at = options.now().toISOString();
  const attempt: SendAttempt = { at, to: mails.map(({ to }) => to), key, accepted: false, status: null };
  options.attempts.push(attempt);
  res.on('finish', () => {
    attempt.status = res.statusCode;
  });
  const run = (): PlainReply => accept(read.data, isAuthorized(req, options.apiKey), attempt, options.store);
  const rule = takeFault(options.faults, mails);
  if (rule === null) send(res, run());
  else await fail(res, rule, run);
}

async function fail(res: Response, rule: MailFault, run: () => PlainReply): Promise<void> {
  const { fault } = rule;
  const carriedOut = rule.carriedOut ?? isCarriedOutByDefault(fault.kind);
  if (fault.kind === 'bad-address') {
    send(res, { status: 400, body: errorBody('Does not contain a valid address.', 'personalizations.0.to.0.email') });
    return;
  }
  if (fault.kind === 'delay') {
    const early = carriedOut ? run() : null;
    await pauseFor(res, fault.ms);
    send(res, early ?? run());
    return;
  }
  const reply = carriedOut ? run() : { status: 202, body: {} };
  await injectFault(res, fault, reply, errorBodyOf);
}

export function mountSend(app: Express, options: SendRouteOptions): void {
  app.post('/v3/mail/send', express.json({ limit: '2mb' }), async (req, res) => {
    await handle(req, res, options);
  });
}
