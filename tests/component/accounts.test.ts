/** Accounts: links that come by email, passwords, sessions and saved addresses. */
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { resetPassword } from '../../models/accounts/links/use-link.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { get, post } from '../support/raw-trpc.ts';
import { ADDRESS } from '../support/shopping.ts';
import { fakeClock, PASSWORD, type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

const MINUTE_MS = 60_000;
const NEW_PASSWORD = 'quiet rivers run deep';

let app: TestApp;
const clock = fakeClock();
beforeAll(async () => {
  app = await startTestApp({ context: { clock } });
});
afterAll(() => app.stop());
beforeEach(() => app.mailbox.clear());

const statusOf = async (token: string) => (await get(app.url, 'auth.me', undefined, { token })).status;
const login = (email: string, password: string) => post(app.url, 'auth.login', { email, password });
const askForLink = async (email: string) => (await post(app.url, 'auth.forgotPassword', { email })).body.result.data;
const forgot = async (email: string) => {
  const answer = await askForLink(email);
  await app.ctx.lateWork.ended();
  return answer;
};
const reset = (token: string, password = NEW_PASSWORD) => post(app.url, 'auth.resetPassword', { token, password });

/** Sends what is queued. Returns the mails to the address so far. */
async function mailsTo(email: string) {
  await runEmailsOnce(app.ctx);
  return app.mailbox.mails({ to: email });
}

/** The token of the newest link to the address. */
async function tokenTo(email: string, page: string): Promise<string> {
  const text = (await mailsTo(email)).at(-1)?.text ?? '';
  return new RegExp(`/${page}#(\\S+)`).exec(text)?.[1] ?? `no link in: ${text}`;
}

async function askedFor(user: SignedIn): Promise<string> {
  await forgot(user.email);
  return tokenTo(user.email, 'reset-password');
}

const issueOf = ({ status, body }: Awaited<ReturnType<typeof post>>) => [
  status,
  body.error?.data.details.issues[0]?.path,
  body.error?.data.details.issues[0]?.message,
];
const SPENT = [400, 'token', 'this link was used before or is too old; ask for a new one'];

describe('a forgotten password', () => {
  test('a link sets a new one, signs in, ends every session and tells the owner; it works once', async () => {
    const user = await app.signUp({ name: 'Ẹniọlá' });
    const { token: before } = await app.client().auth.login.mutate({ email: user.email, password: PASSWORD });
    const token = await askedFor(user);
    const { status, body } = await reset(token);
    expect([status, body.result.data.user.email, body.result.data.user.emailVerified]).toEqual([200, user.email, true]);
    expect(await statusOf(body.result.data.token)).toBe(200);
    expect([await statusOf(before), await statusOf(user.token)]).toEqual([401, 401]);
    expect((await login(user.email, PASSWORD)).status).toBe(401);
    expect((await login(user.email, NEW_PASSWORD)).status).toBe(200);
    expect(issueOf(await reset(token))).toEqual(SPENT);
    const subjects = (await mailsTo(user.email)).map(({ subject }) => subject);
    expect(subjects).toEqual(['Set a new password – Test Shop', 'Your password was changed – Test Shop']);
    expect((await mailsTo(user.email))[0]?.text).toContain('Hello Ẹniọlá,');
  });

  test('fifty who use a link at once set one password', async () => {
    const user = await app.signUp();
    const [linkId = ''] = (await askedFor(user)).split('.');
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) =>
        resetPassword(app.db, linkId, { passwordHash: `hash ${n}`, now: clock.now() }),
      ),
    );
    const winners = results.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []));
    expect(winners).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'INVALID_INPUT' });
    expect((await app.db.users.findById(user.id).lean())?.passwordHash).toBe(`hash ${winners[0]}`);
    expect((await mailsTo(user.email)).filter(({ subject }) => subject.includes('was changed'))).toHaveLength(1);
  });

  test('is answered alike with and without an account, before anybody looks for one', async () => {
    const user = await app.signUp();
    const found = jest.spyOn(driverCollection(app.db.users), 'findOne');
    const answers = await Promise.all([user.email, 'nobody@example.com'].map(askForLink));
    expect(answers[0]).toEqual(answers[1]);
    expect(found).not.toHaveBeenCalled();
    await app.ctx.lateWork.ended();
    expect(found).toHaveBeenCalledTimes(2);
    found.mockRestore();
    expect(await app.db.oneTimeLinks.countDocuments({ email: user.email })).toBe(1);
    expect(await app.db.oneTimeLinks.countDocuments({ email: /^nobody/ })).toBe(0);
  });
});

