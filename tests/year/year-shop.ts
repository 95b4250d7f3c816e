/** The shop of the year: web process and jobs in this process, the market beside it in another thread, on one clock. */
import { createHash } from 'node:crypto';
import { SeededRandom } from '../../dev/history/seeded-random.ts';
import type { Mail } from '../../dev/mailbox/mailbox.ts';
import { type Mailer, MailerError } from '../../jobs/ports.ts';
import { type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';
import { doNothingAlone } from './done-by-the-year.ts';
import { type RemoteMarket, startMarketThread } from './remote-market.ts';
import { SharedClock } from './shared-clock.ts';

export interface YearShop extends Omit<TestApp, 'sandbox' | 'mailbox'> {
  clock: SharedClock;
  random: SeededRandom;
  market: RemoteMarket;
  staff: SignedIn;
  /** Every email that left, with a digest of its text. */
  mails: Mail[];
  /** Moves the clock of shop and sandbox on, and waits until the webhooks of what became due have arrived. */
  pass(ms: number): Promise<void>;
}

const MAIL_FAILURE = 0.003;
const YEARS_MS = 10 * 365 * 24 * 3_600_000;

export async function startYearShop(seed: number): Promise<YearShop> {
  const clock = SharedClock.startingAt(new Date());
  const random = new SeededRandom(seed);
  const mails: Mail[] = [];
  const app = await startTestApp({ context: { clock, mailer: mailerInto(mails, random) } });
  const { ctx, db, stop } = app;
  // A token of staff must not expire on the way.
  if (ctx.config.auth.kind === 'own') ctx.config.auth.lifetimes = { customerMs: YEARS_MS, staffMs: YEARS_MS };
  const market = await startMarketThread({
    ...{ seed: seed + 1, dbName: db.connection.name, clockMemory: clock.memory },
    webhookUrl: `${app.url}/webhooks/paystack`,
  });
  doNothingAlone(ctx, await market.paystackUrl());
  const staff = await app.signUp({ role: 'owner', name: 'Sola Staff' });
  return Object.assign(app, {
    ...{ clock, random, market, staff, mails },
    async pass(ms: number) {
      clock.advance(ms);
      await market.catchUp();
    },
    async stop() {
      await market.stop();
      await stop();
    },
  });
}

/** Accepts nearly every email at once. Texts are kept as digests, because a year's would fill the memory. */
function mailerInto(mails: Mail[], random: SeededRandom): Mailer {
  const digest = (text: string) => createHash('sha1').update(text).digest('base64');
  return {
    send: async ({ to, subject, text, html, key }) => {
      if (random.chance(MAIL_FAILURE)) throw new MailerError('the provider is busy', { permanent: false });
      const id = mails.length + 1;
      const content = { to, from: 'shop@example.com', subject, text: digest(text), html: digest(html) };
      mails.push({ id, ...content, fromName: null, replyTo: null, customArgs: {}, key, at: '', messageId: String(id) });
      return { messageId: String(id) };
    },
  };
}
