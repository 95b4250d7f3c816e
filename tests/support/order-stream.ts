/** Reads subscriptions as server-sent events over fetch, without tRPC's client. */
import type { OrderView } from '../../models/contract/orders.ts';
import type { StaffChanges } from '../../models/contract/staff/staff-changes.ts';

export interface WatchEvent {
  /** `data` for an item; else tRPC's name: connected, ping, return, serialized-error. */
  event: string;
  data: unknown;
}

export interface ItemStream<T> {
  status: number;
  /** The next item. Rejects if the stream ends or sends an error first. */
  next(): Promise<T>;
  /** The events until the server ends the stream. */
  rest(): Promise<WatchEvent[]>;
  close(): void;
}

export type OrderStream = ItemStream<OrderView>;

/** Opens the stream of one order; `query` is appended to the URL. */
export function openOrderStream(
  { url }: { url: string },
  { token, id, query = '' }: { token?: string; id: string; query?: string },
): Promise<OrderStream> {
  return openStream(`${url}/trpc/orders.watch?input=${encodeURIComponent(JSON.stringify({ id }))}${query}`, token);
}

/** The staff's stream of what has changed. */
export function openStaffStream({ url }: { url: string }, token: string): Promise<ItemStream<StaffChanges>> {
  return openStream(`${url}/trpc/admin.watch`, token);
}

async function openStream<T>(address: string, token: string | undefined): Promise<ItemStream<T>> {
  const ended = new AbortController();
  const reply = await fetch(address, {
    headers: { accept: 'text/event-stream', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    signal: ended.signal,
  });
  const events = readEvents(reply);
  return {
    status: reply.status,
    async next() {
      for (;;) {
        const { value, done } = await events.next();
        if (done) throw new Error('the stream ended');
        if (value.event === 'data') return value.data as T;
        if (value.event === 'serialized-error') throw new Error(`the stream told ${JSON.stringify(value.data)}`);
      }
    },
    async rest() {
      const all: WatchEvent[] = [];
      for await (const event of events) all.push(event);
      return all;
    },
    close: () => ended.abort(),
  };
}

async function* readEvents(reply: Response): AsyncGenerator<WatchEvent, undefined> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of reply.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = /^event: (.*)$/m.exec(block)?.[1] ?? 'data';
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) yield { event, data: data === '' ? null : JSON.parse(data) };
    }
  }
  return undefined;
}
