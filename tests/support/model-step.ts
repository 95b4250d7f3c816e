/**
 * The parts of a step in the model-based test: the model's record, preconditions, and the mapping from generated
 * numbers to existing orders.
 */
import fc from 'fast-check';
import { type ModelShop, WorkerDied } from './model-shop.ts';
import { ADDRESS } from './shopping.ts';
import type { SignedIn } from './test-app.ts';

/** A parcel as the API acknowledged it last. */
export interface PlacedParcel {
  quantity: number;
  trackingNumber: string;
  isDelivered: boolean;
  isVoided: boolean;
}

export interface Placed {
  orderId: string;
  shopper: SignedIn;
  item: number;
  quantity: number;
  checkoutKey: string;
  /** The reference of each payment page that the shopper was shown. */
  references: string[];
  /** Whether the API acknowledged it. */
  cancelled: boolean;
  restocked: boolean;
  /** By their keys. */
  parcels: Map<string, PlacedParcel>;
}

export interface Model {
  orders: Placed[];
  /** The changes of stock by staff, per variant. */
  adjusted: number[];
  elapsedMs: number;
}

type Act = (model: Model, shop: ModelShop) => Promise<unknown>;

class Step implements fc.AsyncCommand<Model, ModelShop> {
  readonly #words: string;
  readonly #needsOrder: boolean;
  readonly #act: Act;

  constructor(words: string, needsOrder: boolean, act: Act) {
    this.#words = words;
    this.#needsOrder = needsOrder;
    this.#act = act;
  }

  check(model: Readonly<Model>): boolean {
    return !this.#needsOrder || model.orders.length > 0;
  }

  async run(model: Model, shop: ModelShop): Promise<void> {
    await this.#act(model, shop);
  }

  toString(): string {
    return this.#words;
  }
}

/** The call's result, or null if it was refused with a code. Other errors fail the test. */
export async function orRefused<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    const data = error instanceof Error && 'data' in error ? error.data : null;
    const code = typeof data === 'object' && data !== null && 'code' in data ? data.code : null;
    if (code === null || code === 'INTERNAL') throw error;
    return null;
  }
}

export async function orDied(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!(error instanceof WorkerDied)) throw error;
  });
}

export const pick = <T>(list: readonly T[], n: number): T => {
  const chosen = list[n % list.length];
  if (chosen === undefined) throw new Error('the precondition promised one');
  return chosen;
};
export const newestReference = ({ references }: Placed): string => references.at(-1) ?? '';

export function openPage({ shopper, checkoutKey }: Pick<Placed, 'shopper' | 'checkoutKey'>) {
  return orRefused(shopper.client.orders.initializePayment.mutate({ shippingAddress: ADDRESS, checkoutKey }));
}

export const which = fc.nat({ max: 50 });
const step = (needsOrder: boolean) => (words: string, act: Act) => new Step(words, needsOrder, act);
export const [anytime, withOrder] = [step(false), step(true)];
