/**
 * Shoppers who buy again and again while something happens to the shop: each call is counted, each promise that the shop made
 * is kept, to be held against the books afterwards.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { PaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';
import { ADDRESS } from './shopping.ts';

export interface LoadTarget {
  url: string;
  sandbox: Pick<PaystackSandbox, 'pay'>;
  tokens: readonly string[];
  variantIds: readonly string[];
  /** What a shopper does about a call that failed: counts it and goes on, or tries it again until it succeeds. */
  temper: 'counts' | 'persists';
  /** Called whenever a checkout has succeeded. */
  onCheckout?: () => void;
}

export interface LoadResult {
  calls: number;
  /** Calls that were not answered, or with an error other than that the cart is empty; what they were and what came. */
  failures: string[];
  /** Orders that the shop acknowledged, by id, and what was paid for at Paystack, by reference. */
  orders: string[];
  paid: string[];
  slowestMs: number;
}

const CALL_LIMIT_MS = 30_000;
const RETRY_PAUSE_MS = 100;

/** Lets every token's shopper shop until `isOver`; resolves once all have finished the purchase that they were at. */
export async function shopUntil(isOver: () => boolean, target: LoadTarget): Promise<LoadResult> {
  const result: LoadResult = { calls: 0, failures: [], orders: [], paid: [], slowestMs: 0 };
  const visit = async (token: string, shopper: number) => {
    for (let round = 0; !isOver(); round += 1) {
      const variantId = target.variantIds[(shopper + round) % target.variantIds.length] ?? '';
      await purchase(target, result, token, variantId);
      await delay(20);
    }
  };
  await Promise.all(target.tokens.map(visit));
  return result;
}

async function purchase(target: LoadTarget, result: LoadResult, token: string, variantId: string): Promise<void> {
  const shop = (path: string, body: object) => call(target, result, `/trpc/${path}`, { token, body });
  await shop('cart.addItem', { variantId, quantity: 1 });
  const checkoutKey = randomBytes(12).toString('hex');
  const reply = await shop('orders.initializePayment', { shippingAddress: ADDRESS, checkoutKey });
  const order = orderIn(reply);
  if (!order) return;
  result.orders.push(order.orderId);
  target.onCheckout?.();
  target.sandbox.pay(order.txRef);
  result.paid.push(order.txRef);
  // The browser comes back, whether or not the webhook came before it.
  await call(target, result, `/orders/verify-payment/${order.txRef}`, { token });
}

interface CallOptions {
  token: string;
  /** POSTs it; a GET without. */
  body?: object;
}

/** The reply's body; null when the call was refused, or failed and the shopper only counts. */
async function call(
  { url, temper }: LoadTarget,
  result: LoadResult,
  path: string,
  { token, body }: CallOptions,
): Promise<unknown> {
  for (;;) {
    const startedAt = performance.now();
    result.calls += 1;
    const outcome = await attempt(`${url}${path}`, token, body);
    result.slowestMs = Math.max(result.slowestMs, performance.now() - startedAt);
    if (outcome.ok) return outcome.body;
    if (outcome.refused) return null;
    result.failures.push(`${path}: ${outcome.problem}`);
    if (temper === 'counts') return null;
    await delay(RETRY_PAUSE_MS);
  }
}

type Outcome = { ok: true; body: unknown } | { ok: false; problem: string; refused?: boolean };

/** Settled late, an order takes out of the cart what its shopper has put in again meanwhile: an answer, and a right one. */
const EMPTIED = '"code":"CART_EMPTY"';

async function attempt(address: string, token: string, body: object | undefined): Promise<Outcome> {
  try {
    const reply = await fetch(address, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(CALL_LIMIT_MS),
    });
    const text = await reply.text();
    if (reply.status >= 400)
      return { ok: false, problem: `${reply.status} ${text.slice(0, 200)}`, refused: text.includes(EMPTIED) };
    return { ok: true, body: JSON.parse(text) };
  } catch (error) {
    const { cause } = error instanceof Error ? error : { cause: undefined };
    return { ok: false, problem: `${String(error)} ${cause instanceof Error ? cause.message : ''}` };
  }
}

function orderIn(reply: unknown): { orderId: string; txRef: string } | null {
  const data = field(field(reply, 'result'), 'data');
  const [orderId, txRef] = [field(data, 'orderId'), field(data, 'txRef')];
  return typeof orderId === 'string' && typeof txRef === 'string' ? { orderId, txRef } : null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;
}
