/** Emails to staff: to each address of the settings once, else to the owners, and one bad address keeps none from the others. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { MailerError, type OutgoingEmail } from '../../jobs/ports.ts';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { queueStaffEmail } from '../../models/messaging/staff-email.ts';
import { changeSettings } from '../../models/settings/settings.ts';
import { fakeClock, startTestApp, type TestApp } from '../support/test-app.ts';

const clock = fakeClock();
let app: TestApp;
let refusals: Map<string, { permanent: boolean }>;
let sent: string[];
beforeAll(async () => {
  app = await startTestApp({ context: { clock } });
  await app.signUp({ role: 'owner', email: 'owner@example.com' });
  await app.signUp({ role: 'support', email: 'support@example.com' });
  app.ctx.mailer = {
    send: async ({ to }: OutgoingEmail) => {
      const refusal = refusals.get(to);
      if (refusal !== undefined) throw new MailerError('no', refusal);
      sent.push(to);
      return { messageId: null };
    },
  };
});
beforeEach(async () => {
  refusals = new Map();
  sent = [];
  await app.db.settings.deleteMany({});
});
afterAll(() => app.stop());

const data = {
  ...{ orderId: 'a'.repeat(24), code: 'CODE', amount: 100_000, currency: 'NGN', assumed: false, unsent: null },
  answerBy: clock.now(),
};
const queue = (what: string) => queueStaffEmail(app.db, 'dispute_due', { what, data, now: clock.now() });
const stateOf = async (what: string) => (await app.db.emails.findById(`staff:dispute_due:${what}`).lean())?.state;

async function setRecipients(recipients: string[]): Promise<void> {
  const { defaultSettings } = app.ctx;
  const values = { shopName: 'Shop', contact: {}, recipients, carriers: [], limits: {} };
  await changeSettings(app.db, defaultSettings, { version: 0, values, changedBy: 'staff', now: clock.now() });
}

test('without addresses in the settings, the owners get it, once however often it is queued', async () => {
  expect([await queue('1:8'), await queue('1:8')]).toEqual([true, false]);
  await runEmailsOnce(app.ctx);
  await runEmailsOnce(app.ctx);
  expect(sent).toEqual(['owner@example.com']);
});

test('each address of the settings gets it, and a retry sends no copy to those that have it', async () => {
  await setRecipients(['one@example.com', 'two@example.com']);
  refusals.set('two@example.com', { permanent: false });
  await queue('2:8');
  await runEmailsOnce(app.ctx);
  expect([sent, await stateOf('2:8')]).toEqual([['one@example.com'], 'queued']);
  refusals.clear();
  clock.advance(3600_000);
  await runEmailsOnce(app.ctx);
  expect([sent, await stateOf('2:8')]).toEqual([['one@example.com', 'two@example.com'], 'sent']);
});

test('an address that takes no email keeps it from no other, and is reported', async () => {
  await setRecipients(['one@example.com', 'two@example.com']);
  refusals.set('one@example.com', { permanent: true });
  await queue('3:8');
  await runEmailsOnce(app.ctx);
  expect([sent, await stateOf('3:8')]).toEqual([['two@example.com'], 'sent']);
  expect(app.logged).toContainEqual(
    expect.objectContaining({ alert: true, emailKey: 'staff:dispute_due:3:8', count: 1 }),
  );
  expect(JSON.stringify(app.logged)).not.toContain('one@example.com');
  refusals.set('two@example.com', { permanent: true });
  await queue('3:4');
  await runEmailsOnce(app.ctx);
  expect(await stateOf('3:4')).toBe('parked');
});
