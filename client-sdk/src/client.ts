/** The client: tRPC's own, over links made for this server. */
import {
  createTRPCClient,
  type getFetch,
  httpBatchLink,
  httpLink,
  splitLink,
  type TRPCClient,
  type TRPCLink,
} from '@trpc/client';
import { attemptsLink, isRepeatable } from './attempts-link.ts';
import { foreignAnswer } from './errors.ts';
import { pagesLink } from './pages-link.ts';
import type { AppRouter } from './router.ts';
import { withinSilence } from './silence.ts';
import { watchLink } from './watch-link.ts';

/** What authorizes the caller: a token as auth.login gave it, null for nobody, or a function that is asked before every request. */
export type Token = string | null | (() => string | null | Promise<string | null>);

export interface OrdersClientOptions {
  /** Where the shop is, without `/trpc`: `https://shop.example`, or an empty string for the page's own host. */
  url: string;
  /** Sent as a bearer header, never in a URL. Nobody when not given. */
  token?: Token;
  /** How long a call may take with all its repetitions, ms; a call's own `context: {timeoutMs}` goes first. 20 s. */
  timeoutMs?: number;
  /** How often a call that is safe to repeat is repeated; 0 leaves it to you, or to TanStack Query. 3. */
  maxRetries?: number;
  /** How long a reply may take to begin before a call that is safe to repeat is repeated, ms. 8 s. */
  silenceMs?: number;
  /** In place of the global fetch. */
  fetch?: typeof fetch;
}

/** tRPC's client: `client.orders.get.query(…)`, `.mutate(…)`, `.subscribe(…)`. */
export type OrdersClient = TRPCClient<AppRouter>;

const TIMEOUT_MS = 20_000;
const MAX_RETRIES = 3;
/** The server answers within 6 s, if only to say that it cannot. Longer silence is a connection that is dead. */
const SILENCE_MS = 8_000;
/** The server refuses longer batches. */
const MAX_BATCH_ITEMS = 10;
/** Half of what proxies commonly let through (8 KiB for the whole request line). */
const MAX_URL_LENGTH = 4_000;

/** A client for the shop at `url`. Opens nothing until it is used; make one and keep it. */
export function createOrdersClient(options: OrdersClientOptions): OrdersClient {
  const { timeoutMs = TIMEOUT_MS, maxRetries = MAX_RETRIES, token = null, silenceMs = SILENCE_MS } = options;
  const authorize = async (): Promise<Record<string, string>> => {
    const current = typeof token === 'function' ? await token() : token;
    return current === null ? {} : { authorization: `Bearer ${current}` };
  };
  const url = `${options.url.replace(/\/$/, '')}/trpc`;
  const send: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init));
  const patient = { url, fetch: sendingForTrpc(send) };
  const repeatable = { url, fetch: sendingForTrpc(withinSilence(send, silenceMs)) };
  const batch = { ...repeatable, maxItems: MAX_BATCH_ITEMS, maxURLLength: MAX_URL_LENGTH };
  // The catalogue is alike for everybody: asked for by itself and without a token, its replies can be kept by caches.
  const queries: TRPCLink<AppRouter> = splitLink({
    condition: ({ path }) => path.startsWith('catalog.'),
    true: httpBatchLink<AppRouter>(batch),
    false: httpBatchLink<AppRouter>({ ...batch, headers: authorize }),
  });
  // A change goes alone, so that none waits for, or fails with, another.
  const mutations: TRPCLink<AppRouter> = splitLink({
    condition: isRepeatable,
    true: httpLink<AppRouter>({ ...repeatable, headers: authorize }),
    false: httpLink<AppRouter>({ ...patient, headers: authorize }),
  });
  const calls = splitLink<AppRouter>({ condition: ({ type }) => type === 'query', true: queries, false: mutations });
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: watchLink({ url, send, authorize }),
        false: [pagesLink, attemptsLink({ timeoutMs, maxRetries }), calls],
      }),
    ],
  });
}

/** `send` as tRPC's links call it; a reply that is not the shop's is a failure. */
function sendingForTrpc(send: typeof fetch): ReturnType<typeof getFetch> {
  return async (input, init) => {
    // tRPC's request may hold `signal: undefined`, which fetch's own type does not allow.
    const response = await send(input, { ...init, signal: init?.signal ?? null });
    if (!response.headers.get('content-type')?.startsWith('application/json')) throw foreignAnswer(response);
    return response;
  };
}