describe('a link for a new password', () => {
  test('is sent once a minute, by the same link while it is young, and not once the link was used', async () => {
    const user = await app.signUp();
    const first = await askedFor(user);
    await Promise.all(Array.from({ length: 20 }, () => forgot(user.email)));
    expect(await mailsTo(user.email)).toHaveLength(1);
    clock.advance(2 * MINUTE_MS);
    expect(await askedFor(user)).toBe(first);
    clock.advance(20 * MINUTE_MS);
    const second = await askedFor(user);
    expect([second === first, (await mailsTo(user.email)).length]).toEqual([false, 3]);
    clock.advance(2 * MINUTE_MS);
    await forgot(user.email);
    expect((await reset(first)).status).toBe(200);
    expect(issueOf(await reset(second))).toEqual(SPENT);
    const subjects = (await mailsTo(user.email)).map(({ subject }) => subject);
    expect(subjects.filter((subject) => subject.startsWith('Set'))).toHaveLength(3);
    expect(await app.db.emails.countDocuments({ _id: new RegExp(`^user:${user.id}:`), state: 'withdrawn' })).toBe(1);
  });

  test.each<[string, (token: string) => string]>([
    ['a link that is too old', (token) => token],
    ['a link that is of another id', (token) => `a${token}`],
    ['a link that is of another secret', (token) => token.replace(/\..*/, `.${'a'.repeat(43)}`)],
  ])('%s is refused', async (why, change) => {
    const user = await app.signUp();
    const token = await askedFor(user);
    if (why === 'a link that is too old') clock.advance(30 * MINUTE_MS);
    expect(issueOf(await reset(change(token)))).toEqual(SPENT);
    expect((await login(user.email, PASSWORD)).status).toBe(200);
  });

  test('a password that is easily guessed leaves the link as it was, and the database holds no token', async () => {
    const user = await app.signUp();
    const token = await askedFor(user);
    expect(issueOf(await reset(token, 'password1234'))).toEqual([400, 'password', expect.stringMatching(/common/)]);
    const stored = JSON.stringify([
      await app.db.oneTimeLinks.find({ email: user.email }).lean(),
      await app.db.emails.find({ _id: new RegExp(user.id) }).lean(),
    ]);
    const [linkId = '', signature = ''] = token.split('.');
    expect([stored.includes(linkId), stored.includes(signature)]).toEqual([true, false]);
    expect(JSON.stringify(app.logged)).not.toContain(signature);
    expect((await reset(token)).status).toBe(200);
  });
});

describe('an email address', () => {
  test('is verified by the link that registering sends, once and again, and by no other link', async () => {
    const email = 'new.person@example.com';
    const { token, user } = await app.client().auth.register.mutate({ email, password: PASSWORD, name: 'New' });
    expect(user.emailVerified).toBe(false);
    const link = await tokenTo(email, 'verify-email');
    clock.advance(2 * MINUTE_MS);
    await forgot(email);
    const other = await tokenTo(email, 'reset-password');
    expect(issueOf(await post(app.url, 'auth.verifyEmail', { token: other }))).toEqual(SPENT);
    for (const _ of [1, 2])
      expect((await post(app.url, 'auth.verifyEmail', { token: link })).body.result.data).toEqual({ email });
    expect(await app.client(token).auth.me.query()).toMatchObject({ emailVerified: true });
    expect(await app.client(token).auth.sendVerification.mutate()).toEqual({ sent: false });
  });

  test('gets another link when its owner asks, not within a minute, and too old ones are refused', async () => {
    const user = await app.signUp();
    const { auth } = user.client;
    expect([await auth.sendVerification.mutate(), await auth.sendVerification.mutate()]).toEqual([
      { sent: true },
      { sent: false },
    ]);
    const link = await tokenTo(user.email, 'verify-email');
    clock.advance(4 * 24 * 60 * MINUTE_MS);
    expect(issueOf(await post(app.url, 'auth.verifyEmail', { token: link }))).toEqual(SPENT);
    expect((await app.db.users.findById(user.id).lean())?.emailVerifiedAt).toBeUndefined();
  });
});

