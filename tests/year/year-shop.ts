/** The shop of the year: the program in this process, with the sandbox at its webhook address, and a clock that only days() moves. */
import { createHash } from 'node:crypto';
import { SeededRandom } from '../../dev/history/seeded-random.ts';
import { collectWakeUps } from '../../dev/history/work.ts';
import type { Mail } from '../../dev/mailbox/mailbox.ts';
import { type Mailer, MailerError } from '../../jobs/ports.ts';
import type { AddedVariant } from '../../models/cart/change-cart.ts';
import { createProduct, createVariant } from '../../models/catalogue/edit-catalogue.ts';
import { createPaystackService } from '../../server/paystack/service.ts';
import { type Shop, startTestShop } from '../support/shopping.ts';
import { PAYSTACK_KEY, type SignedIn } from '../support/test-app.ts';

export interface YearShop extends Shop {
  random: SeededRandom;
  customers: readonly SignedIn[];
  variants: readonly AddedVariant[];
  /** Every email that left, with a digest of its text. */
  mails: Mail[];
  /** References of charges that somebody refunded at Paystack's dashboard. */
  refundedOutside: string[];
  /** Moves the clock of shop and sandbox on, and waits until the webhooks of what became due have arrived. */
  pass(ms: number): Promise<void>;
}

const CUSTOMERS = 500;
const VARIANTS = 20;
const MAIL_FAILURE = 0.003;

export async function startYearShop(seed: number): Promise<YearShop> {
  const random = new SeededRandom(seed);
  const mails: Mail[] = [];
  const shop = await startTestShop({ context: { mailer: mailerInto(mails, random) } });
  const { ctx, sandbox, clock } = shop;
  ctx.log.level = 'silent';
  // The run does all work itself, at its times.
  collectWakeUps(ctx);
  // Without retries, because their pauses are real time.
  const retry = { attempts: 1, baseMs: 1, capMs: 1 };
  const { random: ids, log } = ctx;
  ctx.paystack = createPaystackService({
    ...{ secretKey: PAYSTACK_KEY, baseUrl: sandbox.url, clock, random: ids, log, retry },
  });
  sandbox.setSwitches({ secondRefundWhilePending: 'accepted' });
  const customers: SignedIn[] = [];
  for (let n = 0; n < CUSTOMERS; n += 1) customers.push(await shop.signUp());
  const pass = async (ms: number) => {
    clock.advance(ms);
    // The sandbox reads the same clock; this call makes it look at what is due.
    sandbox.advanceClock(0);
    await sandbox.webhooksIdle();
  };
  return Object.assign(shop, {
    ...{ random, customers, mails, pass },
    variants: await stockUp(shop),
    refundedOutside: [],
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

async function stockUp({ db, clock }: Shop): Promise<AddedVariant[]> {
  const by = { actor: 'system', now: clock.now() } as const;
  const product = await createProduct(
    db,
    { slug: 'thing', title: 'Thing', description: 'One.', category: 'Things' },
    by,
  );
  const variants: AddedVariant[] = [];
  for (let n = 1; n <= VARIANTS; n += 1) {
    const price = 50_000 + n * 33_333;
    // The last one sells out.
    const stock = n === VARIANTS ? 300 : 1_000_000;
    const input = {
      productId: product._id,
      sku: `THING-${n}`,
      title: `No. ${n}`,
      price,
      currency: 'NGN',
      stock,
    } as const;
    const { _id } = await createVariant(db, input, by);
    variants.push({ variantId: _id, price, currency: 'NGN' });
  }
  return variants;
}
