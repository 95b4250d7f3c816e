/** The shop's API as the people of a story call it: the typed client over HTTP, with their token. */
import { createTRPCClient, httpLink, type TRPCClient, TRPCClientError } from '@trpc/client';
import type { AppRouter } from '../../server/trpc/router.ts';

export type Client = TRPCClient<AppRouter>;

/** Without a token, anonymous. */
export function createClient(shopUrl: string, token?: string): Client {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${shopUrl}/trpc`, headers })] });
}

/** The API's own code of a refusal, like INSUFFICIENT_STOCK; null for any other error. */
export function refusalCode(error: unknown): string | null {
  const data: unknown = error instanceof TRPCClientError ? error.data : null;
  if (typeof data !== 'object' || data === null || !('code' in data)) return null;
  return typeof data.code === 'string' ? data.code : null;
}