describe('a password', () => {
  test('with other letters opens however they are sent, also by a hash of them as they were sent once', async () => {
    const typed = 'päß ẹ́ ọ̀ Ｆ１ ﬁ';
    const email = 'letters@example.com';
    await app.client().auth.register.mutate({ email, password: typed.normalize('NFD'), name: 'Ada' });
    for (const form of ['NFC', 'NFKD'] as const)
      expect([form, (await login(email, typed.normalize(form))).status]).toEqual([form, 200]);
    await app.db.users.updateOne({ email }, { passwordHash: await hash(typed.normalize('NFD')) });
    for (const form of ['NFC', 'NFD'] as const) expect((await login(email, typed.normalize(form))).status).toBe(200);
  });

  test('is counted in characters: ten of them, however many units they take', async () => {
    const register = (password: string) =>
      post(app.url, 'auth.register', { email: 'short@example.com', password, name: 'Ada' });
    expect(issueOf(await register('🦊🐻🐼🐨🐯'))).toEqual([400, 'password', 'must be at least 10 characters']);
    expect(issueOf(await register(`\ud800${NEW_PASSWORD}`))).toEqual([400, 'password', 'must be text']);
    expect(issueOf(await register(`${NEW_PASSWORD} `.repeat(7)))).toEqual([
      400,
      'password',
      'must be at most 128 characters',
    ]);
  });

  test('is changed with the current one: other sessions end, this one goes on with a new token', async () => {
    const user = await app.signUp();
    const { token: other } = await app.client().auth.login.mutate({ email: user.email, password: PASSWORD });
    const change = (currentPassword: string, password: string, token = user.token) =>
      post(app.url, 'account.changePassword', { currentPassword, password }, { token });
    expect(issueOf(await change('wrong', NEW_PASSWORD))).toEqual([400, 'currentPassword', 'this is not your password']);
    expect(issueOf(await change(PASSWORD, 'qwertyuiop'))).toEqual([400, 'password', expect.any(String)]);
    const replies = await Promise.all(Array.from({ length: 3 }, (_, n) => change(PASSWORD, `${NEW_PASSWORD} ${n}`)));
    const changed = replies.filter(({ status }) => status === 200);
    expect(changed).toHaveLength(1);
    expect([await statusOf(other), await statusOf(user.token)]).toEqual([401, 401]);
    expect(await statusOf(changed[0]?.body.result.data.token)).toBe(200);
    expect((await mailsTo(user.email)).map(({ subject }) => subject)).toEqual([
      'Your password was changed – Test Shop',
    ]);
  });

  test('wrong guesses of the current one count as failed sign-ins', async () => {
    const limited = await startTestApp({ env: { SIGN_INS_PER_MINUTE: '2' }, context: { clock } });
    try {
      const { token } = await limited.signUp();
      const guess = (n: number) =>
        post(limited.url, 'account.changePassword', { currentPassword: `${n}`, password: NEW_PASSWORD }, { token });
      expect([(await guess(1)).status, (await guess(2)).status, (await guess(3)).status]).toEqual([400, 400, 429]);
    } finally {
      await limited.stop();
    }
  });
});

describe('sessions', () => {
  const CHROME =
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36';
  const signInAs = async (email: string, userAgent: string): Promise<string> => {
    const reply = await post(
      app.url,
      'auth.login',
      { email, password: PASSWORD },
      { headers: { 'user-agent': userAgent } },
    );
    return reply.body.result.data.token;
  };

  test('are listed with their devices, and each is refused from the call after its end', async () => {
    const { email } = await app.signUp();
    const phone = await signInAs(email, CHROME);
    clock.advance(MINUTE_MS);
    const script = await signInAs(email, '');
    const { account } = app.client(script);
    const { items } = await account.sessions.query();
    expect(items.map(({ device, current }) => [device, current])).toEqual([
      ['A program', true],
      ['Chrome on Android', false],
    ]);
    const [here, there] = items;
    const after = await account.endSession.mutate({ id: there?.id ?? '' });
    expect(after.items.map(({ id }) => id)).toEqual([here?.id]);
    expect([await statusOf(phone), await statusOf(script)]).toEqual([401, 200]);
    const stranger = await app.signUp();
    const foreign = await post(app.url, 'account.endSession', { id: here?.id }, { token: stranger.token });
    expect([foreign.body.error?.data.code, await statusOf(script)]).toEqual(['NOT_FOUND', 200]);
  });

  test('all others end at once, and a call keeps when its session was used', async () => {
    const { email } = await app.signUp();
    const phone = await signInAs(email, CHROME);
    const here = await signInAs(email, CHROME);
    clock.advance(90 * MINUTE_MS);
    expect(await statusOf(here)).toBe(200);
    const { items } = await app.client(here).account.sessions.query();
    const used = items.find(({ current }) => current);
    expect(Date.parse(used?.lastUsedAt ?? '')).toBe(clock.now().getTime());
    const { token } = await app.client(here).account.endOtherSessions.mutate({});
    expect([await statusOf(phone), await statusOf(here), await statusOf(token)]).toEqual([401, 401, 200]);
    expect((await app.client(token).account.sessions.query()).items).toHaveLength(1);
  });
});

