/**
 * Shoppers who buy repeatedly during a fault. Each call is counted, and each acknowledgement is recorded for comparison
 * with the database.
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
  /** The reaction to a failed call: count it and continue, or retry until it succeeds. */
  onFailure: 'count' | 'retry';
  /** Runs after each successful checkout. */
  onCheckout?: () => void;
}

export interface LoadResult {
  calls: number;
  /** Calls without a response or with an error other than the empty cart, each with its error. */
  failures: string[];
  /** Acknowledged orders by id, and paid charges by reference. */
  orders: string[];
  paid: string[];
  slowestMs: number;
}

const CALL_LIMIT_MS = 30_000;
const RETRY_PAUSE_MS = 100;

/** The shopper of each token buys until `isOver`. Resolves once each has finished the current purchase. */
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
  // The browser returns, whether or not the webhook arrived before.
  await call(target, result, `/orders/verify-payment/${order.txRef}`, { token });
}

interface CallOptions {
  token: string;
  /** POSTs the body; without a body, GETs. */
  body?: object;
}

/** The reply's body; null if the call was refused, or if it failed and failures are only counted. */
async function call(
  { url, onFailure }: LoadTarget,
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
    if (onFailure === 'count') return null;
    await delay(RETRY_PAUSE_MS);
  }
}

type Outcome = { ok: true; body: unknown } | { ok: false; problem: string; refused?: boolean };

/**
 * An order that settles late removes from the cart items that its shopper has added again since. The empty cart is a
 * correct response.
 */
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
