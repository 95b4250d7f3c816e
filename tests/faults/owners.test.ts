/** Two owners who remove each other, a thousand times: the shop keeps exactly one. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { changeRole } from '../../models/accounts/change-role.ts';
import { createUser } from '../../models/accounts/create-user.ts';
import type { Database } from '../../models/db/database.ts';
import { openOwnDatabase } from '../support/orders.ts';

const ROUNDS = 1_000;
const EMAILS = ['one@example.com', 'other@example.com'] as const;

let db: Database;
beforeAll(async () => {
  db = await openOwnDatabase();
  for (const email of EMAILS) await createUser(db, { email, name: email, role: 'owner' }, new Date());
});
afterAll(() => db.connection.close());

test('one of them stays an owner, each time', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    await db.users.updateMany({}, { $set: { role: 'owner' } });
    const results = await Promise.all(EMAILS.map((email) => changeRole(db, { email }, 'customer')));
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'last_owner']);
    expect(await db.users.countDocuments({ role: 'owner' })).toBe(1);
  }
}, 300_000);
