import { randomBytes } from 'node:crypto';
import type { SeedAccount } from '../seed/seed.ts';
import { type Client, createClient } from './client.ts';
import { followOrder, type OrderFollower } from './follow-order.ts';

const ADDRESS = {
  line1: '14 Adeniyi Jones Avenue',
  city: 'Ikeja',
  state: 'Lagos',
  country: 'NG',
  phone: '+234 803 555 0142',
};

/** Checkout's reply: the order and the address of its payment page. */
export type PaymentPage = Awaited<ReturnType<Client['orders']['initializePayment']['mutate']>>;

export interface CartEntry {
  variantId: string;
  quantity: number;
}

interface Session {
  token: string;
  name: string;
  email: string;
  client: Client;
}

export async function signIn(
  url: string,
  { email, password }: Pick<SeedAccount, 'email' | 'password'>,
): Promise<Session> {
  const { token, user } = await createClient(url).auth.login.mutate({ email, password });
  return { token, name: user.name, email: user.email, client: createClient(url, token) };
}

/** A customer with a session at the shop's API. */
export class Shopper {
  readonly #url: string;
  readonly #session: Session;

  constructor(url: string, session: Session) {
    this.#url = url;
    this.#session = session;
  }

  static async signIn(url: string, account: SeedAccount): Promise<Shopper> {
    return new Shopper(url, await signIn(url, account));
  }

  static async register(url: string, person: { name: string; email: string; password: string }): Promise<Shopper> {
    const { token, user } = await createClient(url).auth.register.mutate(person);
    return new Shopper(url, { token, name: user.name, email: user.email, client: createClient(url, token) });
  }

  get client(): Client {
    return this.#session.client;
  }

  get email(): string {
    return this.#session.email;
  }

  async fillCart(entries: readonly CartEntry[]) {
    for (const entry of entries) await this.client.cart.addItem.mutate(entry);
    return this.client.cart.get.query();
  }

  /** A new key starts a checkout; a key that was used before resumes its checkout. */
  async checkOut(checkoutKey = newCheckoutKey()): Promise<PaymentPage & { checkoutKey: string }> {
    const shippingAddress = { ...ADDRESS, name: this.#session.name };
    const page = await this.client.orders.initializePayment.mutate({ shippingAddress, checkoutKey });
    return { ...page, checkoutKey };
  }

  /** Subscribes to the order's changes; the caller closes the result. */
  follow(orderId: string): Promise<OrderFollower> {
    return followOrder(this.#url, this.#session.token, orderId);
  }
}

export function newCheckoutKey(): string {
  return randomBytes(16).toString('hex');
}
