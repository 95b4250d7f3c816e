/**
 * Follows one order over orders.watch as a client would: server-sent events with a bearer header. The order comes first
 * as it is, then after each change. Source: the HTML standard, server-sent events; tRPC's httpSubscription format.
 */
import type { OrderView } from '../../server/trpc/views/order-view.ts';
import { assert, StoryError } from './assert.ts';

export interface OrderFollower {
  /** The first state, of those to come and the last one seen, of which `wanted` is true. Rejects after the deadline. */
  until(wanted: (order: OrderView) => boolean, what: string): Promise<OrderView>;
  close(): void;
}

const PATIENCE_MS = 20_000;

/** Resolves once the order's present state has come. One reader at a time. */
export async function followOrder(shopUrl: string, token: string, orderId: string): Promise<OrderFollower> {
  const gone = new AbortController();
  const input = encodeURIComponent(JSON.stringify({ id: orderId }));
  const answer = await fetch(`${shopUrl}/trpc/orders.watch?input=${input}`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${token}` },
    signal: gone.signal,
  });
  assert(answer.ok && answer.body !== null, `orders.watch answered ${answer.status}`);
  const states = statesOf(answer.body);
  let latest = await nextOf(states);
  return {
    async until(wanted, what) {
      const impatience = setTimeout(() => gone.abort(new StoryError(missed(what, latest))), PATIENCE_MS);
      try {
        while (!wanted(latest)) latest = await nextOf(states);
        return latest;
      } finally {
        clearTimeout(impatience);
      }
    },
    close: () => gone.abort(),
  };
}

const missed = (what: string, { status, paymentStatus }: OrderView) =>
  `${what} did not come within ${PATIENCE_MS / 1000} s; the order is ${status}, ${paymentStatus}`;

async function nextOf(states: AsyncGenerator<OrderView>): Promise<OrderView> {
  const { value, done } = await states.next();
  if (done || value === undefined) throw new StoryError('orders.watch ended');
  return value;
}

async function* statesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<OrderView> {
  let rest = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trim();
      const data = field('data');
      // Unnamed events carry the order; named ones are the connection's own affair.
      if (data && field('event') === undefined) yield JSON.parse(data);
    }
  }
}
