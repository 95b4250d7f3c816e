/** The mailer against a local SendGrid: the request, the class of each refusal, and no secret in logs or errors. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MailerError } from '../../jobs/ports.ts';
import { createMailer } from '../../server/email/mailer.ts';
import { allThatCanBeSeenOf } from '../support/captured-log.ts';
import { type Answer, reply, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';

const KEY = 'SG.canary-key-0123456789';
const ADDRESS = 'canary.reader@example.com';
const email = {
  to: ADDRESS,
  subject: 'Order K7 is confirmed',
  text: 'Hello',
  html: '<p>Hello</p>',
  senderName: 'Shop of the settings',
  key: 'o1:order_confirmed:3',
};

const accepted = reply(202, '', { 'x-message-id': 'msg-1' });

let server: ScriptedServer;
beforeEach(async () => {
  server = await startScriptedServer(accepted);
});
afterEach(() => server.close());

const mailer = (options: { timeoutMs?: number; baseUrl?: string; apiKey?: string; name?: string | null } = {}) =>
  createMailer({
    apiKey: options.apiKey ?? KEY,
    baseUrl: options.baseUrl ?? server.url,
    from: { email: 'shop@example.com', name: options.name === undefined ? 'Shop' : options.name },
    timeoutMs: options.timeoutMs ?? 5_000,
  });

async function failureOf(call: Promise<unknown>): Promise<MailerError> {
  const thrown = await call.then(
    () => {
      throw new Error('the call succeeded');
    },
    (error: unknown) => error,
  );
  if (thrown instanceof MailerError) return thrown;
  throw new Error(`expected a MailerError, got ${String(thrown)}`);
}

test('an accepted email gives SendGrid’s message id', async () => {
  expect(await mailer().send(email)).toEqual({ messageId: 'msg-1' });
});

test('the configured name of the sender goes before that of the email, and replies go where the email says', async () => {
  await mailer().send(email);
  await mailer({ name: null }).send({ ...email, senderName: 'Ada’s\r\nShop', replyTo: 'help@example.com' });
  const sent = server.requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  expect(sent.map(({ from, reply_to: replyTo }) => [from, replyTo])).toEqual([
    [{ email: 'shop@example.com', name: 'Shop' }, undefined],
    [{ email: 'shop@example.com', name: 'Ada’s Shop' }, { email: 'help@example.com' }],
  ]);
});

test('an accepted email without an id is accepted all the same', async () => {
  server.answerWith(reply(202, ''));
  expect(await mailer().send(email)).toEqual({ messageId: null });
});

test.each([
  ['an empty object and no id', reply(202, {}), null],
  ['text beside an id', reply(202, 'Accepted', { 'x-message-id': 'msg-1' }), 'msg-1'],
])('202 with %s is accepted', async (_, answer, messageId) => {
  server.answerWith(answer);
  expect(await mailer().send(email)).toEqual({ messageId });
});

test('what is sent is the email, its outbox key, and no tracking', async () => {
  await mailer().send(email);
  const [request] = server.requests;
  expect(request).toMatchObject({ method: 'POST', url: '/v3/mail/send', headers: { authorization: `Bearer ${KEY}` } });
  expect(JSON.parse(request?.body ?? '')).toMatchObject({
    from: { email: 'shop@example.com', name: 'Shop' },
    subject: email.subject,
    personalizations: [{ to: [{ email: ADDRESS }] }],
    custom_args: { outboxKey: email.key },
    content: [
      { type: 'text/plain', value: 'Hello' },
      { type: 'text/html', value: '<p>Hello</p>' },
    ],
    tracking_settings: { click_tracking: { enable: false }, open_tracking: { enable: false } },
  });
});

test('two mailers in one process keep to their own key and address', async () => {
  const other = await startScriptedServer(accepted);
  const first = mailer();
  await mailer({ baseUrl: other.url, apiKey: 'SG.second' }).send(email);
  await first.send(email);
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${KEY}`]);
  expect(other.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer SG.second']);
  await other.close();
});

const echo = { errors: [{ message: `Bad address ${ADDRESS} under ${KEY}`, field: 'personalizations.0.to.0.email' }] };
const drip: Answer = (res) => {
  res.writeHead(202, { 'content-type': 'application/json' });
  const timer = setInterval(() => res.write(' '), 10);
  res.on('close', () => clearInterval(timer));
};

const PAGE = `<!doctype html><h1>Sign in to this network, ${ADDRESS}</h1>`;
const HTML = { 'content-type': 'text/html' };

const failures: [name: string, answer: Answer, expected: { permanent: boolean; retryAfterMs: number | null }][] = [
  ['400', reply(400, echo), { permanent: true, retryAfterMs: null }],
  ['413', reply(413, echo), { permanent: true, retryAfterMs: null }],
  ['401', reply(401, echo), { permanent: false, retryAfterMs: null }],
  ['403', reply(403, echo), { permanent: false, retryAfterMs: null }],
  ['404', reply(404, echo), { permanent: false, retryAfterMs: null }],
  ['429', reply(429, echo), { permanent: false, retryAfterMs: null }],
  ['429 with Retry-After', reply(429, echo, { 'retry-after': '30' }), { permanent: false, retryAfterMs: 30_000 }],
  ['429 with nonsense', reply(429, echo, { 'retry-after': 'soon' }), { permanent: false, retryAfterMs: null }],
  ['500', reply(500, echo), { permanent: false, retryAfterMs: null }],
  ['503 in HTML', reply(503, `<html>${KEY}</html>`), { permanent: false, retryAfterMs: null }],
  ['200 in HTML', reply(200, PAGE, HTML), { permanent: false, retryAfterMs: null }],
  ['200 with nothing', reply(200, ''), { permanent: false, retryAfterMs: null }],
  ['200 with an empty object', reply(200, {}), { permanent: false, retryAfterMs: null }],
  ['200 with JSON cut short', reply(200, '{"errors'), { permanent: false, retryAfterMs: null }],
  ['200 with a message id', reply(200, '', { 'x-message-id': 'msg-1' }), { permanent: false, retryAfterMs: null }],
  ['201', reply(201, echo), { permanent: false, retryAfterMs: null }],
  ['202 in HTML without an id', reply(202, PAGE, HTML), { permanent: false, retryAfterMs: null }],
  ['202 in JSON without an id', reply(202, echo), { permanent: false, retryAfterMs: null }],
  ['204', (res) => res.writeHead(204).end(), { permanent: false, retryAfterMs: null }],
  ['207', reply(207, echo), { permanent: false, retryAfterMs: null }],
  ['a redirect', reply(302, '', { location: 'http://127.0.0.1:1/' }), { permanent: false, retryAfterMs: null }],
  ['a reset connection', (res) => res.destroy(), { permanent: false, retryAfterMs: null }],
  ['no answer', () => {}, { permanent: false, retryAfterMs: null }],
  ['an answer that drips', drip, { permanent: false, retryAfterMs: null }],
  ['a huge answer', reply(202, ' '.repeat(1_000_000)), { permanent: false, retryAfterMs: null }],
];

describe.each(failures)('%s', (name, answer, expected) => {
  const isSlow = name === 'no answer' || name === 'an answer that drips';

  test(`is ${expected.permanent ? 'permanent' : 'transient'}, in time, and shows neither key nor address`, async () => {
    server.answerWith(answer);
    const startedAt = performance.now();
    const error = await failureOf(mailer({ timeoutMs: isSlow ? 150 : 5_000 }).send(email));
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    expect({ permanent: error.permanent, retryAfterMs: error.retryAfterMs }).toEqual(expected);
    const seen = allThatCanBeSeenOf(error);
    expect(seen).not.toContain(KEY);
    expect(seen).not.toContain(ADDRESS);
  });
});

test('a server that is not there is transient, and the system’s word for it is kept', async () => {
  const gone = await startScriptedServer(accepted);
  await gone.close();
  const error = await failureOf(mailer({ baseUrl: gone.url }).send(email));
  expect(error.permanent).toBe(false);
  expect(error.message).toContain('ECONNREFUSED');
  expect(allThatCanBeSeenOf(error)).not.toContain(KEY);
});

test('a redirect is not followed, and its target gets no request', async () => {
  const elsewhere = await startScriptedServer(accepted);
  server.answerWith(reply(307, '', { location: `${elsewhere.url}/v3/mail/send` }));
  await failureOf(mailer().send(email));
  expect(elsewhere.requests).toEqual([]);
  await elsewhere.close();
});

test('emails one after the other share a connection, and one that breaks fails its email alone', async () => {
  const sockets = new Set<unknown>();
  const closing: Answer = (res) => {
    sockets.add(res.socket);
    accepted(res, server.requests[0] as never, 0);
  };
  server.answerWith(closing);
  const own = mailer();
  for (let sent = 0; sent < 3; sent += 1) await own.send(email);
  expect(sockets.size).toBe(1);
  // The email may have been taken before the connection broke: only the outbox sends it again.
  server.answerWith((res, request, index) => {
    if (sockets.has(res.socket)) res.socket?.resetAndDestroy();
    else accepted(res, request, index);
  });
  expect(await failureOf(own.send(email))).toMatchObject({ permanent: false });
  await expect(own.send(email)).resolves.toEqual({ messageId: 'msg-1' });
});

test('at its deadline a send lets go of the connection', async () => {
  const closed = new Promise<void>((resolve) => {
    server.answerWith((res) => {
      once(res, 'close').then(() => resolve());
    });
  });
  await failureOf(mailer({ timeoutMs: 100 }).send(email));
  await closed;
});

test.each([
  ['no-at-sign'],
  [''],
  ['a@b.example, c@d.example'],
  ['Name <a@b.example>'],
  ['a@b.example\r\nBcc: c@d.example'],
  ['a@@b.example'],
])('%j is no address: permanent, and nothing is sent', async (to) => {
  const error = await failureOf(mailer().send({ ...email, to }));
  expect(error.permanent).toBe(true);
  expect(server.requests).toEqual([]);
});
