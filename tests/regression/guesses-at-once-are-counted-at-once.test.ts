/** A bug once: a guess was counted when its hash was done, so any number of guesses at once were tried; and each door counted for itself. */
import { expect, test } from '@jest/globals';
import { post } from '../support/raw-trpc.ts';
import { fakeClock, PASSWORD, startTestApp, type TestApp } from '../support/test-app.ts';

const LIMIT = 3;

async function withGuardedShop(use: (world: TestApp) => Promise<void>): Promise<void> {
  const world = await startTestApp({ env: { SIGN_INS_PER_MINUTE: String(LIMIT) }, context: { clock: fakeClock() } });
  try {
    await use(world);
  } finally {
    await world.stop();
  }
}

const signIn = async (world: TestApp, email: string, password: string): Promise<number> =>
  (await post(world.url, 'auth.login', { email, password })).status;

async function openAgendash(world: TestApp, email: string, password: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;
  return (await fetch(`${world.url}/agendash/`, { headers: { authorization } })).status;
}

const countOf = (statuses: number[], status: number) => statuses.filter((other) => other === status).length;

test.each([
  ['the sign-in', signIn],
  ['Agendash', openAgendash],
])('fifty guesses at once at %s are checked no more often than the limit', (_, guess) =>
  withGuardedShop(async (world) => {
    const { email } = await world.signUp({ role: 'staff' });
    const statuses = await Promise.all(Array.from({ length: 50 }, (_, n) => guess(world, email, `guess ${n}`)));
    expect([countOf(statuses, 401), countOf(statuses, 429)]).toEqual([LIMIT, 50 - LIMIT]);
  }),
);

test('failures at the sign-in count at Agendash, and the other way round', () =>
  withGuardedShop(async (world) => {
    const { email } = await world.signUp({ role: 'staff' });
    const guesses = [signIn, openAgendash, signIn];
    for (const guess of guesses) expect(await guess(world, email, 'guess')).toBe(401);
    expect(await openAgendash(world, email, PASSWORD)).toBe(429);
    expect(await signIn(world, email, PASSWORD)).toBe(429);
  }));

test('who knows the password may sign in as often as they like', () =>
  withGuardedShop(async (world) => {
    const { email } = await world.signUp();
    for (let n = 0; n < 3 * LIMIT; n += 1) expect(await signIn(world, email, PASSWORD)).toBe(200);
  }));

test('calls at Agendash count as calls', async () => {
  const world = await startTestApp({ env: { CALLS_PER_MINUTE: '2' }, context: { clock: fakeClock() } });
  try {
    const { email } = await world.signUp({ role: 'staff' });
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push(await openAgendash(world, email, PASSWORD));
    expect(statuses).toEqual([200, 200, 429]);
  } finally {
    await world.stop();
  }
});
