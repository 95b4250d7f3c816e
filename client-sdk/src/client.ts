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
import { unexpectedResponse } from './errors.ts';
import { pagesLink } from './pages-link.ts';
import { withResponseTimeout } from './response-timeout.ts';
import type { AppRouter } from './router.ts';
import { createSessionToken, type RenewedToken, type Token } from './session-token.ts';
import { subscriptionLink } from './subscription-link.ts';

export interface OrdersClientOptions {
  /** Base URL of the shop, without `/trpc`: `https://shop.example`, or an empty string for the page's own host. */
  url: string;
  /** Sent as a bearer header, never in a URL. Without it, calls are anonymous. */
  token?: Token;
  /**
   * Called with the new token when the server renews a session in use. The client itself goes on with it; store it, so that
   * the session survives the page. By `replaced` you see whether it belongs to the session that you store.
   */
  onRenewed?: (renewed: RenewedToken) => void;
  /** Limit of a call with all its retries, ms; `context: {timeoutMs}` of a call overrides it. Default 20 s. */
  timeoutMs?: number;
  /** Retries of a call that is safe to repeat; 0 leaves retrying to you, or to TanStack Query. Default 3. */
  maxRetries?: number;
  /** Time until a response must begin; after it, a call that is safe to repeat is retried, ms. Default 8 s. */
  silenceMs?: number;
  /** Replaces the global fetch. */
  fetch?: typeof fetch;
}

/** tRPC's client: `client.orders.get.query(…)`, `.mutate(…)`, `.subscribe(…)`. */
export type OrdersClient = TRPCClient<AppRouter>;

const TIMEOUT_MS = 20_000;
const MAX_RETRIES = 3;
/** The server responds within 6 s, with an error if need be. A longer silence means a dead connection. */
const SILENCE_MS = 8_000;
/** The server rejects longer batches. */
const MAX_BATCH_ITEMS = 10;
/** Half of the common limit of proxies (8 KiB for the whole request line). */
const MAX_URL_LENGTH = 4_000;

/** A client for the shop at `url`. It opens no connection until it is used; create one and keep it. */
export function createOrdersClient(options: OrdersClientOptions): OrdersClient {
  const { timeoutMs = TIMEOUT_MS, maxRetries = MAX_RETRIES, token = null, silenceMs = SILENCE_MS } = options;
  const session = createSessionToken(token, options.onRenewed);
  const authorize = async (): Promise<Record<string, string>> => {
    const current = await session.current();
    return current === null ? {} : { authorization: `Bearer ${current}` };
  };
  const url = `${options.url.replace(/\/$/, '')}/trpc`;
  const send = session.following(options.fetch ?? ((input, init) => fetch(input, init)));
  const unlimited = { url, fetch: sendingForTrpc(send) };
  const repeatable = { url, fetch: sendingForTrpc(withResponseTimeout(send, silenceMs)) };
  const batch = { ...repeatable, maxItems: MAX_BATCH_ITEMS, maxURLLength: MAX_URL_LENGTH };
  // The catalogue and the shop's name are the same for every caller: caches revalidate what holds nothing else. The token
  // makes the calls count by account. Nothing in them needs one, so they go without it if it cannot be had.
  const authorizeIfKnown = () => authorize().catch(() => ({}));
  const queries: TRPCLink<AppRouter> = splitLink({
    condition: ({ path }) => /^(catalog|shop)\./.test(path),
    true: httpBatchLink<AppRouter>({ ...batch, headers: authorizeIfKnown }),
    false: httpBatchLink<AppRouter>({ ...batch, headers: authorize }),
  });
  // Mutations are not batched, so that one neither delays another nor fails with it.
  const mutations: TRPCLink<AppRouter> = splitLink({
    condition: isRepeatable,
    true: httpLink<AppRouter>({ ...repeatable, headers: authorize }),
    false: httpLink<AppRouter>({ ...unlimited, headers: authorize }),
  });
  const calls = splitLink<AppRouter>({ condition: ({ type }) => type === 'query', true: queries, false: mutations });
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: subscriptionLink({ url, send, authorize }),
        false: [pagesLink, attemptsLink({ timeoutMs, maxRetries }), calls],
      }),
    ],
  });
}

/** `send` as tRPC's links call it. Throws for a response that is not JSON: it comes from a proxy, not from the shop. */
function sendingForTrpc(send: typeof fetch): ReturnType<typeof getFetch> {
  return async (input, init) => {
    // tRPC may pass `signal: undefined`, which the type of fetch does not allow.
    const response = await send(input, { ...init, signal: init?.signal ?? null });
    if (!response.headers.get('content-type')?.startsWith('application/json')) throw unexpectedResponse(response);
    return response;
  };
}
