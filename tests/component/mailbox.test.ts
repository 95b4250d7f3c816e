/**
 * The mailbox must behave like SendGrid for our mailer. These tests use SendGrid's own client, as development does, and
 * need no database.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MailService } from '@sendgrid/mail';
import { type Mailbox, startMailbox } from '../../dev/mailbox/mailbox.ts';

const apiKey = 'SG.key-of-the-mailbox';
const email = {
  to: 'ada@example.com',
  from: { email: 'shop@example.com', name: 'Shop' },
  subject: 'Your order <ABC>',
  text: 'Thank you.',
  html: '<p>Thank <b>you</b>.</p><script>alert(1)</script>',
  customArgs: { outboxKey: 'order-1:confirmed:1' },
};
let mailbox: Mailbox;

/** The package's service with its client, which the constructor creates and the types omit. */
class ServiceWithClient extends MailService {
  declare readonly client: Parameters<MailService['setClient']>[0];
}

const send = (overrides: object = {}, key = apiKey) => {
  const service = new ServiceWithClient();
  // The key comes first, because setting it resets the address.
  service.setApiKey(key);
  service.client.setDefaultRequest('baseUrl', mailbox.url);
  return service.send({ ...email, ...overrides });
};

beforeEach(async () => {
  mailbox = await startMailbox({ apiKey });
});

afterEach(() => mailbox.close());

test('an email is accepted with 202 and a message id, and kept with its parts and key', async () => {
  const [answer] = await send();
  expect(answer.statusCode).toBe(202);
  expect(mailbox.mails({ to: 'ada@example.com', key: 'order-1:confirmed:1' })).toMatchObject([
    {
      subject: email.subject,
      text: email.text,
      html: email.html,
      from: 'shop@example.com',
      customArgs: email.customArgs,
      messageId: answer.headers['x-message-id'],
    },
  ]);
  expect(mailbox.mails({ to: 'somebody@example.com' })).toEqual([]);
});

test('waiting finds a mail that is there, and one that is still to come, and says what came instead', async () => {
  const coming = mailbox.waitFor((mail) => mail.key === 'order-1:confirmed:1');
  await send();
  expect((await coming).to).toBe('ada@example.com');
  expect((await mailbox.waitFor((mail) => mail.to === 'ada@example.com')).id).toBe((await coming).id);
  await expect(mailbox.waitFor(() => false, { timeoutMs: 20 })).rejects.toThrow('stored mails: "Your order <ABC>"');
});

describe('refusals and faults', () => {
  test.each([
    [401, () => send({}, 'SG.of-somebody-else'), 'authorization grant is invalid'],
    [400, () => send({ to: 'ada@nowhere' }), 'valid address'],
  ])('responds %i with SendGrid’s error body and stores nothing', async (code, attempt, message) => {
    await expect(attempt()).rejects.toMatchObject({
      code,
      response: { body: { errors: [{ message: expect.stringContaining(message) }] } },
    });
    expect(mailbox.mails()).toEqual([]);
  });

  test('fails the scripted number of requests, then accepts', async () => {
    mailbox.script({ times: 2, fault: { kind: 'status', status: 503 } });
    await expect(send()).rejects.toMatchObject({ code: 503 });
    await expect(send()).rejects.toMatchObject({ code: 503 });
    await send();
    expect(mailbox.attempts().map((attempt) => attempt.status)).toEqual([503, 503, 202]);
    expect(mailbox.mails()).toHaveLength(1);
  });

  test('429 carries Retry-After', async () => {
    mailbox.script({ fault: { kind: 'status', status: 429, retryAfterSeconds: 30 } });
    await expect(send()).rejects.toMatchObject({ code: 429, response: { headers: { 'retry-after': '30' } } });
  });

  test('an email can be accepted although its reply is lost, and comes again under the same key', async () => {
    mailbox.script({ times: 1, carriedOut: true, fault: { kind: 'drop' } });
    await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
    await send();
    expect(mailbox.mails({ key: 'order-1:confirmed:1' })).toHaveLength(2);
    expect(mailbox.attempts()).toMatchObject([
      { accepted: true, status: null },
      { accepted: true, status: 202 },
    ]);
  });

  test('an accepted email whose answer comes byte by byte carries its message id', async () => {
    mailbox.script({ times: 1, fault: { kind: 'drip', byteEveryMs: 1 } });
    const [{ statusCode, headers }] = await send();
    expect([statusCode, headers['x-message-id']]).toEqual([202, mailbox.mails()[0]?.messageId]);
  });

  test('a fault can be kept to one recipient', async () => {
    mailbox.script({ to: 'bad@example.com', fault: { kind: 'bad-address' } });
    await expect(send({ to: 'bad@example.com' })).rejects.toMatchObject({ code: 400 });
    await send();
    expect(mailbox.mails().map((mail) => mail.to)).toEqual(['ada@example.com']);
  });
});

describe('pages and controls', () => {
  const get = (url: string, headers: Record<string, string> = {}) => fetch(mailbox.url + url, { headers });

  test('the list and the mail show it escaped, its own HTML only in a frame that runs nothing', async () => {
    await send();
    const list = await (await get('/')).text();
    expect(list).toContain('Your order &lt;ABC&gt;');
    const mail = await (await get('/mails/1')).text();
    expect(mail).toContain('sandbox="allow-popups');
    expect(mail).not.toContain('alert(1)');
    const frame = await get('/mails/1/html');
    expect(frame.headers.get('content-security-policy')).toMatch(
      /^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'/,
    );
    expect(await frame.text()).toContain('<b>you</b>');
    expect((await get('/mails/2')).status).toBe(404);
  });

  test('other processes script faults and read mails over HTTP; pages of other sites do not', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ times: 1, fault: { kind: 'status', status: 500 } });
    await fetch(`${mailbox.url}/__mailbox/faults`, { method: 'POST', headers, body });
    await expect(send()).rejects.toMatchObject({ code: 500 });
    await send();
    expect(await (await get('/__mailbox/mails?key=order-1:confirmed:1')).json()).toEqual(mailbox.mails());
    expect((await get('/__mailbox/mails', { origin: 'http://evil.example' })).status).toBe(403);
    expect((await fetch(`${mailbox.url}/__mailbox/faults`, { method: 'POST', body })).status).toBe(403);
  });
});

test('mails are kept across a restart when a file is given', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'mailbox-'));
  const file = path.join(folder, 'mails.json');
  try {
    await mailbox.close();
    mailbox = await startMailbox({ file });
    await send();
    const kept = mailbox.mails();
    await mailbox.close();
    mailbox = await startMailbox({ file });
    expect(mailbox.mails()).toEqual(kept);
  } finally {
    await rm(folder, { recursive: true });
  }
});
