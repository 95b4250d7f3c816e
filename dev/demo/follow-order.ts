/**
 * Follows one order over orders.watch with server-sent events and a bearer header, which a browser's EventSource cannot
 * send. Sources: the HTML standard, "Server-sent events"; tRPC's httpSubscription format.
 */
import type { OrderView } from '../../models/contract/orders.ts';
import { assert, ScenarioError } from './assert.ts';

export interface OrderFollower {
  /** The first state, from the latest one on, that `matches` accepts. Rejects after 20 s, naming `what`. */
  until(matches: (order: OrderView) => boolean, what: string): Promise<OrderView>;
  close(): void;
}

const UPDATE_TIMEOUT_MS = 20_000;

/** Resolves once the order's current state has arrived. Only one `until` may wait at a time. */
export async function followOrder(shopUrl: string, token: string, orderId: string): Promise<OrderFollower> {
  const closed = new AbortController();
  const input = encodeURIComponent(JSON.stringify({ id: orderId }));
  const reply = await fetch(`${shopUrl}/trpc/orders.watch?input=${input}`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${token}` },
    signal: closed.signal,
  });
  assert(reply.ok && reply.body !== null, `orders.watch answered ${reply.status}`);
  const states = statesOf(reply.body);
  let latest = await nextOf(states);
  return {
    async until(matches, what) {
      const timer = setTimeout(() => closed.abort(new ScenarioError(timeoutReason(what, latest))), UPDATE_TIMEOUT_MS);
      try {
        while (!matches(latest)) latest = await nextOf(states);
        return latest;
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => closed.abort(),
  };
}

const timeoutReason = (what: string, { status, paymentStatus }: OrderView) =>
  `${what} did not arrive within ${UPDATE_TIMEOUT_MS / 1000} s; the order is ${status}, ${paymentStatus}`;

async function nextOf(states: AsyncGenerator<OrderView>): Promise<OrderView> {
  const { value, done } = await states.next();
  if (done || value === undefined) throw new ScenarioError('orders.watch ended');
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
      // Events without a name carry the order; named ones belong to the connection.
      if (data && field('event') === undefined) yield JSON.parse(data);
    }
  }
}
