/** Whole journeys over HTTP: three additions to the cart, checkout, Paystack's webhook, and watching for `confirmed`. */
import { randomBytes } from 'node:crypto';
import { createChance } from '../load.ts';
import { signedCharge } from './bench-server.ts';
import { type Caller, createCaller } from './caller.ts';

export interface JourneyShop {
  url: string;
  variantIds: readonly string[];
}

/** Each shopper makes one journey. More than any machine completes, so that a round ends by its time. */
export const SHOPPERS_PER_SECOND = 200;

const ADDRESS = {
  name: 'Ada Obi',
  line1: '12 Marina Road',
  city: 'Lagos',
  state: 'Lagos',
  country: 'NG',
  phone: '+2348000000000',
};

/**
 * Runs `size` journeys at once, each with a new shopper, until time or shoppers run out. Returns their durations, ms.
 */
export async function runJourneys(
  shop: JourneyShop,
  { size, tokens, durationMs }: { size: number; tokens: readonly string[]; durationMs: number },
): Promise<number[]> {
  const caller = createCaller(shop.url);
  const endAt = performance.now() + durationMs;
  const times: number[] = [];
  const waiting = tokens.values();
  const shopFor = async () => {
    // All loops share one iterator, so that no two take the same shopper.
    for (const token of waiting) {
      const startedAt = performance.now();
      if (startedAt >= endAt) return;
      await buy(shop, caller, token);
      times.push(performance.now() - startedAt);
    }
  };
  try {
    await Promise.all(Array.from({ length: size }, shopFor));
  } finally {
    caller.close();
  }
  return times;
}

const chance = createChance(7);

async function buy({ variantIds }: JourneyShop, caller: Caller, token: string): Promise<void> {
  for (let line = 0; line < 3; line += 1) {
    const variantId = variantIds[Math.floor(chance() * variantIds.length)];
    await caller.mutate('cart.addItem', { variantId, quantity: 1 }, token);
  }
  const checkoutKey = randomBytes(12).toString('hex');
  const input = { shippingAddress: ADDRESS, checkoutKey };
  const placed = await caller.mutate<{ orderId: string; txRef: string; amount: number }>(
    'orders.initializePayment',
    input,
    token,
  );
  const { body, signature } = signedCharge({ reference: placed.txRef, amount: placed.amount });
  await caller.post('/webhooks/paystack', body, { 'x-paystack-signature': signature });
  await caller.subscribeUntil('orders.watch', { id: placed.orderId }, token, '"status":"confirmed"');
}

const WARM_UP_WINDOW_MS = 2_000;
const WARM_UP_SIZE = 32;
const LEAST_WINDOWS = 8;
const MOST_WINDOWS = 20;
/** A window that is no more than this above the best before it counts as level. */
const LEVEL = 1.03;

/** Shops unmeasured until two windows in a row are no faster than the best before them. Returns the seconds it took. */
export async function warmUp(shop: JourneyShop, signUp: (count: number) => Promise<string[]>): Promise<number> {
  const rates: number[] = [];
  const isLevel = () =>
    rates.length >= LEAST_WINDOWS && Math.max(...rates.slice(-2)) <= LEVEL * Math.max(...rates.slice(0, -2));
  while (rates.length < MOST_WINDOWS && !isLevel()) {
    const tokens = await signUp((SHOPPERS_PER_SECOND * WARM_UP_WINDOW_MS) / 1_000);
    const durationMs = WARM_UP_WINDOW_MS;
    rates.push((await runJourneys(shop, { size: WARM_UP_SIZE, tokens, durationMs })).length);
  }
  return (rates.length * WARM_UP_WINDOW_MS) / 1_000;
}
