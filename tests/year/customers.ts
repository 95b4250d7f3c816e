/** Customers: they fill a cart, check out, and pay, sometimes late, by a bad card, or not at all. */
import { Types } from 'mongoose';
import type { PayOptions } from '../../dev/paystack-sandbox/src/index.ts';
import { initializePayment } from '../../jobs/payments/initialize-payment.ts';
import { addToCart, clearCart } from '../../models/cart/change-cart.ts';
import { AppError } from '../../models/errors.ts';
import { STORED_ADDRESS } from '../support/orders.ts';
import { newCheckoutKey } from '../support/shopping.ts';
import type { Market } from './market.ts';

/** As many shoppers at once as keep database and process busy. */
const AT_ONCE = 100;

/** The counts of what customers did, for the report. */
export interface Sales {
  orders: number;
  paid: number;
  /** References that were paid since somebody last looked. */
  lately: string[];
  /** References to be paid on a later day. */
  late: string[];
  refusals: Map<string, number>;
}

export const newSales = (): Sales => ({ orders: 0, paid: 0, lately: [], late: [], refusals: new Map() });

export async function sell(market: Market, sales: Sales, count: number): Promise<void> {
  let left = count;
  const shopper = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await buyOnce(market, sales);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, shopper));
  await market.sandbox.webhooksIdle();
}

async function buyOnce(market: Market, sales: Sales): Promise<void> {
  const { random, ctx, customers } = market;
  const customer = random.pick(customers);
  const user = { id: new Types.ObjectId(customer.id), email: customer.email, name: 'Ada Obi' };
  try {
    for (let line = random.chance(0.2) ? 2 : 1; line > 0; line -= 1)
      await addToCart(market.db, user.id, random.pick(market.variants), random.integer(1, 2));
    const input = { shippingAddress: STORED_ADDRESS, checkoutKey: newCheckoutKey() };
    const { reference } = await initializePayment(ctx, { user, ...input, sent: input });
    sales.orders += 1;
    payFor(market, sales, reference);
  } catch (error) {
    // Sold out, too many unpaid orders, or a fault of Paystack: the customer gives up.
    if (!(error instanceof AppError)) throw error;
    sales.refusals.set(error.code, (sales.refusals.get(error.code) ?? 0) + 1);
    await clearCart(market.db, user.id);
  }
}

function payFor({ random, sandbox }: Market, sales: Sales, reference: string): void {
  if (random.chance(0.05)) sandbox.pay(reference, { card: random.pick(['declined', 'insufficient-funds'] as const) });
  if (random.chance(0.04)) {
    if (random.chance(0.3)) sales.late.push(reference);
    return;
  }
  const { amount } = sandbox.transaction(reference);
  const isOdd = random.chance(0.003);
  const options: PayOptions = {
    card: random.chance(0.005) ? 'refund-needs-attention' : 'success',
    international: random.chance(0.03),
    webhook: webhookOf(random.next()),
    ...(isOdd ? { capture: { amount: amount - 1_000 } } : {}),
  };
  if (!sandbox.pay(reference, options).charged) return;
  sales.paid += 1;
  sales.lately.push(reference);
}

function webhookOf(chance: number): NonNullable<PayOptions['webhook']> {
  if (chance < 0.02) return 'lose';
  if (chance < 0.04) return 'duplicate';
  return chance < 0.06 ? 'hold' : 'send';
}

/** Customers who come back after a day, when their order may have expired. */
export function payLate({ sandbox }: Market, sales: Sales): void {
  for (const reference of sales.late.splice(0)) if (sandbox.pay(reference).charged) sales.paid += 1;
}
