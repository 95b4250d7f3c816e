/** The life of one order: what its customer, staff, Paystack and banks do with it, each at the time of the story. */

import { verifyPayment } from '../../jobs/payments/verify-payment.ts';
import type { CardName, Channel } from '../paystack-sandbox/src/index.ts';
import { at, type Caller, callAs, type HistoryShop, type KnownCustomer, type StaffName } from './history-shop.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface Line {
  sku: string;
  quantity: number;
}

export interface Birth {
  at: number;
  customer: KnownCustomer;
  lines: readonly Line[];
}

interface Placed {
  id: string;
  reference: string;
  /** Subunits. */
  amount: number;
}

export interface Payment {
  card?: CardName;
  channel?: Channel;
  /** The captured amount lacks so much, in subunits. */
  short?: number;
}

const MINUTE_MS = 60_000;

export class Life {
  readonly shop: HistoryShop;
  readonly lines: readonly Line[];
  readonly random: SeededRandom;
  /** The story's time. */
  time: number;
  readonly #customer: KnownCustomer;
  #placed: Placed | null = null;
  #keys = 0;

  constructor(shop: HistoryShop, { at: time, customer, lines }: Birth) {
    this.shop = shop;
    this.time = time;
    this.lines = lines;
    this.random = shop.random;
    this.#customer = customer;
  }

  get order(): Placed {
    if (this.#placed === null) throw new Error('nothing was ordered yet');
    return this.#placed;
  }

  /** Yield it, so that the story goes on then. */
  waitUntil(time: number): number {
    this.time = time;
    return time;
  }

  waitMinutes(least: number, most: number): number {
    return this.waitUntil(this.time + Math.round(this.random.integer(least * 60, most * 60) * 1_000));
  }

  as(who: StaffName): Caller {
    return callAs(this.shop, this.shop.staff[who], this.time);
  }

  asCustomer(): Caller {
    return callAs(this.shop, this.#customer.id, this.time);
  }

  /** For a staff action: a repeat would take no effect. */
  key(): string {
    this.#keys += 1;
    return `history-${this.order.id}-${this.#keys}`;
  }

  async place(): Promise<void> {
    const { cart, orders } = this.asCustomer();
    const lines = this.lines.map(({ sku, quantity }) => ({ variantId: this.#variantOf(sku), quantity }));
    const filled = await cart.ensure({ lines });
    if (filled.cart.itemCount > lines.reduce((units, { quantity }) => units + quantity, 0)) {
      // Lines of an order that was left unpaid are still in it.
      await cart.clear();
      await cart.ensure({ lines });
    }
    const checkoutKey = `history-${this.#customer.id}-${this.time}`;
    const { orderId, txRef, amount } = await orders.initializePayment({
      shippingAddress: this.#customer.address,
      checkoutKey,
    });
    this.#placed = { id: orderId, reference: txRef, amount };
  }

  #variantOf(sku: string): string {
    const variantId = this.shop.variants.get(sku);
    if (variantId === undefined) throw new Error(`there is no ${sku}`);
    return variantId;
  }

  /** Pays at Paystack's page, and comes back from it. */
  async pay({ card, channel, short = 0 }: Payment = {}): Promise<void> {
    const { sandbox, ctx } = this.shop;
    const { reference, amount } = this.order;
    if (channel === undefined) {
      const capture = short === 0 ? {} : { capture: { amount: amount - short } };
      sandbox.pay(reference, { ...(card === undefined ? {} : { card }), ...capture });
    } else {
      sandbox.beginPayment(reference, channel);
      sandbox.completePayment(reference);
    }
    await verifyPayment(at(ctx, this.time), reference, 'redirect');
  }

  /** The morning so many days later, in minutes after the packers have begun. */
  morning(days = 1): number {
    return this.waitUntil(startOfMorning(this.time + days * DAY_MS) + this.random.integer(0, MORNING_MS));
  }

  evening(days = 0): number {
    return this.waitUntil(startOfMorning(this.time + days * DAY_MS) + EVENING_AFTER_MS + MINUTE_MS);
  }
}

const DAY_MS = 24 * 3600_000;
/** 9:00 in Lagos. */
const MORNING_AT_MS = 8 * 3600_000;
/** The staff's work of a morning. */
export const MORNING_MS = 25 * MINUTE_MS;
const EVENING_AFTER_MS = 11 * 3600_000;

export function startOfMorning(time: number): number {
  return Math.floor(time / DAY_MS) * DAY_MS + MORNING_AT_MS;
}
