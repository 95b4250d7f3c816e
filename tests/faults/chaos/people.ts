/** The shoppers and the staff of a chaos run: realistic, stubborn, and every call of theirs in the history. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';
import type { PaystackSandbox } from '../../../dev/paystack-sandbox/src/index.ts';
import type { AppRouter } from '../../../server/trpc/router.ts';
import { ADDRESS } from '../../support/orders.ts';
import type { History } from './history.ts';
import type { SeededRandom } from './random.ts';

export interface Stage {
  url: string;
  sandbox: PaystackSandbox;
  history: History;
  /** What there is to buy; the first few are what everybody wants. */
  variantIds: readonly string[];
  isOver(): boolean;
}

/** A person gives up on one call after this long. */
const CALL_MS = 6_000;
const TRIES = 8;
const HOT = 2;
/** What staff say when they refund; tells their refunds from those that a cancellation owes. */
export const REFUND_REASON = 'returned';

export type Client = TRPCClient<AppRouter>;

export function clientOf(url: string, token: string): Client {
  const headers = { authorization: `Bearer ${token}` };
  return createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${url}/trpc`,
        headers,
        fetch: (input, init) =>
          fetch(String(input), { ...(init as RequestInit), signal: AbortSignal.timeout(CALL_MS) }),
      }),
    ],
  });
}

/** Buys again and again until the run is over. */
export async function shop(stage: Stage, name: string, token: string, random: SeededRandom): Promise<void> {
  const client = clientOf(stage.url, token);
  while (!stage.isOver()) {
    await buyOnce(stage, name, client, random);
    await delay(random.integer(20, 200));
  }
}

async function buyOnce(stage: Stage, name: string, client: Client, random: SeededRandom): Promise<void> {
  const { history, sandbox } = stage;
  await history.record(name, 'clear', {}, () => client.cart.clear.mutate());
  for (const variantId of wanted(stage.variantIds, random)) {
    const input = { variantId, quantity: random.integer(1, 2) };
    await history.record(name, 'addItem', input, () => client.cart.addItem.mutate(input));
  }
  const checkoutKey = randomBytes(12).toString('hex');
  const order = await openPage(stage, name, client, checkoutKey);
  if (!order) return;
  const { orderId, txRef } = order;
  if (random.chance(0.06)) {
    if (random.chance(0.7)) await cancel(stage, name, client, orderId);
    return;
  }
  if (random.chance(0.1)) {
    await payAt(stage, name, txRef, 'declined');
    await comeBack(stage, name, txRef);
    const second = await openPage(stage, name, client, checkoutKey);
    // Two pages open, and both are paid: the charge that comes second is surplus.
    if (second && second.txRef !== txRef && random.chance(0.5)) await payAt(stage, name, second.txRef, 'success');
  }
  await payAt(stage, name, txRef, 'success');
  if (random.chance(0.05)) await cancel(stage, name, client, orderId);
  if (random.chance(0.6)) await comeBack(stage, name, txRef);
  if (random.chance(0.5)) await lookUntilSettled(stage, name, client, orderId);
  if (random.chance(0.02)) sandbox.openDispute(txRef);
}

function wanted(variantIds: readonly string[], random: SeededRandom): string[] {
  const hot = variantIds.slice(0, HOT);
  const first = random.chance(0.7) ? random.pick(hot) : random.pick(variantIds);
  return random.chance(0.4) ? [...new Set([first, random.pick(variantIds)])] : [first];
}

/** The same key until there is a page or a definite refusal. */
async function openPage({ history, isOver }: Stage, name: string, client: Client, checkoutKey: string) {
  const input = { shippingAddress: ADDRESS, checkoutKey };
  for (let attempt = 0; attempt < TRIES && !isOver(); attempt += 1) {
    const page = await history.record(name, 'initializePayment', { checkoutKey }, () =>
      client.orders.initializePayment.mutate(input),
    );
    if (page) return page;
    if (history.operations.findLast((operation) => operation.actor === name)?.outcome === 'fail') return null;
    await delay(200 * (attempt + 1));
  }
  return null;
}

async function payAt(
  { history, sandbox }: Stage,
  name: string,
  reference: string,
  card: 'success' | 'declined',
): Promise<void> {
  await history.record(name, 'pay', { reference, card }, async () => sandbox.pay(reference, { card }));
}

async function comeBack({ history, url }: Stage, name: string, reference: string): Promise<void> {
  await history.record(name, 'comeBack', { reference }, async () => {
    const signal = AbortSignal.timeout(CALL_MS);
    const reply = await fetch(`${url}/orders/verify-payment/${reference}`, {
      headers: { accept: 'application/json' },
      signal,
    });
    if (!reply.ok) throw new Error(`status ${reply.status}`);
    return reply.json();
  });
}

async function cancel({ history }: Stage, name: string, client: Client, id: string): Promise<void> {
  await history.record(name, 'cancel', { orderId: id }, async () => (await client.orders.cancel.mutate({ id })).status);
}

async function lookUntilSettled({ history, isOver }: Stage, name: string, client: Client, id: string): Promise<void> {
  for (let look = 0; look < 10 && !isOver(); look += 1) {
    const order = await history.record(name, 'see', { orderId: id }, async () => {
      const { status, version, total } = await client.orders.get.query({ id });
      return { status, version, total };
    });
    if (order && order.status !== 'pending') return;
    await delay(150);
  }
}

/** Ships, delivers, refunds, cancels, counts stock, changes prices; ends with the run. */
export async function work(stage: Stage, name: string, token: string, random: SeededRandom): Promise<void> {
  const { history, variantIds, isOver } = stage;
  const client = clientOf(stage.url, token);
  while (!isOver()) {
    const status = random.pick(['confirmed', 'confirmed', 'shipped', 'delivered'] as const);
    const page = await history.record(name, 'list', { status }, () => client.admin.orders.query({ status, limit: 10 }));
    const order = page && page.items.length > 0 ? random.pick(page.items) : null;
    if (order) await handle(stage, name, client, order.id, status, random);
    const variantId = random.pick(variantIds);
    if (random.chance(0.3)) {
      const input = { variantId, delta: random.integer(1, 8), reason: 'delivery' };
      await history.record(
        name,
        'adjustStock',
        input,
        async () => (await client.admin.adjustStock.mutate(input)).stock,
      );
    }
    if (random.chance(0.1)) {
      const price = random.integer(100, 900) * 1_000;
      await history.record(name, 'editVariant', { variantId, price }, async () => {
        await client.admin.editVariant.mutate({ variantId, price });
      });
    }
    await delay(random.integer(50, 200));
  }
}

async function handle(
  { history }: Stage,
  name: string,
  client: Client,
  id: string,
  status: 'confirmed' | 'shipped' | 'delivered',
  random: SeededRandom,
): Promise<void> {
  const statusOf = async (call: Promise<{ status: string }>) => (await call).status;
  const refund = (amount?: number) =>
    history.record(name, 'refund', { orderId: id, amount: amount ?? null }, () =>
      statusOf(client.admin.refund.mutate({ id, reason: REFUND_REASON, ...(amount === undefined ? {} : { amount }) })),
    );
  if (random.chance(0.2)) return void (await refund(random.chance(0.3) ? 10_000 : undefined));
  if (status === 'delivered') return;
  if (status === 'shipped')
    return void (await history.record(name, 'deliver', { orderId: id }, () =>
      statusOf(client.admin.deliver.mutate({ id })),
    ));
  if (random.chance(0.15)) {
    const restock = random.chance(0.7);
    return void (await history.record(name, 'staffCancel', { orderId: id, restock }, () =>
      statusOf(client.admin.cancel.mutate({ id, restock })),
    ));
  }
  const shipment = { id, carrier: 'GIG', trackingNumber: `T${random.integer(1, 1e9)}` };
  await history.record(name, 'ship', { orderId: id }, () => statusOf(client.admin.ship.mutate(shipment)));
}
