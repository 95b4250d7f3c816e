/** Staff are invited by email, seen in the list of people, and removed. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newActionKey } from '../support/action-keys.ts';
import { get } from '../support/raw-trpc.ts';
import { DAY_MS, errorCodeOf, type Shop, startTestShop, work } from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.stop());

const owner = () => shop.staff.client.admin;
const PASSWORD = 'nine lamps above a quiet river';

/** The token of the last email to the address. */
async function tokenFor(email: string): Promise<string> {
  await work(shop);
  const mails = shop.mailbox.mails({ to: email });
  return /\/desk\/invitation#(\S+)/.exec(mails.at(-1)?.text ?? '')?.[1] ?? '';
}

test('an invitation by email makes a member of staff, once, with the same link each time it is sent', async () => {
  const email = 'packer@staff.example';
  const first = { email, role: 'packer', key: newActionKey() } as const;
  await owner().invite.mutate(first);
  const token = await tokenFor(email);
  await owner().invite.mutate(first);
  expect(await errorCodeOf(owner().invite.mutate({ ...first, role: 'owner' }))).toBe('ACTION_KEY_REUSED');
  await owner().invite.mutate({ ...first, role: 'support', key: newActionKey() });
  expect(await tokenFor(email)).toBe(token);
  expect(shop.mailbox.mails({ to: email })).toHaveLength(2);
  const invited = async () => (await owner().staff.query()).invitations.filter((one) => one.email === email);
  expect(await invited()).toMatchObject([{ role: 'support' }]);
  const { auth } = shop.client();
  expect(await auth.invitation.mutate({ token })).toMatchObject({ email, role: 'support', hasAccount: false });
  const session = await auth.acceptInvitation.mutate({ token, name: 'Ife', password: PASSWORD });
  expect(session.user).toMatchObject({ email, name: 'Ife', role: 'support', emailVerified: true });
  expect(await errorCodeOf(auth.acceptInvitation.mutate({ token, name: 'Eve', password: PASSWORD }))).toBe(
    'INVALID_INPUT',
  );
  expect(await invited()).toEqual([]);
  const people = await owner().staff.query();
  expect(people.items.find((person) => person.email === email)?.lastSeenAt).toEqual(expect.any(String));
  expect(await errorCodeOf(owner().invite.mutate({ ...first, key: newActionKey() }))).toBe('INVALID_INPUT');
});

test('a customer who is invited keeps the account, and a withdrawn invitation works no more', async () => {
  const { email, token: session } = await shop.signUp({ name: 'Bisi' });
  await owner().invite.mutate({ email, role: 'manager', key: newActionKey() });
  const token = await tokenFor(email);
  const { auth } = shop.client();
  await owner().withdrawInvitation.mutate({ email });
  expect(await errorCodeOf(auth.invitation.mutate({ token }))).toBe('INVALID_INPUT');
  await owner().invite.mutate({ email, role: 'manager', key: newActionKey() });
  const second = await tokenFor(email);
  expect(second).not.toBe(token);
  const { user } = await auth.acceptInvitation.mutate({ token: second, name: 'Other', password: PASSWORD });
  expect(user).toMatchObject({ email, name: 'Bisi', role: 'manager' });
  expect((await get(shop.url, 'auth.me', undefined, { token: session })).status).toBe(401);
});

test('somebody who is removed is signed out, the last owner stays, and an old invitation works no more', async () => {
  const packer = await shop.signUp({ role: 'packer' });
  const last = shop.staff;
  expect(await errorCodeOf(last.client.admin.removeStaff.mutate({ email: last.email }))).toBe('INVALID_INPUT');
  expect(await last.client.admin.removeStaff.mutate({ email: packer.email })).toMatchObject({ role: 'customer' });
  expect((await get(shop.url, 'auth.me', undefined, { token: packer.token })).status).toBe(401);
  expect(await errorCodeOf(last.client.admin.removeStaff.mutate({ email: 'nobody@x.example' }))).toBe('NOT_FOUND');
  await owner().invite.mutate({ email: 'late@staff.example', role: 'packer', key: newActionKey() });
  const late = await tokenFor('late@staff.example');
  shop.clock.advance(8 * DAY_MS);
  expect(await errorCodeOf(shop.client().auth.invitation.mutate({ token: late }))).toBe('INVALID_INPUT');
});