describe('the profile', () => {
  test('name and phone change, and a phone that is left out is removed', async () => {
    const { account } = (await app.signUp()).client;
    const phone = '+234 803 123 4567';
    expect(await account.setProfile.mutate({ name: 'Ada Obi', phone })).toMatchObject({ name: 'Ada Obi', phone });
    const { name, phone: removed } = await account.setProfile.mutate({ name: ' Ada\u200b Eze ', phone: '' });
    expect([name, removed]).toEqual(['Ada Eze', null]);
  });

  test('a phone without its country is read as one of where the last order went, and without any as one of Nigeria', async () => {
    const { token, client } = await app.signUp();
    const setPhone = async (phone: string) => {
      const answer = await post(app.url, 'account.setProfile', { name: 'Ada Obi', phone }, { token });
      return answer.status === 200 ? answer.body.result.data.phone : issueOf(answer);
    };
    const goesTo = (country: string, phone: string) =>
      client.account.saveAddress.mutate({ address: { ...ADDRESS, country, state: 'A region', phone } });
    const ofNigeria = '0803 123 4567';
    const another = '0805 123 4567';
    const ofDenmark = '32 12 34 56';
    expect(await setPhone(ofNigeria)).toBe(ofNigeria);
    const tooLong = 'is too long for a phone number in Denmark: it has 11 digits';
    await goesTo('DK', ofDenmark);
    // The one that is kept is not judged again.
    expect([await setPhone(ofNigeria), await setPhone(another)]).toEqual([ofNigeria, [400, 'phone', tooLong]]);
    expect(await setPhone(ofDenmark)).toBe(ofDenmark);
    const ofTheIvoryCoast = '01 23 45 67 89';
    const tooShort = 'is too short for a phone number in Côte d’Ivoire: it has 6 digits';
    await goesTo('CI', ofTheIvoryCoast);
    expect(await setPhone(ofTheIvoryCoast)).toBe(ofTheIvoryCoast);
    // Possible where an order went before.
    expect([await setPhone('32123457'), await setPhone('012345')]).toEqual(['32123457', [400, 'phone', tooShort]]);
    expect(await setPhone(`+234 ${another}`)).toBe(`+234 ${another}`);
  });

  test('addresses are saved once each, changed, removed, and at most ten are kept', async () => {
    const user = await app.signUp();
    const { account } = user.client;
    const at = (line1: string) => ({ ...ADDRESS, line1 });
    for (const street of ['1 One Street', '2 Two Street', '1 One Street'])
      await account.saveAddress.mutate({ address: at(street) });
    const { items } = await account.addresses.query();
    expect(items.map(({ address }) => address.line1)).toEqual(['1 One Street', '2 Two Street']);
    const second = items[1]?.id ?? '';
    const changed = await account.saveAddress.mutate({ id: second, address: at('3 Three Street') });
    expect(changed.items.map(({ id, address }) => [id === second, address.line1])).toEqual([
      [true, '3 Three Street'],
      [false, '1 One Street'],
    ]);
    const other = await app.signUp();
    const foreign = await post(
      app.url,
      'account.saveAddress',
      { id: second, address: ADDRESS },
      { token: other.token },
    );
    expect(foreign.body.error.data.code).toBe('NOT_FOUND');
    for (const _ of [1, 2])
      expect((await account.removeAddress.mutate({ id: second })).items.map(({ address }) => address.line1)).toEqual([
        '1 One Street',
      ]);
    await Promise.all(Array.from({ length: 12 }, (_, n) => account.saveAddress.mutate({ address: at(`${n} Street`) })));
    expect((await account.addresses.query()).items).toHaveLength(10);
  });
});
