/** The shoppers and the staff of a chaos run. They retry failed calls, and the history records every call. */

import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';
import { newActionKey } from '../../../client-sdk/src/index.ts';
import type { SeededRandom } from '../../../dev/history/seeded-random.ts';
import type { PaystackSandbox } from '../../../dev/paystack-sandbox/src/index.ts';
import type { AppRouter } from '../../../server/trpc/router.ts';
import { ADDRESS } from '../../support/orders.ts';
import { dispute, payByTransfer } from './bank.ts';
import { answerDisputes } from './dispute-answers.ts';
import type { History } from './history.ts';
import { followParcel, refundLine, sendParcel } from './parcels.ts';

export interface RunContext {
  url: string;
  sandbox: PaystackSandbox;
  history: History;
  /** Most shoppers buy the first ones, so that stock runs short. */
  variantIds: readonly string[];
  isOver(): boolean;
}

/** The timeout of one call. */
const CALL_MS = 6_000;
const TRIES = 8;
const HOT = 2;
/** The reason that staff give; it distinguishes their refunds from those of a cancellation. */
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

export async function shop(context: RunContext, name: string, token: string, random: SeededRandom): Promise<void> {
  const client = clientOf(context.url, token);
  while (!context.isOver()) {
    await buyOnce(context, name, client, random);
    await delay(random.integer(20, 200));
  }
}

async function buyOnce(context: RunContext, name: string, client: Client, random: SeededRandom): Promise<void> {
  const { history, sandbox } = context;
  await history.record(name, 'clear', {}, () => client.cart.clear.mutate());
  for (const variantId of chooseVariants(context.variantIds, random)) {
    const input = { variantId, quantity: random.integer(1, 2) };
    await history.record(name, 'addItem', input, () => client.cart.addItem.mutate(input));
  }
  const checkoutKey = randomBytes(12).toString('hex');
  const order = await openPage(context, name, client, checkoutKey);
  if (!order) return;
  const { orderId, txRef } = order;
  if (random.chance(0.06)) {
    if (random.chance(0.7)) await cancel(context, name, client, orderId);
    return;
  }
  if (random.chance(0.1)) {
    await payAt(context, name, txRef, 'declined');
    await comeBack(context, name, txRef);
    const second = await openPage(context, name, client, checkoutKey);
    // Both open pages are paid: the second charge is a duplicate payment.
    if (second && second.txRef !== txRef && random.chance(0.5)) await payAt(context, name, second.txRef, 'success');
  }
  if (random.chance(0.15))
    await history.record(name, 'payByTransfer', { reference: txRef }, async () =>
      payByTransfer(sandbox, txRef, random),
    );
  else await payAt(context, name, txRef, 'success');
  if (random.chance(0.05)) await cancel(context, name, client, orderId);
  if (random.chance(0.6)) await comeBack(context, name, txRef);
  if (random.chance(0.5)) await readUntilSettled(context, name, client, orderId);
  if (random.chance(0.05)) dispute(sandbox, txRef, random);
}

function chooseVariants(variantIds: readonly string[], random: SeededRandom): string[] {
  const hot = variantIds.slice(0, HOT);
  const first = random.chance(0.7) ? random.pick(hot) : random.pick(variantIds);
  return random.chance(0.4) ? [...new Set([first, random.pick(variantIds)])] : [first];
}

/** Retries with the same key until there is a page or a definite refusal. */
async function openPage({ history, isOver }: RunContext, name: string, client: Client, checkoutKey: string) {
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
  { history, sandbox }: RunContext,
  name: string,
  reference: string,
  card: 'success' | 'declined',
): Promise<void> {
  await history.record(name, 'pay', { reference, card }, async () => sandbox.pay(reference, { card }));
}

async function comeBack({ history, url }: RunContext, name: string, reference: string): Promise<void> {
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

async function cancel({ history }: RunContext, name: string, client: Client, id: string): Promise<void> {
  await history.record(name, 'cancel', { orderId: id }, async () => (await client.orders.cancel.mutate({ id })).status);
}

async function readUntilSettled(
  { history, isOver }: RunContext,
  name: string,
  client: Client,
  id: string,
): Promise<void> {
  for (let attempt = 0; attempt < 10 && !isOver(); attempt += 1) {
    const order = await history.record(name, 'see', { orderId: id }, async () => {
      const { status, version, total } = await client.orders.get.query({ id });
      return { status, version, total };
    });
    if (order && order.status !== 'pending') return;
    await delay(150);
  }
}

export async function work(context: RunContext, name: string, token: string, random: SeededRandom): Promise<void> {
  const { history, variantIds, isOver } = context;
  const client = clientOf(context.url, token);
  while (!isOver()) {
    const status = random.pick(['confirmed', 'confirmed', 'shipped', 'delivered'] as const);
    const page = await history.record(name, 'list', { status }, () => client.admin.orders.query({ status, limit: 10 }));
    const order = page && page.items.length > 0 ? random.pick(page.items) : null;
    if (order) await handle(context, name, client, order.id, status, random);
    if (random.chance(0.2)) await answerDisputes(history, name, client, random);
    const variantId = random.pick(variantIds);
    if (random.chance(0.3)) {
      const input = { variantId, delta: random.integer(1, 8), reason: 'delivery', key: newActionKey() };
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
  { history }: RunContext,
  name: string,
  client: Client,
  id: string,
  status: 'confirmed' | 'shipped' | 'delivered',
  random: SeededRandom,
): Promise<void> {
  const statusOf = async (call: Promise<{ status: string }>) => (await call).status;
  const refund = (amount?: number) =>
    history.record(name, 'refund', { orderId: id, amount: amount ?? null }, () =>
      statusOf(
        client.admin.refund.mutate({
          key: newActionKey(),
          id,
          note: REFUND_REASON,
          ...(amount === undefined ? {} : { amount }),
        }),
      ),
    );
  if (random.chance(0.2)) return void (await refund(random.chance(0.3) ? 10_000 : undefined));
  const parcels = { history, name, client, id, random };
  if (random.chance(0.15)) return refundLine(parcels);
  if (status !== 'confirmed') return followParcel(parcels);
  if (random.chance(0.15)) {
    const restock = random.chance(0.7);
    return void (await history.record(name, 'staffCancel', { orderId: id, restock }, () =>
      statusOf(client.admin.cancel.mutate({ id, restockRest: restock })),
    ));
  }
  await sendParcel(parcels);
}
