import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type FaultyMongo, startFaultyMongo, VICTIM } from '../support/faulty-mongo.ts';
import { post } from '../support/raw-trpc.ts';
import { PASSWORD, type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';
import { uniqueDatabaseName } from '../support/test-mongo.ts';

const LIMIT = 3;
const env = { SIGN_INS_PER_MINUTE: String(LIMIT), TRUST_PROXY: '1' };
const ADDRESS = '203.0.113.7';

const signIn = (app: TestApp, email: string, password: string, ip = ADDRESS) =>
  post(app.url, 'auth.login', { email, password }, { headers: { 'x-forwarded-for': ip } });
const statusOf = async (reply: ReturnType<typeof signIn>) => (await reply).status;

describe('two servers on one database', () => {
  let one: TestApp;
  let other: TestApp;
  let user: SignedIn;
  beforeAll(async () => {
    const dbName = uniqueDatabaseName();
    one = await startTestApp({ env, dbName });
    other = await startTestApp({ env, dbName });
    user = await one.signUp();
  });
  afterAll(async () => {
    await one.stop();
    await other.stop();
  });
  beforeEach(() => one.db.signInLimits.deleteMany({}));

  const failUpToLimit = async () => {
    for (const app of [one, other, one]) expect(await statusOf(signIn(app, user.email, 'guess'))).toBe(401);
  };

  test('failed sign-ins at one server count at the other', async () => {
    await failUpToLimit();
    for (const app of [one, other]) {
      const { status, body } = await signIn(app, user.email, PASSWORD);
      expect([status, body.error?.data.code]).toEqual([429, 'RATE_LIMITED']);
      expect(body.error.data.details.retryAfterMs).toBeGreaterThan(0);
      expect(body.error.data.details.retryAfterMs).toBeLessThanOrEqual(60_000);
    }
    expect(await statusOf(signIn(other, user.email, PASSWORD, '198.51.100.1'))).toBe(200);
  });

  test('concurrent guesses at both servers are checked no more often than the limit', async () => {
    const guesses = Array.from({ length: 20 }, (_, n) =>
      statusOf(signIn(n % 2 ? one : other, user.email, `guess ${n}`)),
    );
    const statuses = (await Promise.all(guesses)).sort();
    expect(statuses).toEqual([...Array(LIMIT).fill(401), ...Array(20 - LIMIT).fill(429)]);
  });

  test('registrations at one server count at the other', async () => {
    const register = async (app: TestApp, n: number) => {
      const input = { email: `new${n}@example.com`, password: PASSWORD, name: 'Ada' };
      return (await post(app.url, 'auth.register', input, { headers: { 'x-forwarded-for': ADDRESS } })).status;
    };
    const statuses = [];
    for (let n = 0; n < LIMIT + 2; n += 1) statuses.push(await register(n % 2 ? one : other, n));
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });

  test('links for a new password that are asked for at one server count at the other', async () => {
    const ask = async (app: TestApp, ip = ADDRESS) => {
      const headers = { 'x-forwarded-for': ip };
      return (await post(app.url, 'auth.forgotPassword', { email: user.email }, { headers })).status;
    };
    const statuses = [];
    for (let n = 0; n < LIMIT + 2; n += 1) statuses.push(await ask(n % 2 ? one : other));
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect(await ask(one, '198.51.100.1')).toBe(200);
  });

  test('the addresses of one IPv6 /56 count as one, and those of the next do not', async () => {
    for (let n = 0; n < LIMIT; n += 1)
      expect(await statusOf(signIn(one, user.email, 'guess', `2001:db8:0:${n}::${n}`))).toBe(401);
    expect(await statusOf(signIn(other, user.email, PASSWORD, '2001:db8:0:ff::1'))).toBe(429);
    expect(await statusOf(signIn(other, user.email, PASSWORD, '2001:db8:0:100::1'))).toBe(200);
  });

  test('the counts are void once their window has ended, before MongoDB has removed them', async () => {
    await failUpToLimit();
    await one.db.signInLimits.updateMany({}, { $set: { expire: new Date(Date.now() - 1) } });
    expect(await statusOf(signIn(other, user.email, 'guess'))).toBe(401);
    expect(await statusOf(signIn(one, user.email, PASSWORD))).toBe(200);
  });

  test('a success gives its points back, of the address and of the account', async () => {
    expect(await statusOf(signIn(one, user.email, PASSWORD))).toBe(200);
    const counts = await one.db.signInLimits.find({}).lean();
    expect(counts.map(({ points }) => points)).toEqual([0, 0]);
  });

  test('refused sign-ins do not count', async () => {
    await failUpToLimit();
    for (let n = 0; n < LIMIT; n += 1) expect(await statusOf(signIn(other, user.email, 'guess'))).toBe(429);
    const counts = await one.db.signInLimits.find({}).lean();
    expect(counts.map(({ points }) => points)).toEqual([LIMIT, LIMIT]);
  });

  test('the stored counts hold no email and no address', async () => {
    await signIn(one, user.email, 'guess');
    const counts = await one.db.signInLimits.find({}).lean();
    const digest = expect.stringMatching(/^failure:[0-9a-f]{64}$/);
    expect(counts.map(({ key }) => key)).toEqual([digest, digest]);
    expect(JSON.stringify(counts)).not.toMatch(/example|203\.0/);
  });
});

describe('a MongoDB that cannot count', () => {
  let mongo: FaultyMongo;
  let app: TestApp;
  let user: SignedIn;
  beforeAll(async () => {
    mongo = await startFaultyMongo();
    app = await startTestApp({ env: { ...env, MONGODB_URI: mongo.uri }, context: { appName: VICTIM } });
    user = await app.signUp();
  });
  afterAll(async () => {
    await mongo.heal();
    await app.stop();
    await mongo.stop();
  });

  const COUNT_FAILED = /^MongoDB did not count a sign-in/;
  const breakCounts = (fault: { errorCode: number } | { blockConnection: true; blockTimeMS: number }) => {
    const namespace = `${app.db.connection.name}.${app.db.signInLimits.collection.name}`;
    return mongo.fail({ failCommands: ['findAndModify'], namespace, ...fault });
  };

  test('sign-ins go on while MongoDB cannot count, and the process limits guesses by itself', async () => {
    const UNAUTHORIZED = 13;
    const before = await app.db.signInLimits.countDocuments();
    await breakCounts({ errorCode: UNAUTHORIZED });
    expect(await statusOf(signIn(app, user.email, PASSWORD))).toBe(200);
    const statuses = [];
    for (let n = 0; n < LIMIT + 1; n += 1) statuses.push(await statusOf(signIn(app, user.email, 'guess')));
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect(app.logged.filter(({ msg }) => COUNT_FAILED.test(String(msg)))).not.toEqual([]);
    await mongo.heal();
    expect(await app.db.signInLimits.countDocuments()).toBe(before);
  });

  test('a sign-in does not wait for a MongoDB that counts too slowly', async () => {
    // Switching the fault off waits for the commands that it blocks.
    await breakCounts({ blockConnection: true, blockTimeMS: 3_000 });
    // Three counts, each slower than the reply's deadline allows for all of them.
    expect(await statusOf(signIn(app, user.email, PASSWORD, '198.51.100.1'))).toBe(200);
    await mongo.heal();
  });
});
